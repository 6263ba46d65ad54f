//! One that can be killed: a process of ours that is spawned again at once, or a server with its
//! script.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What a supervisor would wait before it starts a process again that ended by itself.
const RESPAWN: Duration = Duration::from_millis(200);

/// A server is left alone for so long after it came up: RabbitMQ takes seconds to start, and a house
/// without it most of the time would do little that can go wrong.
const MERCY: Duration = Duration::from_secs(4);

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Ingress,
    Conversations,
    Responder,
    Gateway,
    RabbitMq,
    Postgres,
}

impl Kind {
    pub const ALL: [Self; 6] = [
        Self::Ingress,
        Self::Conversations,
        Self::Responder,
        Self::Gateway,
        Self::RabbitMq,
        Self::Postgres,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Ingress => "ingress",
            Self::Conversations => "conversations",
            Self::Responder => "responder",
            Self::Gateway => "gateway",
            Self::RabbitMq => "RabbitMQ",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// One of the house.
#[derive(Clone)]
pub struct Member {
    pub kind: Kind,
    how: How,
    /// Being killed or coming up again.
    busy: Arc<AtomicBool>,
}

#[derive(Clone)]
enum How {
    Process(mpsc::Sender<oneshot::Sender<()>>),
    Server(PathBuf),
}

/// How to run a process of ours.
pub struct Program {
    pub kind: Kind,
    pub name: &'static str,
    pub binary: PathBuf,
    pub environment: Vec<(String, String)>,
    pub log: PathBuf,
}

/// Processes that ended without being killed.
pub type Died = Arc<Mutex<Vec<String>>>;

impl Member {
    /// A server, killed and started by a script of `deploy/with-services.sh`.
    pub fn server(kind: Kind, script: PathBuf) -> Self {
        Self { kind, how: How::Server(script), busy: Arc::default() }
    }

    /// A process, which runs from now on until `stop`.
    pub fn process(
        program: Program,
        died: Died,
        tasks: &TaskTracker,
        stop: CancellationToken,
    ) -> Self {
        let (kills, killed) = mpsc::channel(1);
        let kind = program.kind;
        tasks.spawn(supervise(program, killed, died, stop));
        Self { kind, how: How::Process(kills), busy: Arc::default() }
    }

    /// Whether it may be killed now.
    pub fn is_free(&self) -> bool {
        !self.busy.load(Ordering::SeqCst)
    }

    /// Kills it with SIGKILL; returns when it has been started again and may be killed once more.
    pub async fn kill(&self) -> anyhow::Result<()> {
        self.busy.store(true, Ordering::SeqCst);
        let killed = match &self.how {
            How::Process(kills) => {
                let (done, told) = oneshot::channel();
                kills.send(done).await.context("nobody supervises it")?;
                told.await.context("it was not killed")
            }
            How::Server(script) => restart(script).await,
        };
        self.busy.store(false, Ordering::SeqCst);
        killed
    }
}

async fn restart(script: &Path) -> anyhow::Result<()> {
    run(script, "kill9").await?;
    run(script, "start").await?;
    tokio::time::sleep(MERCY).await;
    Ok(())
}

async fn run(script: &Path, verb: &str) -> anyhow::Result<()> {
    let mut command = Command::new(script);
    let status = command.arg(verb).stdin(Stdio::null()).status().await?;
    ensure!(status.success(), "`{} {verb}` failed: {status}", script.display());
    Ok(())
}

async fn supervise(
    program: Program,
    mut kills: mpsc::Receiver<oneshot::Sender<()>>,
    died: Died,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        let mut child = match spawn(&program) {
            Ok(child) => child,
            Err(error) => {
                died.lock().await.push(format!("{} did not start: {error:#}", program.name));
                return;
            }
        };
        tokio::select! {
            () = stop.cancelled() => {
                let _ = child.kill().await;
            }
            Some(done) = kills.recv() => {
                let _ = child.kill().await;
                let _ = done.send(());
            }
            status = child.wait() => {
                died.lock().await.push(format!("{} {}", program.name, described(status.ok())));
                stop.run_until_cancelled(tokio::time::sleep(RESPAWN)).await;
            }
        }
    }
}

fn described(status: Option<ExitStatus>) -> String {
    status.map_or_else(|| "was lost".to_owned(), |status| format!("ended by itself: {status}"))
}

/// It dies with its handle: no panic and no Ctrl-C leaves it behind.
fn spawn(program: &Program) -> anyhow::Result<Child> {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(&program.log)?;
    Command::new(&program.binary)
        .env_clear()
        .envs(program.environment.iter().map(|(key, value)| (key, value)))
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{} cannot be run", program.binary.display()))
}
