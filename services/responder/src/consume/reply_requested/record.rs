//! One transaction: what was tried, what it cost, and the event that says it.

use std::time::Duration;

use chassis::HandleError;
use domain::RunId;
use domain::store::Tx;
use domain::store::responder::write::{self, NewRun};
use events::{ReplyDrafted, ReplyRequested, ReplyWithheld};

use super::Replies;
use crate::answer::{Asked, Found, Silence, Verdict};

/// Longest note; a model's reason may be long, and a person wants a sentence.
const LONGEST_NOTE: usize = 500;

impl Replies {
    pub(super) async fn write(
        &self,
        request: &ReplyRequested,
        found: Found,
        tx: &mut Tx,
    ) -> Result<(), HandleError> {
        let Found { mut verdict, asked, .. } = found;
        if let Verdict::Withheld { note, .. } = &mut verdict {
            *note = note.chars().take(LONGEST_NOTE).collect();
        }
        let run = new_run(request, &verdict, asked.as_ref(), self.clock.now());
        write::run(tx, &run).await?;
        if let Some(asked) = asked.as_ref().filter(|asked| asked.spoke) {
            write::spend(tx, request.account, asked.day, 1, asked.tokens()).await?;
        }
        self.outcomes.add(1, &[("source", run.source), ("outcome", run.outcome)]);
        tracing::info!(
            run.id = %run.id,
            conversation.id = %request.conversation,
            source = run.source,
            outcome = run.outcome,
            "a request for a reply ended in {}", run.outcome
        );
        let (id, now) = (run.id, run.at);
        match verdict {
            Verdict::Drafted { body, source, .. } => {
                let drafted = ReplyDrafted {
                    account: request.account,
                    conversation: request.conversation,
                    message: request.message,
                    reply_epoch: request.reply_epoch,
                    body,
                    source,
                    run: id,
                };
                outbox::enqueue(tx, &drafted, now).await?;
            }
            Verdict::Withheld { why, note } => {
                let withheld = ReplyWithheld {
                    account: request.account,
                    conversation: request.conversation,
                    message: request.message,
                    reply_epoch: request.reply_epoch,
                    reason: why.reason(),
                    note,
                    run: id,
                };
                outbox::enqueue(tx, &withheld, now).await?;
            }
        }
        Ok(())
    }
}

fn new_run<'a>(
    request: &ReplyRequested,
    verdict: &'a Verdict,
    asked: Option<&'a Asked>,
    now: domain::Timestamp,
) -> NewRun<'a> {
    let (source, rule, outcome, note) = match verdict {
        Verdict::Drafted { source, rule, .. } => (source.as_str(), *rule, "reply", ""),
        Verdict::Withheld { why, note } => {
            (source_of(*why, asked), None, why.reason().as_str(), note.as_str())
        }
    };
    let usage = asked.map(|asked| asked.usage).unwrap_or_default();
    let took = asked.map(|asked| asked.took).unwrap_or_default();
    NewRun {
        id: RunId::generate(),
        account: request.account,
        conversation: request.conversation,
        message: request.message,
        reply_epoch: request.reply_epoch,
        source,
        static_response: rule,
        model: asked.map(|asked| asked.model.as_str()),
        outcome,
        note,
        input_tokens: whole(usage.input_tokens),
        cached_tokens: whole(usage.cached_tokens),
        output_tokens: whole(usage.output_tokens),
        model_ms: millis(took),
        at: now,
    }
}

/// Whose decision it was to say nothing: the model's only if it spoke.
fn source_of(why: Silence, asked: Option<&Asked>) -> &'static str {
    match why {
        Silence::HandOff | Silence::StaySilent | Silence::UnfitAnswer
            if asked.is_some_and(|asked| asked.spoke) =>
        {
            "assistant"
        }
        _ => "none",
    }
}

fn whole(tokens: u32) -> i32 {
    i32::try_from(tokens).unwrap_or(i32::MAX)
}

fn millis(took: Duration) -> i32 {
    i32::try_from(took.as_millis()).unwrap_or(i32::MAX)
}
