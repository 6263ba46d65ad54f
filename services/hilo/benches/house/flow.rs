//! (b) From the webhook to the send request at Twilio, through every service, RabbitMQ and back;
//! a rule answers, so no model's time is in it.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use simulator::Simulator;
use testkit::world;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::house::House;
use crate::process::{Process, free_port};
use crate::report::{Figure, Report, Target, short};
use crate::webhooks::{ACCOUNT_SID, AUTH_TOKEN};
use crate::{Scale, backlog, limits, machine, receipts};

/// Of every service that a text passes.
const SERVICES: [&str; 3] = ["conversations", "responder", "ingress"];
const NUMBERS: usize = 16;
/// Texts a second while latencies are taken: the machine has time, and numbers have tokens.
const MODEST: u32 = 20;
/// Commits and confirmed publishes that a text waits for on its way: the receipt, the message, the
/// draft, the queued answer, the claim; and the three events between them.
const COMMITS: f64 = 5.0;
const PUBLISHES: f64 = 3.0;

pub async fn measure(scale: Scale, report: &mut Report) -> anyhow::Result<()> {
    let town = Town::start().await?;
    let limit = COMMITS * limits::commit_ms(&town.house.db, 500).await?
        + PUBLISHES * limits::publish_ms(&town.house.rabbit, 500).await?;
    // Until every connection has its plans.
    town.pump(scale.of(2_000), 64).await?;

    let count = scale.of(4_000);
    let began = Instant::now();
    town.pump(count, 64).await?;
    let rate = f64::from(count) / began.elapsed().as_secs_f64();
    report.add(
        Figure::new("b", "texts answered/s, the whole flow", rate, "/s")
            .against("texts/s, one after the other at the speed of the hops", 1_000.0 / limit)
            .note(format!(
                "{count} customers, 64 webhooks at once; each text is 6 events and 4 webhooks"
            )),
    );

    let taken = scale.of(500);
    backlog::pace(&town.house.db, 10.0).await?;
    let alone = town.latencies(taken).await?;
    let hops = format!("ms, {COMMITS} commits and {PUBLISHES} publishes");
    report.add(
        Figure::new("b", "webhook to send request, median", ms(&alone, 0.5), "ms")
            .against(&hops, limit)
            .target(Target::AtMost(20.0))
            .note(percentiles(&alone)),
    );
    backlog::queue(&town.house.db, 100_000).await?;
    for per_second in [1.0, 10.0] {
        backlog::pace(&town.house.db, per_second).await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let behind = town.latencies(taken).await?;
        report.add(
            Figure::new(
                "b",
                format!("the same, 100,000 bulk texts waiting, {per_second} segments/s a number"),
                ms(&behind, 0.5),
                "ms",
            )
            .against("ms, alone", ms(&alone, 0.5))
            .target(Target::RatioAtMost(1.5))
            .note(format!(
                "{}; {} bulk texts still waited",
                percentiles(&behind),
                backlog::waiting(&town.house.db).await
            )),
        );
    }
    let services = town.weights();
    drop(town);
    let (_, python) = receipts::python(&mut receipts::Sids(0), Scale { quick: true }).await?;
    for (service, weight) in services {
        report.add(
            Figure::new("b", format!("memory of {service}"), weight, "MB")
                .against("MB, a Python worker", python),
        );
    }
    Ok(())
}

fn ms(taken: &Histogram<u64>, quantile: f64) -> f64 {
    taken.value_at_quantile(quantile) as f64 / 1_000.0
}

fn percentiles(taken: &Histogram<u64>) -> String {
    let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|quantile| short(ms(taken, quantile)));
    format!("p50 {p50}, p95 {p95}, p99 {p99} ms of {} texts at {MODEST}/s", taken.len())
}

/// The house, its services, and the world outside.
struct Town {
    house: House,
    services: Vec<(&'static str, Process)>,
    outside: Simulator,
    numbers: Vec<String>,
    next: std::sync::atomic::AtomicU32,
    stop: CancellationToken,
}

impl Town {
    async fn start() -> anyhow::Result<Self> {
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
            services.push((service, house.start_at(service, port).await?));
        }
        let next = std::sync::atomic::AtomicU32::new(0);
        Ok(Self { house, services, outside, numbers, next, stop })
    }

    /// Somebody who never wrote before.
    fn stranger(&self) -> (String, String) {
        let n = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let to = self.numbers.iter().cycle().nth(n as usize % NUMBERS).cloned().unwrap_or_default();
        (world::customer(n).as_e164().to_owned(), to)
    }

    /// So many strangers text, `at_once` webhooks at a time; returns when all are answered.
    async fn pump(&self, count: u32, at_once: usize) -> anyhow::Result<()> {
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
    async fn latencies(&self, count: u32) -> anyhow::Result<Histogram<u64>> {
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

    fn weights(&self) -> Vec<(&'static str, f64)> {
        let weight = |process: &Process| machine::resident(process.pid()).unwrap_or(f64::NAN);
        self.services.iter().map(|(name, process)| (*name, weight(process))).collect()
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
