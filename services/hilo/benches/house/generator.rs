//! A load generator that costs little, because it shares the machine with what it loads: prebuilt
//! bytes over connections that stay open, on a thread of its own.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use hdrhistogram::Histogram;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

/// Requests under way at once, where nothing else is said.
pub const CONNECTIONS: usize = 64;

/// What came of a load.
pub struct Load {
    /// Answered with 200.
    pub accepted: u64,
    /// Answered otherwise.
    pub refused: u64,
    took: Duration,
    latencies: Histogram<u64>,
}

impl Load {
    /// Accepted a second.
    pub fn rate(&self) -> f64 {
        self.accepted as f64 / self.took.as_secs_f64()
    }

    /// A latency in milliseconds, at a quantile.
    pub fn ms(&self, quantile: f64) -> f64 {
        self.latencies.value_at_quantile(quantile) as f64 / 1_000.0
    }
}

/// Sends them all, as fast as they are answered, or at `per_second`. Then a latency counts from when
/// its request was due, so that waiting behind a slow one is not forgiven.
pub async fn load(
    port: u16,
    requests: Vec<Vec<u8>>,
    per_second: Option<u32>,
) -> anyhow::Result<Load> {
    load_over(port, requests, CONNECTIONS, per_second).await
}

/// The same over so many connections.
pub async fn load_over(
    port: u16,
    requests: Vec<Vec<u8>>,
    connections: usize,
    per_second: Option<u32>,
) -> anyhow::Result<Load> {
    let (done, result) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let loaded = runtime.map_err(anyhow::Error::from).and_then(|runtime| {
            LocalSet::new().block_on(&runtime, all(port, requests, connections, per_second))
        });
        let _ = done.send(loaded);
    });
    result.await.context("the generator panicked")?
}

struct Shared {
    requests: Vec<Vec<u8>>,
    next: Cell<usize>,
    began: Instant,
    pause: Option<Duration>,
    load: RefCell<Load>,
}

async fn all(
    port: u16,
    requests: Vec<Vec<u8>>,
    connections: usize,
    per_second: Option<u32>,
) -> anyhow::Result<Load> {
    let mut streams = Vec::new();
    for _ in 0..connections {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let load = Load {
        accepted: 0,
        refused: 0,
        took: Duration::ZERO,
        latencies: Histogram::new_with_bounds(1, 60_000_000, 3)?,
    };
    let shared = Rc::new(Shared {
        requests,
        next: Cell::new(0),
        began: Instant::now(),
        pause: per_second.map(|rate| Duration::from_secs(1) / rate),
        load: RefCell::new(load),
    });
    let mut connections = tokio::task::JoinSet::new();
    for stream in streams {
        connections.spawn_local(one(stream, Rc::clone(&shared)));
    }
    while let Some(ended) = connections.join_next().await {
        ended??;
    }
    let shared = Rc::into_inner(shared).context("a connection is still open")?;
    let mut load = shared.load.into_inner();
    load.took = shared.began.elapsed();
    ensure!(load.accepted > 0, "nothing was accepted");
    Ok(load)
}

async fn one(mut stream: TcpStream, shared: Rc<Shared>) -> anyhow::Result<()> {
    let mut answer = Vec::with_capacity(1024);
    loop {
        let index = shared.next.replace(shared.next.get() + 1);
        let Some(request) = shared.requests.get(index) else { return Ok(()) };
        let due = match shared.pause {
            None => Instant::now(),
            Some(pause) => {
                let due = shared.began + pause * u32::try_from(index)?;
                tokio::time::sleep_until(due.into()).await;
                due
            }
        };
        stream.write_all(request).await?;
        let accepted = read(&mut stream, &mut answer).await?;
        let mut load = shared.load.borrow_mut();
        if accepted {
            load.accepted += 1;
            load.latencies.record(u64::try_from(due.elapsed().as_micros())?.max(1))?;
        } else {
            load.refused += 1;
        }
    }
}

/// Reads one answer; whether it was a 200.
async fn read(stream: &mut TcpStream, answer: &mut Vec<u8>) -> anyhow::Result<bool> {
    answer.clear();
    loop {
        ensure!(stream.read_buf(answer).await? > 0, "the server closed the connection");
        let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let (head, body) = answer.split_at(end + 4);
        let is_whole = match length(head)? {
            Some(length) => body.len() >= length,
            // Chunks: JSON has no bare line ends, so only the last chunk looks like this.
            None => body.ends_with(b"0\r\n\r\n"),
        };
        if is_whole {
            return Ok(head.starts_with(b"HTTP/1.1 200"));
        }
    }
}

fn length(head: &[u8]) -> anyhow::Result<Option<usize>> {
    let head = std::str::from_utf8(head)?;
    let lengths = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lengths.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    Ok(lengths.next().map(|(_, value)| value.trim().parse()).transpose()?)
}
