//! The house as it is deployed: one ingress, two of each of the others, every one a process, beside a
//! broker and a database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use chassis::settings::{self, Environment};
use rand::Rng;
use rand::rngs::StdRng;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::member::{Died, Kind, Member, Program};

/// Before every name on the broker.
pub const PREFIX: &str = "torture.";

const RUNS: [(Kind, &str, &str); 7] = [
    (Kind::Ingress, "ingress", "ingress"),
    (Kind::Conversations, "conversations", "conversations-a"),
    (Kind::Conversations, "conversations", "conversations-b"),
    (Kind::Responder, "responder", "responder-a"),
    (Kind::Responder, "responder", "responder-b"),
    (Kind::Gateway, "gateway", "gateway-a"),
    (Kind::Gateway, "gateway", "gateway-b"),
];

/// What the processes are told.
pub struct Surroundings {
    pub database: SecretString,
    /// The simulator.
    pub outside: String,
    /// The port at which webhooks arrive, the same after every kill.
    pub ingress: u16,
}

/// All that can be killed.
pub struct House {
    members: Vec<Member>,
    ports: Vec<(&'static str, u16)>,
    died: Died,
    logs: tempfile::TempDir,
    stop: CancellationToken,
}

impl House {
    /// Starts the processes; the servers run already.
    pub fn build(
        surroundings: &Surroundings,
        dice: &mut StdRng,
        tasks: &TaskTracker,
        life: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let environment = settings::environment();
        let given = |name: &str| {
            let value = environment.get(name).cloned();
            value.with_context(|| format!("{name} is not set: run `make torture`"))
        };
        let logs = tempfile::Builder::new().prefix("hilo-torture.").tempdir()?;
        let (died, stop) = (Died::default(), life.child_token());
        let (mut members, mut ports) = (Vec::new(), Vec::new());
        let folder = binaries()?;
        for (kind, _, name) in RUNS {
            let mut port = surroundings.ingress;
            // Nobody listens yet: a port may be free and somebody else's all the same.
            while kind != Kind::Ingress && is_taken(&ports, surroundings, port) {
                port = free_port(dice)?;
            }
            ports.push((name, port));
        }
        for (kind, binary, name) in RUNS {
            let mut told =
                told(surroundings, at(&ports, name), &given("HILO_TEST_AMQP_URL")?, &environment);
            told.extend(way_to_services(&ports, name));
            let program = Program {
                kind,
                name,
                binary: folder.join(binary),
                environment: told,
                log: logs.path().join(format!("{name}.log")),
            };
            ensure!(program.binary.is_file(), "{} is not built", program.binary.display());
            members.push(Member::process(program, died.clone(), tasks, stop.clone()));
        }
        members.push(Member::server(Kind::RabbitMq, given("HILO_TEST_RABBITMQ_RESTART")?.into()));
        members.push(Member::server(Kind::Postgres, given("HILO_TEST_PG_RESTART")?.into()));
        Ok(Self { members, ports, died, logs, stop })
    }

    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Where people and programs come in.
    pub fn gateways(&self) -> Vec<u16> {
        let gateways = self.ports.iter().filter(|(name, _)| name.starts_with("gateway"));
        gateways.map(|(_, port)| *port).collect()
    }

    /// Where the processes' logs are while this lives.
    pub fn logs(&self) -> &Path {
        self.logs.path()
    }

    /// Waits until every process says that it is ready.
    pub async fn until_ready(&self, deadline: Duration) -> anyhow::Result<()> {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(5)).build()?;
        let begun = Instant::now();
        for (name, port) in &self.ports {
            let url = format!("http://127.0.0.1:{port}/readyz");
            while !client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                ensure!(begun.elapsed() < deadline, "{name} is not ready after {deadline:?}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Ok(())
    }

    /// Who ended without being killed, and how.
    pub fn died(&self) -> Vec<String> {
        self.died.try_lock().map(|died| died.clone()).unwrap_or_default()
    }

    /// Ends the processes; their logs stay if they are to be read.
    pub fn end(self, keep_logs: bool) {
        self.stop.cancel();
        if keep_logs {
            let kept = self.logs.keep();
            crate::report::say(&format!("torture: the logs stay in {}", kept.display()));
        }
    }
}

fn at(ports: &[(&'static str, u16)], name: &str) -> u16 {
    ports.iter().find(|(of, _)| *of == name).map_or(0, |(_, port)| *port)
}

fn is_taken(ports: &[(&'static str, u16)], surroundings: &Surroundings, port: u16) -> bool {
    port == surroundings.ingress || ports.iter().any(|(_, taken)| *taken == port)
}

/// A gateway forwards to the services of its own letter.
fn way_to_services(ports: &[(&'static str, u16)], name: &str) -> Vec<(String, String)> {
    let Some(letter) = name.strip_prefix("gateway") else { return Vec::new() };
    let way = |service: &str| {
        let port = at(ports, &format!("{service}{letter}"));
        let setting = format!("GATEWAY__{}_URL", service.to_uppercase());
        (setting, format!("http://127.0.0.1:{port}"))
    };
    vec![way("conversations"), way("responder")]
}

/// Settings that are short but safe: a lease is longer than a send and its record take.
fn told(
    surroundings: &Surroundings,
    port: u16,
    amqp: &str,
    ours: &Environment,
) -> Vec<(String, String)> {
    let world = simulator::Config::default();
    let base = format!("http://127.0.0.1:{}", surroundings.ingress);
    let log = ours.get("HILO_LOG").map_or("info", String::as_str);
    let pairs = [
        ("DATABASE_URL", surroundings.database.expose_secret()),
        ("AMQP_URL", amqp),
        ("HILO_BUS_PREFIX", PREFIX),
        ("HILO_LISTEN", &format!("127.0.0.1:{port}")),
        ("HILO_LOG", log),
        ("HILO_IDENTITY_KEY", testkit::IDENTITY_KEY),
        ("TWILIO_ACCOUNT_SID", &world.account_sid),
        ("TWILIO_AUTH_TOKEN", &world.auth_token),
        ("TWILIO_BASE_URL", &surroundings.outside),
        ("ANTHROPIC_API_KEY", &world.claude_key),
        ("ANTHROPIC_BASE_URL", &surroundings.outside),
        ("INGRESS__PUBLIC_BASE", &base),
        ("INGRESS__RECONCILE_EVERY", "5s"),
        ("CONVERSATIONS__PUBLIC_BASE", &base),
        ("GATEWAY__PUBLIC_BASE", &base),
        ("CONVERSATIONS__SEND_TIMEOUT", "2s"),
        ("CONVERSATIONS__LEASE", "6s"),
        ("CONVERSATIONS__LOOK_AFTER", "2s"),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// `target/<profile>/`, from `target/<profile>/examples/torture`.
fn binaries() -> anyhow::Result<PathBuf> {
    let ours = std::env::current_exe()?;
    let folder = ours.ancestors().nth(2).context("an example lives two folders deep")?;
    Ok(folder.to_owned())
}

/// Below the ports that the kernel gives to outgoing connections: nobody takes it while the
/// process that listens there is dead.
pub fn free_port(dice: &mut StdRng) -> anyhow::Result<u16> {
    for _ in 0..100 {
        let port = dice.random_range(12_000..19_000);
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    anyhow::bail!("no free port")
}
