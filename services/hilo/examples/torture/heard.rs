//! What screens were told and what a person asked for, as they remember it themselves.

use uuid::Uuid;

/// An event, as it was told; what a listener saw and what the table holds have the same form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    pub id: i64,
    pub kind: String,
    pub what: String,
    pub conversation: Option<Uuid>,
    pub message: Option<Uuid>,
}

/// An open screen, over all its connections.
#[derive(Debug, Clone, Default)]
pub struct Listener {
    pub name: String,
    pub heard: Vec<Heard>,
    /// Connections after the first.
    pub returns: u32,
    /// What no client should be told within the time that events are kept.
    pub surprises: Vec<String>,
}

/// A text that a person asked for, with a key of its own, until there was an answer.
#[derive(Debug, Clone)]
pub struct Asked {
    pub key: Uuid,
    /// No other has this body.
    pub body: String,
    pub answer: Answer,
    pub attempts: u32,
    /// Whether the answer was that of an attempt before.
    pub replayed: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// This text will leave.
    Taken(Uuid),
    /// It may not, and why.
    Refused(String),
    /// Nobody ever said; this was the last that was heard.
    Missing(String),
}
