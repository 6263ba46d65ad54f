//! Asking a language model what to answer to a customer.

use std::time::Duration;

use async_trait::async_trait;

/// What the model is given. The customer's words are only ever in `turns`.
#[derive(Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Instructions and facts that change rarely: the part worth caching at the provider.
    pub instructions: String,
    /// What is true of this conversation now: the contact's name, the local time.
    pub situation: String,
    /// The conversation, oldest first; the last turn is the customer's.
    pub turns: Vec<Turn>,
    /// Upper bound of the answer, in tokens.
    pub max_tokens: u32,
}

/// One turn of the conversation.
#[derive(Clone, PartialEq, Eq)]
pub enum Turn {
    /// What the customer wrote: data, never instruction.
    Customer(String),
    /// What we wrote, whoever of us it was.
    Us(String),
}

/// What the model decided.
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    /// Send this text.
    Reply {
        /// The text.
        text: String,
        /// The language that the model says it wrote in (ISO 639-1).
        language: String,
    },
    /// A person should take over.
    HandOff {
        /// Why, for the person.
        reason: String,
    },
    /// Nothing needs saying.
    StaySilent {
        /// Why, for the record.
        reason: String,
    },
}

/// What an answer cost, in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// All tokens read, cached or not.
    pub input_tokens: u32,
    /// Of those, read from the provider's cache.
    pub cached_tokens: u32,
    /// Tokens written.
    pub output_tokens: u32,
}

/// A model that answers.
#[async_trait]
pub trait ReplyModel: Send + Sync {
    /// Asks once; retries of faults that pass quickly are inside. Repeating a call costs a cent and
    /// does no other harm.
    async fn answer(&self, prompt: &Prompt) -> Result<(Answer, Usage), ModelError>;

    /// The model's id, for the record.
    fn name(&self) -> &str;
}

/// Why there is no answer, in terms of what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Our own rate is too high (429 with `retry-after`).
    #[error("the model's provider asks us to slow down")]
    RateLimited {
        /// How long to wait.
        retry_after: Option<Duration>,
    },
    /// The provider is overloaded for everyone (529).
    #[error("the model's provider is overloaded")]
    Overloaded,
    /// The month's money is spent; waiting does not help.
    #[error("the spend limit at the model's provider is reached")]
    SpendLimit,
    /// A timeout, a broken connection, a 5xx.
    #[error("the model's provider cannot be reached")]
    Unavailable,
    /// The model declined to answer this conversation.
    #[error("the model refused")]
    Refused,
    /// The answer was cut at the token limit.
    #[error("the model's answer was cut off")]
    Truncated,
    /// The answer did not follow the agreed form.
    #[error("the model's answer has no usable form: {what}")]
    Unusable {
        /// Which part.
        what: String,
    },
    /// Our key, model or request is wrong: a person must act.
    #[error("the model's provider refused our request (HTTP {status})")]
    Misconfigured {
        /// The HTTP status.
        status: u16,
    },
}
