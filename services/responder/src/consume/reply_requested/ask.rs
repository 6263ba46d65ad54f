//! Asking the model: at most twice, and only while the provider answers at all.

use std::time::{Duration, Instant};

use chassis::{HandleError, Meta};
use chrono::NaiveDate;
use domain::store::responder::ProfileRow;
use events::{ReplySource, WithheldReason};
use providers::{Answer, ModelError, ReplyModel, Usage};

use super::load::Scene;
use super::{Outcome, Replies, Verdict};
use crate::check::{self, Bounds, Unfit};
use crate::prompt::{max_segments, prompt};

/// What asking cost.
pub(super) struct Asked {
    pub(super) model: String,
    /// The day that it counts against.
    pub(super) day: NaiveDate,
    pub(super) usage: Usage,
    pub(super) took: Duration,
    /// Whether the model spoke at all: an overloaded one costs nothing.
    pub(super) spoke: bool,
}

/// What to do with what the model said.
enum Heard {
    Settled(Verdict),
    Unfit(Unfit),
}

impl Replies {
    pub(super) async fn ask(
        &self,
        scene: &Scene,
        profile: &ProfileRow,
        model: &dyn ReplyModel,
        meta: Meta,
    ) -> Result<Outcome, HandleError> {
        let mut asked = Asked {
            model: model.name().to_owned(),
            day: scene.day,
            usage: Usage::default(),
            took: Duration::ZERO,
            spoke: false,
        };
        let mut refused = None;
        let verdict = loop {
            let answer = self.ask_once(scene, profile, model, refused, &mut asked).await;
            // Whatever was said in the meantime counts more than what was found.
            if let Some(why) = self.stale_by_now(&scene.request).await? {
                let reason = WithheldReason::Superseded;
                break Verdict::Withheld { reason, note: why.to_owned() };
            }
            let heard = match (answer, refused) {
                (Ok(answer), _) => hear(answer, scene, profile),
                // There was an answer, and beginning again would bring its like.
                (Err(error), Some(fault)) => break unfit(fault, &error.to_string()),
                (Err(error), None) => Heard::Settled(give_up(error, scene, meta)?),
            };
            match heard {
                Heard::Settled(verdict) => break verdict,
                Heard::Unfit(fault) => {
                    self.refused.add(1, &[("fault", fault.as_str())]);
                    if let Some(first) = refused.replace(fault) {
                        break unfit(first, &fault.to_string());
                    }
                }
            }
        };
        Ok(Outcome { verdict, asked: Some(asked) })
    }

    async fn ask_once(
        &self,
        scene: &Scene,
        profile: &ProfileRow,
        model: &dyn ReplyModel,
        refused: Option<Unfit>,
        asked: &mut Asked,
    ) -> Result<Answer, ModelError> {
        if !self.breaker.admits(self.clock.now()) {
            return Err(ModelError::Unavailable);
        }
        let prompt = prompt(&scene.material(profile), refused);
        let began = Instant::now();
        let answer = model.answer(&prompt).await;
        let took = began.elapsed();
        asked.took += took;
        let spoke = !matches!(&answer, Err(error) if !speaks(error));
        asked.spoke |= spoke;
        self.model_time.record(took, &[("outcome", if answer.is_ok() { "ok" } else { "error" })]);
        match &answer {
            Err(error) if passes(error) => self.breaker.failed(self.clock.now()),
            _ => self.breaker.succeeded(),
        }
        let (answer, usage) = answer?;
        asked.usage = sum(asked.usage, usage);
        Ok(answer)
    }
}

/// Two tries, and what was wrong with each.
fn unfit(first: Unfit, then: &str) -> Verdict {
    let note = format!("the assistant's answer was refused: {first}; and then: {then}");
    Verdict::Withheld { reason: WithheldReason::UnfitAnswer, note }
}

fn hear(answer: Answer, scene: &Scene, profile: &ProfileRow) -> Heard {
    let withheld = |reason, note| Heard::Settled(Verdict::Withheld { reason, note });
    match answer {
        Answer::HandOff { reason } => withheld(WithheldReason::HandOff, reason),
        Answer::StaySilent { reason } => withheld(WithheldReason::StaySilent, reason),
        Answer::Reply { text, .. } => {
            let bounds = Bounds {
                facts: &profile.facts,
                max_segments: max_segments(profile),
                language: scene.spoken,
            };
            match check::fit(&text, &bounds) {
                Ok(body) => {
                    let source = ReplySource::Assistant;
                    Heard::Settled(Verdict::Drafted { body, source, rule: None })
                }
                Err(fault) => Heard::Unfit(fault),
            }
        }
    }
}

/// A failure that may pass is tried again while the customer can wait; any other is final.
fn give_up(error: ModelError, scene: &Scene, meta: Meta) -> Result<Verdict, HandleError> {
    if passes(&error) && !meta.last_attempt {
        return Err(HandleError::retry(error));
    }
    let conversation = scene.request.conversation;
    match error {
        ModelError::Misconfigured { .. } | ModelError::SpendLimit => {
            tracing::error!(conversation.id = %conversation, %error, "no model until a person acts");
        }
        _ => tracing::warn!(conversation.id = %conversation, %error, "the model gave no answer"),
    }
    Ok(Verdict::Withheld { reason: WithheldReason::ModelFailed, note: error.to_string() })
}

/// Whether waiting may help.
fn passes(error: &ModelError) -> bool {
    match error {
        ModelError::RateLimited { .. } | ModelError::Overloaded | ModelError::Unavailable => true,
        ModelError::SpendLimit
        | ModelError::Refused
        | ModelError::Truncated
        | ModelError::Unusable { .. }
        | ModelError::Misconfigured { .. } => false,
    }
}

/// Whether the model answered, though not as we wanted: that is paid for.
fn speaks(error: &ModelError) -> bool {
    match error {
        ModelError::Refused | ModelError::Truncated | ModelError::Unusable { .. } => true,
        ModelError::RateLimited { .. }
        | ModelError::Overloaded
        | ModelError::Unavailable
        | ModelError::SpendLimit
        | ModelError::Misconfigured { .. } => false,
    }
}

fn sum(one: Usage, other: Usage) -> Usage {
    Usage {
        input_tokens: one.input_tokens.saturating_add(other.input_tokens),
        cached_tokens: one.cached_tokens.saturating_add(other.cached_tokens),
        output_tokens: one.output_tokens.saturating_add(other.output_tokens),
    }
}
