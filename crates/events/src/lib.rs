//! What is said: the events of the house, parsed into domain types, one file a sayer.
//!
//! The generated types stay inside; what comes out of [`Event::decode`] has been checked, and an
//! error names the field.

mod catalogue;
mod changes;
mod conversations;
mod ingress;
mod responder;
mod texts;
mod wire;

pub use catalogue::{CATALOGUE, Entry, hearers};
pub use changes::{ContactsImportProgressed, ConversationChanged, NumbersChanged};
pub use conversations::{
    ContactOptedIn, ContactOptedOut, ConversationReassigned, ConversationStarted, ReplyRequested,
};
pub use ingress::{SmsReceived, SmsStatusChanged};
pub use responder::{ReplyDrafted, ReplySource, ReplyWithheld, WithheldReason};
pub use texts::{TextDelivered, TextFailed, TextOf, TextQueued, TextReceived, TextSent};

/// Something that was said.
pub trait Event: Sized + Send + Sync + 'static {
    /// `sms.received`, …: the routing key.
    const TYPE: &'static str;

    /// The body.
    fn encode(&self) -> Vec<u8>;

    /// Parses a body. Trying again does not help one that fails.
    fn decode(body: &[u8]) -> Result<Self, InvalidEvent>;

    /// Whose event it is; `None` where the sayer does not know (a webhook names a number only).
    fn account(&self) -> Option<domain::AccountId>;
}

/// Why a body is not the event that it claims to be.
#[derive(Debug, thiserror::Error)]
pub enum InvalidEvent {
    /// Not protobuf of this message.
    #[error("the body is not protobuf of this event")]
    NotProtobuf(#[from] prost::DecodeError),
    /// A field does not hold what it must.
    #[error("field `{field}` {why}")]
    Field {
        /// Which.
        field: &'static str,
        /// What is wrong with it, without its content.
        why: String,
    },
}
