//! Processes beside this one: services of the house and the peer, each gone when its owner is.

use std::net::TcpListener;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use chassis::settings::Environment;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// The word with which this binary becomes a service.
pub const SERVE: &str = "--serve";

/// How long one may take to get ready; the peer first makes its virtual environment.
const PATIENCE: Duration = Duration::from_secs(300);

/// What this binary is when it was started as a service.
pub fn serve(name: &str) -> ExitCode {
    match name {
        "ingress" => chassis::run("ingress", ingress::service),
        "conversations" => chassis::run("conversations", conversations::service),
        "responder" => chassis::run("responder", responder::service),
        "gateway" => chassis::run("gateway", gateway::service),
        _ => ExitCode::FAILURE,
    }
}

/// A process that answers HTTP.
pub struct Process {
    child: Child,
    /// Where it listens on loopback.
    pub port: u16,
}

impl Process {
    /// A service of the house, with these settings and no others.
    pub async fn service(name: &str, port: u16, environment: &Environment) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args([SERVE, name]).env_clear().envs(environment);
        command.env("HILO_LISTEN", format!("127.0.0.1:{port}"));
        Self::start(command, port, "/readyz").await.with_context(|| format!("{name} did not start"))
    }

    /// Any command that will listen on `port`; ready when `path` is answered.
    pub async fn start(mut command: Command, port: u16, path: &str) -> anyhow::Result<Self> {
        let child = command.stdin(Stdio::null()).spawn()?;
        let mut process = Self { child, port };
        let client = reqwest::Client::builder().timeout(Duration::from_secs(2)).build()?;
        let url = format!("http://127.0.0.1:{port}{path}");
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            if client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(process);
            }
            if process.child.try_wait()?.is_some() || tokio::time::Instant::now() > deadline {
                bail!("it was never ready");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    /// By SIGTERM, on which the peer takes its workers along.
    fn drop(&mut self) {
        if let Ok(pid) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        }
        for _ in 0..100 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody listens on now.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
