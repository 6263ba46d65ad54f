//! A burst of texts is over: an answer is sought, unless it is no longer wanted.

mod load;
mod record;

use std::sync::Arc;

use chassis::{Caller, HandleError, Meta, Patience, Subscription};
use domain::SharedClock;
use domain::store::{Pool, StoreError, Tx};
use events::ReplyRequested;
use providers::ModelError;
use telemetry::metrics::{Counter, counter};

use crate::answer::{Finder, Found, Wish, passes};
use crate::config::TurnsInPrompt;
use load::Loaded;

pub(crate) use load::muted;

/// What the consumer is made of.
pub struct RepliesParts {
    /// Connections.
    pub pool: Pool,
    /// The time.
    pub clock: SharedClock,
    /// Finds the answers.
    pub finder: Arc<Finder>,
    /// How much of the conversation the model sees.
    pub turns_in_prompt: TurnsInPrompt,
}

/// Answers requests for replies.
pub struct Replies {
    pool: Pool,
    clock: SharedClock,
    finder: Arc<Finder>,
    turns_in_prompt: TurnsInPrompt,
    outcomes: Counter,
}

/// A request stands for as long as its conversation does not move on.
struct Standing<'a> {
    replies: &'a Replies,
    request: &'a ReplyRequested,
}

impl Wish for Standing<'_> {
    async fn lapsed(&self) -> Result<Option<&'static str>, StoreError> {
        self.replies.stale_by_now(self.request).await
    }
}

impl Replies {
    /// Puts it together.
    pub fn new(parts: RepliesParts) -> Self {
        let RepliesParts { pool, clock, finder, turns_in_prompt } = parts;
        let outcomes = counter("responder_replies_total", "Requests by source and by outcome");
        Self { pool, clock, finder, turns_in_prompt, outcomes }
    }
}

impl Caller for Replies {
    /// Each spends its time waiting for the model, without a database connection.
    const SUBSCRIPTION: Subscription =
        Subscription::new("responder.reply_requested").patience(Patience::Seconds).concurrency(8);
    type Event = ReplyRequested;
    type Outcome = Found;

    async fn call(&self, event: &ReplyRequested, meta: Meta) -> Result<Found, HandleError> {
        let scene = match self.load(event).await? {
            Loaded::Settled(found) => return Ok(found),
            Loaded::Scene(scene) => scene,
        };
        let wish = Standing { replies: self, request: event };
        let mut found = self.finder.find(&scene, &wish).await?;
        if let Some(error) = found.failure.take() {
            give_up(error, event, meta)?;
        }
        Ok(found)
    }

    async fn record(
        &self,
        event: ReplyRequested,
        found: Found,
        tx: &mut Tx,
    ) -> Result<(), HandleError> {
        self.write(&event, found, tx).await
    }
}

/// A failure that may pass is tried again while the customer can wait; any other is final.
fn give_up(error: ModelError, request: &ReplyRequested, meta: Meta) -> Result<(), HandleError> {
    if passes(&error) && !meta.last_attempt {
        return Err(HandleError::retry(error));
    }
    let conversation = request.conversation;
    match error {
        ModelError::Misconfigured { .. } | ModelError::SpendLimit => {
            tracing::error!(conversation.id = %conversation, %error, "no model until a person acts");
        }
        _ => tracing::warn!(conversation.id = %conversation, %error, "the model gave no answer"),
    }
    Ok(())
}
