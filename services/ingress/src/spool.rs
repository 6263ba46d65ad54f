//! The way around a database that is away: entries as messages in a durable queue of the broker,
//! and from there into the journal once it is back.

use std::borrow::Cow;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chassis::{HandleError, Spool};
use domain::store::ingress::NewReceipt;
use domain::{ReceiptId, Timestamp};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use crate::journal::{Entry, Recorded};
use crate::twilio::{Arrived, Kind, MALFORMED, PROVIDER};
use crate::writer::{Writer, Written};

/// The durable queue.
pub const QUEUE: &str = "ingress.spool";

/// How long the broker may take to confirm. Whoever sent the webhook still waits.
const PATIENCE: Duration = Duration::from_secs(4);

/// The size at which a message is full. A confirm costs a write to the brokers' disks, so entries
/// share one as they share a commit; RabbitMQ 4 takes 16 MiB at most.
const MESSAGE_SIZE: usize = 256 * 1024;

/// An entry in a message: the receipt, from which its event is made again.
#[derive(Serialize, Deserialize)]
struct Spooled<'a> {
    id: ReceiptId,
    kind: Cow<'a, str>,
    dedupe_key: Cow<'a, str>,
    request_target: Cow<'a, str>,
    /// Base64: the raw body may be no text.
    body: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Cow<'a, str>>,
    received_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    traceparent: Option<Cow<'a, str>>,
}

/// Why a message of the spool is not one of ours.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSpooled {
    /// Not the JSON that we write.
    #[error("the message is not a list of receipts")]
    Json(#[source] serde_json::Error),
    /// Not base64.
    #[error("a receipt's body is not base64")]
    Body(#[source] base64::DecodeError),
    /// Another version of us wrote it.
    #[error("a receipt is of no kind that we know")]
    Kind,
}

/// Puts entries into the spool.
#[derive(Clone)]
pub struct Bypass {
    spool: Spool,
}

impl Bypass {
    /// One that leads to this spool.
    pub fn new(spool: Spool) -> Self {
        Self { spool }
    }

    /// Returns when the broker has confirmed them, or would not; one answer an entry, in order.
    pub async fn put(&self, entries: &[Entry]) -> Vec<Recorded> {
        let mut answers = Vec::with_capacity(entries.len());
        for message in encode(entries) {
            if !self.put_message(message.body).await {
                break;
            }
            answers.resize(answers.len() + message.entries, Recorded::Spooled);
        }
        // After one failure the callers of the rest would wait in vain.
        answers.resize(entries.len(), Recorded::Unavailable);
        answers
    }

    async fn put_message(&self, body: Vec<u8>) -> bool {
        let why = match timeout(PATIENCE, self.spool.put(body)).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => telemetry::chain(&error),
            Err(_) => "no confirm in time".to_owned(),
        };
        tracing::warn!(error = why, "receipts were not spooled");
        false
    }
}

/// A message for the spool.
pub struct Message {
    /// How many entries it holds.
    pub entries: usize,
    /// A JSON list of them.
    pub body: Vec<u8>,
}

/// Entries as messages, in order.
pub fn encode(entries: &[Entry]) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for entry in entries {
        // Neither a map with odd keys nor a failing writer: this cannot fail.
        let json = serde_json::to_vec(&Spooled::from(entry)).unwrap_or_default();
        match messages.last_mut().filter(|last| last.body.len() + json.len() < MESSAGE_SIZE) {
            Some(message) => {
                message.entries += 1;
                message.body.push(b',');
                message.body.extend(json);
            }
            None => messages.push(Message { entries: 1, body: [b"[", json.as_slice()].concat() }),
        }
    }
    for message in &mut messages {
        message.body.push(b']');
    }
    messages
}

/// The entries of a message, with the events that they had.
///
/// # Errors
/// When it is no message of ours.
pub fn decode(body: &[u8]) -> Result<Vec<Entry>, InvalidSpooled> {
    let spooled: Vec<Spooled<'_>> = serde_json::from_slice(body).map_err(InvalidSpooled::Json)?;
    spooled.into_iter().map(Entry::try_from).collect()
}

/// What the service does with a message of the spool.
pub fn drain(
    writer: Writer,
) -> impl Fn(Vec<u8>) -> BoxFuture<'static, Result<(), HandleError>> + Send + Sync + 'static {
    move |body| {
        let writer = writer.clone();
        Box::pin(async move {
            let entries = decode(&body).map_err(HandleError::dead)?;
            let written = writer.write(&entries).await?;
            if written.contains(&Written::Refused) {
                // The others are in the journal, where they are known when the message comes again.
                return Err(HandleError::retry("the database refused a receipt"));
            }
            Ok(())
        })
    }
}

impl<'a> From<&'a Entry> for Spooled<'a> {
    fn from(entry: &'a Entry) -> Self {
        let receipt = &entry.receipt;
        let traceparent = entry.said.as_ref().and_then(|said| said.traceparent.as_deref());
        Self {
            id: receipt.id,
            kind: receipt.kind.into(),
            dedupe_key: receipt.dedupe_key.as_str().into(),
            request_target: receipt.request_target.as_str().into(),
            body: BASE64.encode(&receipt.body),
            problem: receipt.problem.as_deref().map(Cow::from),
            received_at: receipt.received_at,
            traceparent: traceparent.map(Cow::from),
        }
    }
}

impl TryFrom<Spooled<'_>> for Entry {
    type Error = InvalidSpooled;

    fn try_from(spooled: Spooled<'_>) -> Result<Self, InvalidSpooled> {
        let body = BASE64.decode(&spooled.body).map_err(InvalidSpooled::Body)?;
        let request_target = spooled.request_target.into_owned();
        if spooled.kind == MALFORMED {
            let receipt = NewReceipt {
                id: spooled.id,
                provider: PROVIDER,
                kind: MALFORMED,
                dedupe_key: spooled.dedupe_key.into_owned(),
                source: "spool",
                request_target,
                body,
                problem: spooled.problem.map(Cow::into_owned),
                received_at: spooled.received_at,
            };
            return Ok(Self { receipt, said: None });
        }
        let arrived = Arrived {
            id: spooled.id,
            kind: Kind::from_name(&spooled.kind).ok_or(InvalidSpooled::Kind)?,
            source: "spool",
            request_target,
            body,
            received_at: spooled.received_at,
            traceparent: spooled.traceparent.map(Cow::into_owned),
        };
        Ok(arrived.into_entry())
    }
}
