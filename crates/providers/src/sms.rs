//! Sending texts, and reading the provider's own record of them.

use std::time::Duration;

use async_trait::async_trait;
use domain::{MessageId, MessageSid, PhoneNumber, Timestamp};

/// A text that is about to leave.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboundText {
    /// Our id; it travels in the status-callback URL, so that a report finds its row even before
    /// the provider's answer does.
    pub message: MessageId,
    /// The pool number it leaves from.
    pub from: PhoneNumber,
    /// The recipient.
    pub to: PhoneNumber,
    /// At most 1600 characters (Twilio 21617).
    pub body: String,
}

/// Without the body: a text is personal data.
impl std::fmt::Debug for OutboundText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutboundText").field("message", &self.message).finish_non_exhaustive()
    }
}

/// Sends texts.
#[async_trait]
pub trait SmsSender: Send + Sync {
    /// Sends one text. An `Ok` means that the provider took it, not that anyone has read it.
    async fn send(&self, text: &OutboundText) -> Result<MessageSid, SendError>;
}

/// Why a text was not accepted, in terms of what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Certainly not processed: the connection was never made, or the provider said "slow down".
    #[error("was not processed")]
    NotProcessed {
        /// The provider's own code, when it gave one (20429, 21611, …).
        code: Option<u32>,
        /// How long the provider asked us to wait.
        retry_after: Option<Duration>,
    },
    /// Perhaps processed: a timeout, a broken answer or a 5xx after the request was written.
    #[error("may or may not have been processed")]
    Unknown,
    /// Twilio 21610: the person texted STOP to this number.
    #[error("the recipient opted out")]
    OptedOut,
    /// Refused for good, with the provider's own code.
    #[error("was refused with code {code}")]
    Rejected {
        /// The provider's code.
        code: u32,
        /// Whether the recipient's number itself is the reason (21211, 21614, …).
        recipient_unusable: bool,
    },
    /// Our credentials or this sender are wrong. Nothing from this number works until a person
    /// acts.
    #[error("the sender is misconfigured (code {code})")]
    Misconfigured {
        /// The provider's code (20003, 21606, 30034, …).
        code: u32,
    },
}

/// One message in the provider's own list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsRecord {
    /// The provider's id.
    pub sid: MessageSid,
    /// As the provider writes it; raw, because an inbound sender may be a short code.
    pub from: String,
    /// As the provider writes it.
    pub to: String,
    /// The text.
    pub body: String,
    /// Whether it came in (`inbound`), rather than any kind of outbound.
    pub inbound: bool,
    /// The provider's status word (`queued`, `delivered`, …).
    pub status: String,
    /// The provider's error code, if it failed.
    pub error_code: Option<u32>,
    /// How many media it carries.
    pub num_media: u32,
    /// When the provider made it.
    pub created_at: Timestamp,
}

/// Which part of the provider's list to read. The provider filters by whole UTC days, so callers
/// narrow the answer down themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SmsQuery {
    /// Only from this number.
    pub from: Option<PhoneNumber>,
    /// Only to this number.
    pub to: Option<PhoneNumber>,
    /// Only sent on the day of this instant or later.
    pub since: Option<Timestamp>,
    /// At most this many, newest first; further pages are fetched until then.
    pub limit: usize,
}

/// Lists what the provider has on record.
#[async_trait]
pub trait SmsLog: Send + Sync {
    /// Newest first.
    async fn list(&self, query: &SmsQuery) -> Result<Vec<SmsRecord>, ReadError>;
}

/// Reads one message of the provider's record.
#[async_trait]
pub trait SmsFetcher: Send + Sync {
    /// `None` when the provider knows no such message.
    async fn fetch(&self, sid: &MessageSid) -> Result<Option<SmsRecord>, ReadError>;
}

/// Why the provider's record could not be read. Reading again is always safe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Try later.
    #[error("the provider's record cannot be read now")]
    Unavailable {
        /// How long the provider asked us to wait.
        retry_after: Option<Duration>,
    },
    /// A person must act.
    #[error("the provider refused us with code {code}")]
    Refused {
        /// The provider's code or, without one, the HTTP status.
        code: u32,
    },
    /// The answer was not what the contract says.
    #[error("the provider's answer could not be understood: {what}")]
    Malformed {
        /// Which field, in words for a log.
        what: String,
    },
}
