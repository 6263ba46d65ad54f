//! A burst of texts is over: rules first, then the model, and every way out has a reason.

mod ask;
mod load;
mod record;

use std::sync::Arc;

use chassis::{Caller, HandleError, Meta, Patience, Subscription};
use domain::store::{Pool, Tx};
use domain::{SharedClock, StaticResponseId};
use events::{ReplyRequested, ReplySource, WithheldReason};
use providers::ReplyModel;
use telemetry::metrics::{Counter, Histogram, counter, histogram};

use crate::breaker::{self, Breaker};
use crate::budget;
use crate::config::TurnsInPrompt;
use crate::rule_book::RuleBook;
use crate::static_response;
use ask::Asked;
use load::{Loaded, Scene};

/// What the consumer is made of.
pub struct RepliesParts {
    /// Connections.
    pub pool: Pool,
    /// The time.
    pub clock: SharedClock,
    /// `None`: static responses only.
    pub model: Option<Arc<dyn ReplyModel>>,
    /// When to leave the model's provider alone.
    pub breaker: breaker::Settings,
    /// How much of the conversation the model sees.
    pub turns_in_prompt: TurnsInPrompt,
}

/// Finds replies.
pub struct Replies {
    pool: Pool,
    clock: SharedClock,
    model: Option<Arc<dyn ReplyModel>>,
    breaker: Breaker,
    turns_in_prompt: TurnsInPrompt,
    rules: RuleBook,
    outcomes: Counter,
    model_time: Histogram,
    refused: Counter,
}

/// What came of a request.
pub struct Outcome {
    verdict: Verdict,
    /// What the model cost, if it was asked.
    asked: Option<Asked>,
}

enum Verdict {
    Drafted { body: String, source: ReplySource, rule: Option<StaticResponseId> },
    Withheld { reason: WithheldReason, note: String },
}

impl Replies {
    /// Puts it together.
    pub fn new(parts: RepliesParts) -> Self {
        let RepliesParts { pool, clock, model, breaker, turns_in_prompt } = parts;
        Self {
            pool,
            clock,
            model,
            breaker: Breaker::new(breaker),
            turns_in_prompt,
            rules: RuleBook::default(),
            outcomes: counter("responder_replies_total", "Requests by source and by outcome"),
            model_time: histogram("responder_model_seconds", "How long the model took to answer"),
            refused: counter("responder_drafts_refused_total", "The model's drafts by their fault"),
        }
    }

    async fn decide(&self, scene: &Scene, meta: Meta) -> Result<Outcome, HandleError> {
        let occasion = scene.occasion();
        if let Some(rule) =
            static_response::find(&scene.rules, &occasion, |rule| self.rules.pattern(rule))
        {
            let (body, rule) = (rule.body.clone(), Some(rule.id));
            return Ok(Verdict::Drafted { body, source: ReplySource::StaticResponse, rule }.into());
        }
        let Some(model) = &self.model else {
            return Ok(withheld(WithheldReason::NoModel, "no rule matched, and there is no model"));
        };
        let Some(profile) = scene.profile.as_ref().filter(|profile| profile.enabled) else {
            return Ok(withheld(
                WithheldReason::NoModel,
                "no rule matched, and the assistant is off",
            ));
        };
        if !budget::has_room(profile, scene.spent) {
            return Ok(withheld(
                WithheldReason::OverBudget,
                "the assistant's budget of the day is used up",
            ));
        }
        self.ask(scene, profile, model.as_ref(), meta).await
    }
}

impl Caller for Replies {
    /// Each spends its time waiting for the model, without a database connection.
    const SUBSCRIPTION: Subscription =
        Subscription::new("responder.reply_requested").patience(Patience::Seconds).concurrency(8);
    type Event = ReplyRequested;
    type Outcome = Outcome;

    async fn call(&self, event: &ReplyRequested, meta: Meta) -> Result<Outcome, HandleError> {
        match self.load(event).await? {
            Loaded::Settled(outcome) => Ok(outcome),
            Loaded::Scene(scene) => self.decide(&scene, meta).await,
        }
    }

    async fn record(
        &self,
        event: ReplyRequested,
        outcome: Outcome,
        tx: &mut Tx,
    ) -> Result<(), HandleError> {
        self.write(&event, outcome, tx).await
    }
}

impl From<Verdict> for Outcome {
    /// Of what was found without the model.
    fn from(verdict: Verdict) -> Self {
        Self { verdict, asked: None }
    }
}

fn withheld(reason: WithheldReason, note: impl Into<String>) -> Outcome {
    Verdict::Withheld { reason, note: note.into() }.into()
}
