//! Finding an answer to a customer's text: rules first, then the model, and every way out has a
//! reason. A function of a [`Scene`]: who asks for it, and what becomes of it, is not known here.

mod ask;
mod scene;
mod silence;

use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use domain::store::StoreError;
use domain::store::responder::StaticRow;
use domain::{SharedClock, StaticResponseId};
use events::ReplySource;
use providers::{ModelError, ReplyModel, Usage};
use telemetry::metrics::{Counter, Histogram, counter, histogram};

use crate::breaker::{self, Breaker};
use crate::budget;
use crate::rule_book::RuleBook;
use crate::static_response::{self, Weighed};

pub use ask::passes;
pub(crate) use scene::zone;
pub use scene::{Customer, Scene};
pub use silence::Silence;

/// What a finder is made of.
pub struct FinderParts {
    /// The time.
    pub clock: SharedClock,
    /// `None`: static responses only.
    pub model: Option<Arc<dyn ReplyModel>>,
    /// When to leave the model's provider alone.
    pub breaker: breaker::Settings,
}

/// Finds answers.
pub struct Finder {
    clock: SharedClock,
    model: Option<Arc<dyn ReplyModel>>,
    breaker: Breaker,
    rules: RuleBook,
    model_time: Histogram,
    refused: Counter,
}

/// For whom an answer is sought.
pub trait Wish: Sync {
    /// Why it is no longer wanted, now that the model has thought; `None` while it is.
    fn lapsed(&self) -> impl Future<Output = Result<Option<&'static str>, StoreError>> + Send;
}

/// What was found.
pub struct Found {
    /// The answer, or why there is none.
    pub verdict: Verdict,
    /// What the model cost, if it was asked.
    pub asked: Option<Asked>,
    /// Why the model gave nothing, when its failure is what decided.
    pub failure: Option<ModelError>,
}

/// An answer, or none.
pub enum Verdict {
    /// There is one.
    Drafted {
        /// The words.
        body: String,
        /// Whose they are.
        source: ReplySource,
        /// The rule, if it was one.
        rule: Option<StaticResponseId>,
    },
    /// There is none.
    Withheld {
        /// Why.
        why: Silence,
        /// The same in words, for a person.
        note: String,
    },
}

/// What asking the model cost.
pub struct Asked {
    /// Which model.
    pub model: String,
    /// The day that it counts against, in the account's zone.
    pub day: NaiveDate,
    /// Tokens of all questions together.
    pub usage: Usage,
    /// How long the model took, all questions together.
    pub took: Duration,
    /// Whether the model spoke at all: an overloaded one costs nothing.
    pub spoke: bool,
}

impl Asked {
    /// Tokens read and written.
    pub fn tokens(&self) -> i64 {
        i64::from(self.usage.input_tokens) + i64::from(self.usage.output_tokens)
    }
}

impl Finder {
    /// Puts it together.
    pub fn new(parts: FinderParts) -> Self {
        let FinderParts { clock, model, breaker } = parts;
        Self {
            clock,
            model,
            breaker: Breaker::new(breaker),
            rules: RuleBook::default(),
            model_time: histogram("responder_model_seconds", "How long the model took to answer"),
            refused: counter("responder_drafts_refused_total", "The model's drafts by their fault"),
        }
    }

    /// The model's id; `None` where there are static responses only.
    pub fn model_name(&self) -> Option<&str> {
        self.model.as_deref().map(ReplyModel::name)
    }

    /// Rules, then the model. Only `wish` fails: what the model does wrong is a reason for silence.
    pub async fn find<W: Wish>(&self, scene: &Scene, wish: &W) -> Result<Found, StoreError> {
        let occasion = scene.occasion();
        let pattern_of = |rule: &StaticRow| self.rules.pattern(rule);
        if let Some(rule) = static_response::find(&scene.rules, &occasion, pattern_of) {
            let (body, rule) = (rule.body.clone(), Some(rule.id));
            return Ok(Verdict::Drafted { body, source: ReplySource::StaticResponse, rule }.into());
        }
        let Some(model) = &self.model else {
            return Ok(silent(Silence::NoModel, "no rule matched, and there is no model"));
        };
        let Some(profile) = &scene.profile else {
            return Ok(silent(Silence::NoProfile, "no rule matched, and there is no assistant"));
        };
        if !profile.enabled {
            return Ok(silent(Silence::Disabled, "no rule matched, and the assistant is off"));
        }
        if !budget::has_room(profile, scene.spent) {
            let why = "the assistant's budget of the day is used up";
            return Ok(silent(Silence::OverBudget, why));
        }
        self.ask(scene, profile, model.as_ref(), wish).await
    }

    /// Each rule of the scene and whether it would answer, the first to be tried first.
    pub fn weigh<'s>(&self, scene: &'s Scene) -> Vec<(&'s StaticRow, Weighed)> {
        let occasion = scene.occasion();
        static_response::in_order(&scene.rules)
            .into_iter()
            .map(|rule| {
                (rule, static_response::weigh(rule, &occasion, || self.rules.pattern(rule)))
            })
            .collect()
    }
}

impl From<Verdict> for Found {
    /// Of what was found without the model.
    fn from(verdict: Verdict) -> Self {
        Self { verdict, asked: None, failure: None }
    }
}

/// Nothing is said, and the model was not asked.
pub fn silent(why: Silence, note: impl Into<String>) -> Found {
    Verdict::Withheld { why, note: note.into() }.into()
}
