//! From a person's text, through the API, to the screens of their colleagues.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures_util::StreamExt;
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::frames::{Frame, Frames};
use crate::person::{Person, granted};
use crate::report::{Figure, Report, Target, ms, percentiles};
use crate::town::Town;
use crate::{Scale, limits};

const COUNT: u32 = 300;
const PER_SECOND: u32 = 10;
const PATIENCE: Duration = Duration::from_secs(30);
/// What the event waits for: the text's commit, the publish with its confirm, the commit of what
/// screens are told, and the notice of it.
const COMMITS: f64 = 2.0;

pub async fn measure(
    town: &Town,
    person: &Person,
    conversations: &[Uuid],
    scale: Scale,
    report: &mut Report,
) -> anyhow::Result<()> {
    let notice = limits::notify_ms(&town.house.db, 500).await?;
    let hops = COMMITS * limits::commit_ms(&town.house.db, 500).await?
        + limits::publish_ms(&town.house.rabbit, 500).await?
        + notice;
    text(town, person, conversations, scale.of(50)).await?;
    let (told, answered) = text(town, person, conversations, scale.of(COUNT)).await?;
    let what = "a person's text, from the request to a colleague's screen, median";
    report.add(
        Figure::new("d", what, ms(&told, 0.5), "ms")
            .against("ms, NOTIFY to a listener", notice)
            .target(Target::AtMost(100.0))
            .note(format!(
                "{} of {} texts at {PER_SECOND}/s; the answer itself: {}",
                percentiles(&told),
                told.len(),
                percentiles(&answered)
            )),
    );
    report.add(
        Figure::new("d", what, ms(&told, 0.5), "ms")
            .against(format!("ms, {COMMITS} commits, a publish and a NOTIFY"), hops),
    );
    report.add(Figure::new("d", "the same, p99", ms(&told, 0.99), "ms"));
    Ok(())
}

/// Opens a stream of live events.
pub async fn open(
    client: &reqwest::Client,
    gateway: u16,
) -> anyhow::Result<impl futures_util::Stream<Item = anyhow::Result<Frame>> + use<>> {
    let stream = client.get(format!("http://127.0.0.1:{gateway}/api/live")).send().await?;
    let mut frames = Frames::default();
    let stream = granted(stream).await?.bytes_stream();
    Ok(Box::pin(stream.flat_map(move |bytes| {
        let came = match bytes {
            Ok(bytes) => frames.push(&bytes).into_iter().map(Ok).collect(),
            Err(error) => vec![Err(anyhow::Error::from(error))],
        };
        futures_util::stream::iter(came)
    })))
}

/// Until each text is on the screen, and until each was answered.
async fn text(
    town: &Town,
    person: &Person,
    conversations: &[Uuid],
    count: u32,
) -> anyhow::Result<(Histogram<u64>, Histogram<u64>)> {
    let (client, gateway) = (person.client()?, town.process("gateway")?.port);
    let seen: Arc<Mutex<HashMap<String, Instant>>> = Arc::default();
    let (sees, mut screen) = (Arc::clone(&seen), open(&client, gateway).await?);
    let mut watching = JoinSet::<anyhow::Result<()>>::new();
    watching.spawn(async move {
        while let Some(frame) = screen.next().await {
            let now = Instant::now();
            let told: Value = serde_json::from_str(&frame?.data).unwrap_or_default();
            if let Some(id) = told.pointer("/message/id").and_then(Value::as_str) {
                let mut seen = sees.lock().unwrap_or_else(PoisonError::into_inner);
                seen.entry(id.to_owned()).or_insert(now);
            }
        }
        anyhow::bail!("the stream ended")
    });
    let asked = ask(&client, gateway, conversations, count).await?;
    let mut told = Histogram::new_with_bounds(1, 60_000_000, 3)?;
    let mut answered = Histogram::new_with_bounds(1, 60_000_000, 3)?;
    let deadline = Instant::now() + PATIENCE;
    for (id, began, took) in asked {
        let came = loop {
            let came = seen.lock().unwrap_or_else(PoisonError::into_inner).get(&id).copied();
            if let Some(came) = came {
                break came;
            }
            ensure!(Instant::now() < deadline, "a text never reached the screen");
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        told.record(micros(came.duration_since(began))?)?;
        answered.record(micros(took)?)?;
    }
    Ok((told, answered))
}

fn micros(took: Duration) -> anyhow::Result<u64> {
    Ok(u64::try_from(took.as_micros())?.max(1))
}

type Asked = (String, Instant, Duration);

/// Texts, one after the other at [`PER_SECOND`], whatever becomes of those before.
async fn ask(
    client: &reqwest::Client,
    gateway: u16,
    conversations: &[Uuid],
    count: u32,
) -> anyhow::Result<Vec<Asked>> {
    let mut tick = tokio::time::interval(Duration::from_secs(1) / PER_SECOND);
    let mut texts = JoinSet::new();
    for id in conversations.iter().cycle().take(count as usize) {
        tick.tick().await;
        let url = format!("http://127.0.0.1:{gateway}/api/conversations/{id}/messages");
        let body = json!({ "body": "Con gusto le aparto el comedor de seis sillas." });
        let key = Uuid::now_v7().to_string();
        let request = client.post(url).header("idempotency-key", key).json(&body);
        texts.spawn(async move {
            let began = Instant::now();
            let answer = granted(request.send().await?).await?;
            let took = began.elapsed();
            let message: Value = answer.json().await?;
            let id = message.get("id").and_then(Value::as_str).context("a text without an id")?;
            anyhow::Ok((id.to_owned(), began, took))
        });
    }
    texts.join_all().await.into_iter().collect()
}
