//! Asking the model: at most twice, and only while the provider answers at all.

use std::time::{Duration, Instant};

use domain::store::StoreError;
use domain::store::responder::ProfileRow;
use events::ReplySource;
use providers::{Answer, ModelError, ReplyModel, Usage};

use super::{Asked, Finder, Found, Scene, Silence, Verdict, Wish};
use crate::check::{self, Bounds, Unfit};
use crate::prompt::{max_segments, prompt};

/// What to do with what the model said.
enum Heard {
    Settled(Verdict),
    Unfit(Unfit),
}

impl Finder {
    pub(super) async fn ask<W: Wish>(
        &self,
        scene: &Scene,
        profile: &ProfileRow,
        model: &dyn ReplyModel,
        wish: &W,
    ) -> Result<Found, StoreError> {
        let mut asked = Asked {
            model: model.name().to_owned(),
            day: scene.day,
            usage: Usage::default(),
            took: Duration::ZERO,
            spoke: false,
        };
        let (mut refused, mut failure) = (None, None);
        let verdict = loop {
            let answer = self.ask_once(scene, profile, model, refused, &mut asked).await;
            // Whatever was said in the meantime counts more than what was found.
            if let Some(why) = wish.lapsed().await? {
                break Verdict::Withheld { why: Silence::Superseded, note: why.to_owned() };
            }
            let heard = match (answer, refused) {
                (Ok(answer), _) => hear(answer, scene, profile),
                // There was an answer, and beginning again would bring its like.
                (Err(error), Some(fault)) => break unfit(fault, &error.to_string()),
                (Err(error), None) => {
                    let verdict = gave_nothing(&error);
                    failure = Some(error);
                    Heard::Settled(verdict)
                }
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
        Ok(Found { verdict, asked: Some(asked), failure })
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
    Verdict::Withheld { why: Silence::UnfitAnswer, note }
}

fn hear(answer: Answer, scene: &Scene, profile: &ProfileRow) -> Heard {
    let withheld = |why, note| Heard::Settled(Verdict::Withheld { why, note });
    match answer {
        Answer::HandOff { reason } => withheld(Silence::HandOff, reason),
        Answer::StaySilent { reason } => withheld(Silence::StaySilent, reason),
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

fn gave_nothing(error: &ModelError) -> Verdict {
    let why = if speaks(error) { Silence::NothingUsable } else { Silence::Unreachable };
    Verdict::Withheld { why, note: error.to_string() }
}

/// Whether waiting may help.
pub fn passes(error: &ModelError) -> bool {
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
