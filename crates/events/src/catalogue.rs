//! Who says what to whom, as data: the broker's topology and the relay follow from it.

/// One event of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// `sms.received`, ….
    pub event: &'static str,
    /// The one service that says it.
    pub said_by: &'static str,
    /// The services that hear it, each on a queue of its own.
    pub heard_by: &'static [&'static str],
}

/// The catalogue of `proto-events/README.md`; tidy compares the two.
pub const CATALOGUE: &[Entry] = &[
    Entry { event: "sms.received", said_by: "ingress", heard_by: &["conversations"] },
    Entry { event: "sms.status_changed", said_by: "ingress", heard_by: &["conversations"] },
    Entry { event: "reply.requested", said_by: "conversations", heard_by: &["responder"] },
    Entry { event: "reply.drafted", said_by: "responder", heard_by: &["conversations"] },
    Entry { event: "reply.withheld", said_by: "responder", heard_by: &["conversations"] },
    Entry { event: "conversation.started", said_by: "conversations", heard_by: &["gateway"] },
    Entry { event: "conversation.reassigned", said_by: "conversations", heard_by: &["gateway"] },
    Entry { event: "contact.opted_out", said_by: "conversations", heard_by: &["gateway"] },
    Entry { event: "contact.opted_in", said_by: "conversations", heard_by: &["gateway"] },
    Entry { event: "text.received", said_by: "conversations", heard_by: &["gateway"] },
    Entry { event: "text.queued", said_by: "conversations", heard_by: &["gateway"] },
    Entry { event: "text.sent", said_by: "conversations", heard_by: &["gateway"] },
    Entry { event: "text.delivered", said_by: "conversations", heard_by: &["gateway"] },
    Entry { event: "text.failed", said_by: "conversations", heard_by: &["gateway"] },
    Entry { event: "conversation.changed", said_by: "conversations", heard_by: &["gateway"] },
    Entry { event: "contacts.import_progressed", said_by: "conversations", heard_by: &["gateway"] },
    Entry { event: "numbers.changed", said_by: "conversations", heard_by: &["gateway"] },
];

/// Who hears an event. An event that is not in the catalogue is heard by nobody.
pub fn hearers(event: &str) -> &'static [&'static str] {
    CATALOGUE.iter().find(|entry| entry.event == event).map_or(&[], |entry| entry.heard_by)
}
