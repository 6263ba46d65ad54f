//! The stack that Hilo replaces, from `peer/`: two uvicorn workers on a database of their own.

use std::path::Path;
use std::process::Command;

use secrecy::ExposeSecret;
use testkit::TestDb;

use crate::machine;
use crate::process::{Process, free_port};
use crate::webhooks::{AUTH_TOKEN, PUBLIC_BASE};

/// Where it takes webhooks.
pub const WEBHOOK: &str = "/webhook";

/// It, running.
pub struct Peer {
    process: Process,
    _db: TestDb,
}

impl Peer {
    /// Seeds and starts it.
    pub async fn start() -> anyhow::Result<Self> {
        let db = testkit::db::bare_database().await;
        let port = free_port()?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peer/run.sh");
        let mut command = Command::new(script);
        command.arg(port.to_string());
        command.env("PEER_DATABASE_URL", db.url.expose_secret());
        command.env("PEER_PUBLIC_BASE", PUBLIC_BASE).env("PEER_AUTH_TOKEN", AUTH_TOKEN);
        let process = Process::start(command, port, "/openapi.json").await?;
        Ok(Self { process, _db: db })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.process.port
    }

    /// What its largest worker weighs, in MB.
    pub fn resident(&self) -> f64 {
        let workers = machine::children(self.process.pid());
        workers.into_iter().filter_map(machine::resident).fold(f64::NAN, f64::max)
    }
}
