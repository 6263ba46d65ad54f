//! What travels: a body, and what the runner needs to know without opening it.

use domain::{AccountId, EventId, Timestamp};

/// One event on its way.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The event's id; hearers remember it.
    pub id: EventId,
    /// `sms.received`, …: the routing key.
    pub event_type: String,
    /// Whose it is, where the sayer knows.
    pub account: Option<AccountId>,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// W3C trace context of the sayer.
    pub traceparent: Option<String>,
    /// Protobuf.
    pub body: Vec<u8>,
}

/// Without the body, which may hold personal data.
impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Envelope")
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .finish_non_exhaustive()
    }
}
