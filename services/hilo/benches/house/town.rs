//! The whole house with the world outside: every service in a process of its own, RabbitMQ between
//! them, and the simulator.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use domain::AccountId;
use hdrhistogram::Histogram;
use simulator::Simulator;
use testkit::world;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::house::House;
use crate::machine;
use crate::process::{Process, free_port};
use crate::webhooks::{ACCOUNT_SID, AUTH_TOKEN};

/// Every service; the gateway is one, because what nobody hears waits in the outbox for ever.
const SERVICES: [&str; 4] = ["conversations", "responder", "gateway", "ingress"];
const NUMBERS: usize = 16;
/// Texts a second while latencies are taken: the machine has time, and numbers have tokens.
pub const MODEST: u32 = 20;

/// The house, its services, and the world outside.
pub struct Town {
    /// Where its services live.
    pub house: House,
    /// Whose numbers they are.
    pub account: AccountId,
    /// What customers' phones have received, and whence they text.
    outside: Simulator,
    services: Vec<(&'static str, Process)>,
    numbers: Vec<String>,
    next: std::sync::atomic::AtomicU32,
    stop: CancellationToken,
}

impl Town {
    /// One account, sixteen ample numbers, and a rule that answers.
    pub async fn start() -> anyhow::Result<Self> {
        let mut house = House::new().await;
        let mut conn = house.db.conn().await;
        let account = world::account(&mut conn, "Muebles La Esperanza").await;
        let numbers = world::numbers(&mut conn, account, NUMBERS).await;
        let numbers = numbers.iter().map(|(_, number)| number.as_e164().to_owned()).collect();
        world::profile(&mut conn, account, "", 0).await;
        world::static_response(&mut conn, account, "hola", "Hola, gracias por escribir.").await;

        let port = free_port()?;
        let base = format!("http://127.0.0.1:{port}");
        let outside = Simulator::new(simulator::Config {
            account_sid: ACCOUNT_SID.to_owned(),
            auth_token: AUTH_TOKEN.to_owned(),
            webhook_base: Some(base.parse()?),
            segments_per_second: 0,
            carrier_delay: Duration::from_millis(50),
            ..simulator::Config::default()
        })?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        house.set("TWILIO_BASE_URL", format!("http://{}", listener.local_addr()?));
        house.set("INGRESS__PUBLIC_BASE", &base);
        house.set("CONVERSATIONS__PUBLIC_BASE", &base);
        let stop = CancellationToken::new();
        let (serving, stopped) = (outside.clone(), stop.clone());
        TaskTracker::new().spawn(async move { serving.serve(listener, stopped).await });

        let mut services = Vec::new();
        for service in SERVICES {
            let port = if service == "ingress" { port } else { free_port()? };
            if service == "gateway" {
                // As a browser here has it: writes of another origin are refused.
                house.set("GATEWAY__PUBLIC_BASE", format!("http://localhost:{port}"));
            }
            services.push((service, house.start_at(service, port).await?));
            house.leads_to(service, port);
        }
        let next = std::sync::atomic::AtomicU32::new(0);
        Ok(Self { house, account, outside, services, numbers, next, stop })
    }

    /// Somebody who never wrote before.
    fn stranger(&self) -> (String, String) {
        let n = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let to = self.numbers.iter().cycle().nth(n as usize % NUMBERS).cloned().unwrap_or_default();
        (world::customer(n).as_e164().to_owned(), to)
    }

    /// So many strangers text, `at_once` webhooks at a time; returns when all are answered.
    pub async fn pump(&self, count: u32, at_once: usize) -> anyhow::Result<()> {
        let before = self.outside.summary().messages;
        let (slots, mut texts) = (Arc::new(Semaphore::new(at_once)), JoinSet::new());
        for _ in 0..count {
            let permit = Arc::clone(&slots).acquire_owned().await?;
            let (outside, (from, to)) = (self.outside.clone(), self.stranger());
            texts.spawn(async move {
                let texted = outside.texts(&from, &to, "hola").await;
                drop(permit);
                texted.accepted
            });
        }
        let accepted = texts.join_all().await;
        anyhow::ensure!(accepted.iter().all(|accepted| *accepted), "a webhook was refused");
        self.answered(before + count as usize).await
    }

    async fn answered(&self, messages: usize) -> anyhow::Result<()> {
        let deadline = Instant::now() + Duration::from_secs(120);
        while self.outside.summary().messages < messages {
            anyhow::ensure!(Instant::now() < deadline, "some texts were never answered");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// From the moment a stranger's webhook leaves to the moment the answer's request is there, in
    /// microseconds; strangers come one by one at [`MODEST`], whatever becomes of those before.
    pub async fn latencies(&self, count: u32) -> anyhow::Result<Histogram<u64>> {
        let mut texts = JoinSet::new();
        let mut tick = tokio::time::interval(Duration::from_secs(1) / MODEST);
        let mut wrote = Vec::new();
        for _ in 0..count {
            tick.tick().await;
            let (outside, (from, to)) = (self.outside.clone(), self.stranger());
            wrote.push(from.clone());
            texts.spawn(async move { outside.texts(&from, &to, "hola").await });
        }
        texts.join_all().await;
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let ledger = self.outside.ledger();
            let sent: HashMap<&str, _> =
                ledger.messages.iter().map(|sent| (sent.to.as_str(), sent.created_at)).collect();
            let came: HashMap<&str, _> =
                ledger.inbound.iter().map(|text| (text.from.as_str(), text.received_at)).collect();
            let mut taken = Histogram::new_with_bounds(1, 120_000_000, 3)?;
            for from in &wrote {
                if let (Some(came), Some(sent)) = (came.get(from.as_str()), sent.get(from.as_str()))
                {
                    let micros = (*sent - *came).num_microseconds().unwrap_or(i64::MAX);
                    taken.record(u64::try_from(micros)?.max(1))?;
                }
            }
            if taken.len() == u64::from(count) {
                return Ok(taken);
            }
            anyhow::ensure!(Instant::now() < deadline, "some texts were never answered");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// What each service weighs, in MB.
    pub fn weights(&self) -> Vec<(&'static str, f64)> {
        let weight = |process: &Process| machine::resident(process.pid()).unwrap_or(f64::NAN);
        self.services.iter().map(|(name, process)| (*name, weight(process))).collect()
    }
}

impl Town {
    /// One of its processes.
    pub fn process(&self, name: &str) -> anyhow::Result<&Process> {
        let mut named = self.services.iter().filter(|(service, _)| *service == name);
        Ok(&named.next().context("no such service")?.1)
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
