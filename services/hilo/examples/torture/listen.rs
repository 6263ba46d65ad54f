//! Screens that are open all the time: each comes back with its last id whenever its stream breaks,
//! to whichever gateway is next.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use futures_util::StreamExt;
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::frames::{Frame, Frames};
use super::heard::{Heard, Listener};

/// Before coming back; a browser waits longer, and would break less often.
const PAUSE: Duration = Duration::from_millis(200);
/// A stream says something every 15 s, or is dead.
const SILENCE: Duration = Duration::from_secs(40);
const ANSWER: Duration = Duration::from_secs(5);

/// All of them.
pub struct Screens {
    open: JoinSet<Listener>,
    /// How far each has come.
    at: Vec<Arc<AtomicI64>>,
}

impl Screens {
    /// One a token, spread over the gateways, open until `stop`.
    pub fn open(
        tokens: Vec<String>,
        gateways: &[u16],
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder().connect_timeout(ANSWER).build()?;
        let (mut open, mut at) = (JoinSet::new(), Vec::new());
        for (place, token) in tokens.into_iter().enumerate() {
            let here = Arc::new(AtomicI64::new(0));
            at.push(Arc::clone(&here));
            let screen = Screen {
                client: client.clone(),
                gateways: gateways.to_vec(),
                token,
                turn: place,
                last: None,
                at: here,
                listener: Listener { name: format!("screen {}", place + 1), ..Listener::default() },
            };
            open.spawn(screen.run(stop.clone()));
        }
        Ok(Self { open, at })
    }

    /// Waits until all have seen the head, at most for `deadline`; the books say who has not.
    pub async fn until_at(&self, head: i64, deadline: Duration) {
        let begun = Instant::now();
        while self.at.iter().any(|at| at.load(Ordering::SeqCst) < head)
            && begun.elapsed() < deadline
        {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What they saw, once `stop` is cancelled.
    pub async fn close(self) -> Vec<Listener> {
        let mut listeners = self.open.join_all().await;
        listeners.sort_by(|one, other| one.name.cmp(&other.name));
        listeners
    }
}

struct Screen {
    client: reqwest::Client,
    gateways: Vec<u16>,
    token: String,
    turn: usize,
    /// As the stream said it: that is what a browser sends back.
    last: Option<String>,
    at: Arc<AtomicI64>,
    listener: Listener,
}

impl Screen {
    async fn run(mut self, stop: CancellationToken) -> Listener {
        while !stop.is_cancelled() {
            // However it ended, we come back.
            let _ = stop.run_until_cancelled(self.look()).await;
            self.listener.returns += 1;
            self.turn += 1;
            stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await;
        }
        self.listener
    }

    /// One connection, until it breaks.
    async fn look(&mut self) -> anyhow::Result<()> {
        let gateway = self.gateways.get(self.turn % self.gateways.len()).context("no gateway")?;
        let mut asking = self.client.get(format!("http://127.0.0.1:{gateway}/api/live"));
        asking = asking.bearer_auth(&self.token);
        if let Some(last) = &self.last {
            asking = asking.header("last-event-id", last);
        }
        let answer = timeout(ANSWER, asking.send()).await??;
        if answer.status().is_client_error() && answer.status().as_u16() != 429 {
            self.listener.surprises.push(format!("refused with {}", answer.status()));
            bail!("refused");
        }
        let mut bytes = answer.error_for_status()?.bytes_stream();
        let mut frames = Frames::default();
        while let Some(more) = timeout(SILENCE, bytes.next()).await? {
            for frame in frames.push(&more?) {
                self.see(frame);
            }
        }
        Ok(())
    }

    fn see(&mut self, frame: Frame) {
        match frame.event.as_str() {
            "conversation_changed" | "import_progressed" | "numbers_changed" => match heard(&frame)
            {
                Some(event) => {
                    self.at.store(event.id, Ordering::SeqCst);
                    self.listener.heard.push(event);
                }
                None => self.listener.surprises.push("an event that cannot be read".to_owned()),
            },
            "hb" | "" => {}
            other => self.listener.surprises.push(other.to_owned()),
        }
        if let Some(id) = frame.id {
            self.last = Some(id);
        }
    }
}

fn heard(frame: &Frame) -> Option<Heard> {
    let data: Value = serde_json::from_str(&frame.data).ok()?;
    let text = |pointer: &str| data.pointer(pointer).and_then(Value::as_str);
    let id_at = |pointer: &str| -> Option<Uuid> { text(pointer)?.parse().ok() };
    Some(Heard {
        id: frame.id.as_deref()?.parse().ok()?,
        kind: frame.event.clone(),
        what: text("/what").unwrap_or_default().to_owned(),
        conversation: id_at("/conversation_id"),
        message: id_at("/message/id"),
    })
}
