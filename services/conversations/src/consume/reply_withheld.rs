//! No reply was found: where a person is needed, a person gets the word.

use chassis::{HandleError, Handler, Meta, Subscription};
use domain::SharedClock;
use domain::store::Tx;
use domain::store::conversations::write;
use events::{ReplyWithheld, WithheldReason};

use super::hand_over;

/// Hears `reply.withheld`.
pub struct OnReplyWithheld {
    pub(crate) clock: SharedClock,
}

impl Handler for OnReplyWithheld {
    const SUBSCRIPTION: Subscription = Subscription::new("conversations.reply_withheld");
    type Event = ReplyWithheld;

    async fn handle(&self, event: ReplyWithheld, _: Meta, tx: &mut Tx) -> Result<(), HandleError> {
        if !needs_a_person(event.reason) {
            return Ok(());
        }
        let conversation = write::lock(tx, event.conversation)
            .await?
            .filter(|conversation| conversation.account_id == event.account)
            .ok_or_else(|| HandleError::dead("the account has no such conversation"))?;
        if conversation.reply_epoch != event.reply_epoch {
            // The customer has written again since; that text will be answered for itself.
            return Ok(());
        }
        let now = self.clock.now();
        hand_over(tx, &conversation, event.reason.as_str(), now).await
    }
}

fn needs_a_person(reason: WithheldReason) -> bool {
    match reason {
        WithheldReason::HandOff | WithheldReason::ModelFailed | WithheldReason::UnfitAnswer => true,
        // Without a model there is nothing to hand over from, and tomorrow there is a budget again.
        WithheldReason::StaySilent
        | WithheldReason::NoModel
        | WithheldReason::OverBudget
        | WithheldReason::Superseded => false,
    }
}
