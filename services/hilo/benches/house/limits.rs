//! What this machine can do at all: PostgreSQL's own benchmark, one commit, one confirmed publish.

use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, ensure};
use bus::rabbit::{RabbitBus, Settings};
use bus::{Bus, Envelope, Queue};
use chassis::settings;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use domain::store::stmt::stmt;
use domain::{Clock, EventId, SystemClock};
use futures_util::StreamExt;
use secrecy::ExposeSecret;
use testkit::{Rabbit, TestDb};
use tokio::process::Command;

/// A row of about 210 bytes, as in the prototype that the targets come from.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS limit_row (id uuid PRIMARY KEY, kind text NOT NULL, \
     payload text NOT NULL, at timestamptz NOT NULL DEFAULT now())";
const ONE: &str = "INSERT INTO limit_row (id, kind, payload) VALUES (gen_random_uuid(), 'sms', repeat('x', 210));";
/// Rows of one grouped insert: as many as callers wait while the last commit runs.
pub const GROUP: u32 = 64;

const PATHS: &str = "/usr/lib/postgresql";

/// Commits of one row a second, by pgbench with 32 clients.
pub async fn single_commits(db: &TestDb, seconds: u32) -> anyhow::Result<f64> {
    pgbench(db, ONE, 32, seconds).await
}

/// Rows a second in inserts of [`GROUP`] rows, by pgbench with two clients: as many as ingress has
/// writers.
pub async fn grouped_rows(db: &TestDb, seconds: u32) -> anyhow::Result<f64> {
    let grouped = format!(
        "INSERT INTO limit_row (id, kind, payload) \
         SELECT gen_random_uuid(), 'sms', repeat('x', 210) FROM generate_series(1, {GROUP});"
    );
    Ok(pgbench(db, &grouped, 2, seconds).await? * f64::from(GROUP))
}

async fn pgbench(db: &TestDb, script: &str, clients: u32, seconds: u32) -> anyhow::Result<f64> {
    db.conn().await.batch_execute(TABLE).await?;
    checkpoint(db).await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("insert.sql");
    std::fs::write(&file, script)?;
    let (clients, seconds) = (clients.to_string(), seconds.to_string());
    let output = Command::new(binary()?)
        .args(["-n", "-M", "prepared", "-j", "2", "-c", &clients, "-T", &seconds, "-f"])
        .arg(&file)
        .arg(db.url.expose_secret())
        .stdin(Stdio::null())
        .output()
        .await?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "pgbench: {}", String::from_utf8_lossy(&output.stderr));
    let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")).context("no tps")?;
    Ok(tps.split_whitespace().next().context("no tps")?.parse()?)
}

/// pgbench, from the PATH or from where Debian keeps it.
fn binary() -> anyhow::Result<std::path::PathBuf> {
    let environment = settings::environment();
    let path = environment.get("PATH").cloned().unwrap_or_default();
    let on_path = std::env::split_paths(&path).collect::<Vec<_>>().into_iter();
    let versions = std::fs::read_dir(PATHS).into_iter().flatten().flatten();
    let debians = versions.map(|version| version.path().join("bin"));
    let mut found = on_path.chain(debians).map(|folder| folder.join("pgbench"));
    found.find(|file| file.exists()).context("there is no pgbench")
}

/// So that what was written before is not paid for in what is measured next.
pub async fn checkpoint(db: &TestDb) -> anyhow::Result<()> {
    Ok(db.conn().await.batch_execute("CHECKPOINT").await?)
}

/// The median time of one commit of one row, one after the other, in milliseconds.
pub async fn commit_ms(db: &TestDb, times: u32) -> anyhow::Result<f64> {
    let mut conn = db.conn().await;
    conn.batch_execute(TABLE).await?;
    let mut took = Vec::new();
    for _ in 0..times {
        let began = Instant::now();
        stmt(ONE).execute(&mut conn).await?;
        took.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(crate::report::median(took).0)
}

/// The median time of one publish to a quorum queue with its confirm, in milliseconds.
pub async fn publish_ms(rabbit: &Rabbit, times: u32) -> anyhow::Result<f64> {
    const QUEUE: Queue = Queue { name: "limit.publish", event_type: None, prefetch: 50 };
    let bus = RabbitBus::new(Settings {
        prefix: rabbit.prefix.clone(),
        ..Settings::new(rabbit.url.clone(), "limits")
    });
    bus.declare(&[QUEUE]).await?;
    let mut took = Vec::new();
    for _ in 0..times {
        let envelope = Envelope {
            id: EventId::generate(),
            event_type: "limit.publish".to_owned(),
            account: None,
            occurred_at: SystemClock.now(),
            traceparent: None,
            body: vec![b'x'; 256],
        };
        let began = Instant::now();
        bus.put(&QUEUE, &envelope).await?;
        took.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(crate::report::median(took).0)
}

/// The median time from a NOTIFY to its arrival on another connection, in milliseconds: the least
/// that PostgreSQL needs to tell somebody.
pub async fn notify_ms(db: &TestDb, times: u32) -> anyhow::Result<f64> {
    let (mut says, mut hears) = (db.conn().await, db.conn().await);
    hears.batch_execute("LISTEN limit_told").await?;
    let mut told = std::pin::pin!(hears.notifications_stream());
    let mut took = Vec::new();
    for _ in 0..times {
        let began = Instant::now();
        says.batch_execute("NOTIFY limit_told").await?;
        told.next().await.context("nobody listens")??;
        took.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(crate::report::median(took).0)
}

/// Declares a queue of the house that nobody consumes in this part, so that the relay has where to
/// publish to.
pub async fn declare(rabbit: &Rabbit, queue: Queue) -> anyhow::Result<()> {
    let bus = RabbitBus::new(Settings {
        prefix: rabbit.prefix.clone(),
        ..Settings::new(rabbit.url.clone(), "benchmark")
    });
    Ok(bus.declare(&[queue]).await?)
}
