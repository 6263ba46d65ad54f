//! What happens in this world, one entry at a time. The world is a fold over its entries, the
//! ledger file is their list, and the wire view of the page shows them as they come.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::message::{Message, Status, Webhook};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entry {
    /// The API accepted an outbound text.
    Created { message: Message },
    /// The API refused one.
    Refused { code: u32, from: String, to: String, at: DateTime<Utc> },
    /// An outbound text moved on.
    Status { sid: String, status: Status, error_code: Option<u32>, at: DateTime<Utc> },
    /// A status callback was posted (or lost on purpose: no attempts).
    Callback { sid: String, status: Status, webhook: Webhook },
    /// A customer texted us.
    Received { message: Message },
    /// The inbound webhook ended.
    Webhook { sid: String, webhook: Webhook },
    /// The customer texted STOP to this number.
    Blocked { ours: String, customer: String, at: DateTime<Utc> },
    /// The customer texted START to this number.
    Unblocked { ours: String, customer: String, at: DateTime<Utc> },
    /// Twilio's own confirmation, which never passes through Hilo.
    Notice { ours: String, customer: String, body: String, at: DateTime<Utc> },
    /// A call to the simulated Claude and how it was answered.
    Claude { model: String, http_status: u16, outcome: String, at: DateTime<Utc> },
    /// Everything before this is forgotten.
    Reset { at: DateTime<Utc> },
}

/// An entry with its place in the order of events.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Event {
    pub n: u64,
    #[serde(flatten)]
    pub entry: Entry,
}
