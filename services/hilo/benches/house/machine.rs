//! The machine: how busy others keep it, what a process of ours weighs, and who uses its cores.

use std::fs;
use std::process::Command;
use std::time::Duration;

use chassis::settings;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::report::short;

/// The kernel counts processor time in hundredths of a second.
const TICK: f64 = 0.01;

/// The load, so that a reader knows whether others were at work.
pub fn now() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{cores} cores, load {}", load.trim())
}

/// Who else is at work, found out while we do nothing.
pub async fn others() -> String {
    format!("others take {:.0} % of the machine; {}", taken().await, now())
}

async fn taken() -> f64 {
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

/// Processor time since some moment, of a service and of all that it leans on. Unlike a rate it
/// hardly depends on what else the machine does.
pub struct Cores {
    of: Vec<(&'static str, Vec<u32>, f64)>,
}

impl Cores {
    /// From now on.
    pub fn watch(service: u32) -> Self {
        let of = [
            ("the service", vec![service]),
            ("PostgreSQL", family(postmaster())),
            ("RabbitMQ", family(broker())),
            ("the generator", vec![std::process::id()]),
        ];
        Self { of: of.map(|(who, pids)| (who, pids.clone(), used(&pids))).to_vec() }
    }

    /// What each used for one of `count`.
    pub fn each(&self, count: u64) -> String {
        let mut all = 0.0;
        let mut words = Vec::new();
        for (who, pids, before) in &self.of {
            let micros = (used(pids) - before) * 1e6 / count as f64;
            all += micros;
            words.push(format!("{who} {micros:.0}"));
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let most = cores as f64 * 1e6 / all;
        format!("µs of a core each: {}; so at most {}/s here", words.join(", "), short(most))
    }
}

/// Lets this process, and those that it starts from now on, open as many files as they may.
pub fn open_many_files() -> anyhow::Result<()> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    if soft < hard {
        setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?;
    }
    Ok(())
}

/// Processor time that a process has used, in seconds.
pub fn seconds(pid: u32) -> f64 {
    used(&[pid])
}

fn family(parent: Option<u32>) -> Vec<u32> {
    parent.map(|parent| [vec![parent], children(parent)].concat()).unwrap_or_default()
}

fn postmaster() -> Option<u32> {
    let environment = settings::environment();
    let folder = environment.get("HILO_TEST_PG_DIR")?;
    let file = fs::read_to_string(format!("{folder}/postmaster.pid")).ok()?;
    file.lines().next()?.trim().parse().ok()
}

fn broker() -> Option<u32> {
    let environment = settings::environment();
    let script = environment.get("HILO_TEST_RABBITMQ_RESTART")?;
    let said = Command::new(script).arg("pid").output().ok()?;
    String::from_utf8(said.stdout).ok()?.trim().parse().ok()
}

/// Seconds of processor time.
fn used(pids: &[u32]) -> f64 {
    let of = |pid: &u32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let (_, after_name) = stat.rsplit_once(')')?;
        let ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        ticks.sum::<Result<f64, _>>().ok()
    };
    pids.iter().filter_map(of).sum::<f64>() * TICK
}
