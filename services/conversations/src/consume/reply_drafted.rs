//! A reply was found: it is queued if it is still wanted.

use chassis::{HandleError, Handler, Meta, Subscription};
use domain::store::Tx;
use domain::store::conversations::{read, write};
use domain::{SharedClock, TextBody};
use events::ReplyDrafted;

use crate::decide::{self, Draft, Verdict};
use crate::outgoing::{Outgoing, queue};

/// Hears `reply.drafted`.
pub struct OnReplyDrafted {
    pub(crate) clock: SharedClock,
}

impl Handler for OnReplyDrafted {
    const SUBSCRIPTION: Subscription =
        Subscription::new("conversations.reply_drafted").concurrency(8);
    type Event = ReplyDrafted;

    async fn handle(&self, event: ReplyDrafted, _: Meta, tx: &mut Tx) -> Result<(), HandleError> {
        let now = self.clock.now();
        let conversation = write::lock(tx, event.conversation)
            .await?
            .filter(|conversation| conversation.account_id == event.account)
            .ok_or_else(|| HandleError::dead("the account has no such conversation"))?;
        let body = TextBody::parse(&event.body).map_err(HandleError::dead)?;
        let verdict = decide::on_draft(Draft {
            epoch: event.reply_epoch,
            current_epoch: conversation.reply_epoch,
            handed_over: conversation.assistant == "handed_over",
            opted_out: read::is_opted_out(tx, conversation.account_id, &conversation.to_number)
                .await?,
            blocked: conversation.conversation_status == "blocked",
        });
        if let Verdict::Stale(why) = verdict {
            tracing::debug!(conversation.id = %conversation.id, why, "a draft came too late");
            return Ok(());
        }
        let text = Outgoing {
            author: event.source.as_str(),
            author_user: None,
            purpose: "conversation",
            body: &body,
            in_reply_to: Some(event.message),
            reply_epoch: Some(event.reply_epoch),
            send_after: now,
        };
        queue(tx, &conversation, text, now).await?;
        Ok(())
    }
}
