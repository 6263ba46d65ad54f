//! Two thousand open screens at one gateway: what each costs, and how soon all of them are told.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use futures_util::StreamExt;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::person::{Person, granted};
use crate::report::{Figure, Report, median, short};
use crate::town::Town;
use crate::{Scale, limits, machine, screens};

const LISTENERS: u32 = 2_000;
/// Opened at once.
const WAVE: u32 = 50;
const EVENTS: usize = 7;
const PATIENCE: Duration = Duration::from_secs(30);
const IDLE: Duration = Duration::from_secs(10);

pub async fn measure(
    town: &Town,
    person: &Person,
    conversations: &[Uuid],
    scale: Scale,
    report: &mut Report,
) -> anyhow::Result<()> {
    let (count, gateway) = (scale.of(LISTENERS), town.process("gateway")?);
    let before = machine::resident(gateway.pid()).context("no gateway")?;
    let crowd = Listeners::open(person, gateway.port, count).await?;
    let mut took = Vec::new();
    for turn in 0..EVENTS {
        let id = conversations.get(turn).context("no conversation")?;
        took.push(crowd.tell(person, gateway.port, *id).await?);
    }
    let after = machine::resident(gateway.pid()).context("no gateway")?;
    let each = (after - before) * 1_024.0 / f64::from(count);
    report.add(
        Figure::new("d", format!("memory of a listener, of {count}"), each, "kB").note(format!(
            "the gateway grew from {} to {} MB",
            short(before),
            short(after)
        )),
    );
    let notice = limits::notify_ms(&town.house.db, 200).await?;
    let (all, spread) = median(took);
    report.add(
        Figure::new("d", format!("from a request to the last of {count} screens"), all, "ms")
            .against("ms, NOTIFY to one listener", notice)
            .note(format!("{spread}; they are read by this very machine")),
    );
    let used = machine::seconds(gateway.pid());
    tokio::time::sleep(IDLE).await;
    let idle = (machine::seconds(gateway.pid()) - used) / IDLE.as_secs_f64() * 100.0;
    report.add(
        Figure::new("d", format!("the gateway idle with {count} listeners"), idle, "% of a core")
            .note(format!("over {} s", IDLE.as_secs())),
    );
    Ok(())
}

/// Many open screens, each a connection.
struct Listeners {
    count: u32,
    heard: watch::Receiver<u32>,
    _open: JoinSet<anyhow::Result<()>>,
}

impl Listeners {
    async fn open(person: &Person, gateway: u16, count: u32) -> anyhow::Result<Self> {
        let (client, mut open) = (person.client()?, JoinSet::new());
        let (hears, heard) = watch::channel(0);
        let hears = Arc::new(hears);
        for _ in 0..count.div_ceil(WAVE) {
            let mut wave = JoinSet::new();
            for _ in 0..WAVE {
                let client = client.clone();
                wave.spawn(async move { screens::open(&client, gateway).await });
            }
            for screen in wave.join_all().await {
                let (mut screen, hears) = (screen?, Arc::clone(&hears));
                open.spawn(async move {
                    while let Some(frame) = screen.next().await {
                        if frame?.event == "conversation_changed" {
                            hears.send_modify(|heard| *heard += 1);
                        }
                    }
                    anyhow::bail!("the stream ended")
                });
            }
        }
        Ok(Self { count, heard, _open: open })
    }

    /// Something changes; how long, in milliseconds, until all have heard of it.
    async fn tell(&self, person: &Person, gateway: u16, id: Uuid) -> anyhow::Result<f64> {
        let (mut heard, client) = (self.heard.clone(), person.client()?);
        let all = *heard.borrow() + self.count;
        let url = format!("http://127.0.0.1:{gateway}/api/conversations/{id}/notes");
        let note = json!({ "body": "Prefiere que le hablen por la tarde." });
        let began = Instant::now();
        granted(client.post(url).json(&note).send().await?).await?;
        let told = heard.wait_for(|heard| *heard >= all);
        tokio::time::timeout(PATIENCE, told).await.context("some screens were never told")??;
        Ok(began.elapsed().as_secs_f64() * 1_000.0)
    }
}
