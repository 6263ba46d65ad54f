//! The machine: how busy others keep it, and what a process of ours weighs.

use std::fs;
use std::time::Duration;

/// The load, so that a reader knows whether others were at work.
pub fn now() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{cores} cores, load {}", load.trim())
}

/// How much of the machine is taken while we do nothing, in percent.
pub async fn taken_by_others() -> f64 {
    let before = jiffies();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = jiffies();
    let (idle, all) = (after.0 - before.0, after.1 - before.1);
    if all > 0.0 { 100.0 * (1.0 - idle / all) } else { 0.0 }
}

/// Idle, and all.
fn jiffies() -> (f64, f64) {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let line = stat.lines().next().unwrap_or_default();
    let times: Vec<f64> = line.split_whitespace().skip(1).filter_map(|n| n.parse().ok()).collect();
    (times.iter().skip(3).take(2).sum(), times.iter().take(8).sum())
}

/// The resident memory of a process, in MB.
pub fn resident(pid: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kb: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kb / 1024.0)
}

/// The processes that a process started.
pub fn children(parent: u32) -> Vec<u32> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| parent_of(*pid) == Some(parent)).collect()
}

fn parent_of(pid: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
}
