//! A colleague's text: it takes the word from the assistant, and waits in the queue like any other.

use chassis::api::Failure;
use chrono::TimeDelta;
use domain::store::Tx;
use domain::store::conversations::{ConversationRow, read, write};
use domain::{MessageId, PhoneNumber, TextBody, Timestamp, UserId};
use events::{TextFailed, TextOf};
use web::Problem;

use crate::changes::conversation_changed;
use crate::decide::{self, Recipient};
use crate::outgoing::{Outgoing, queue};

/// How far ahead a text may be scheduled.
const FARTHEST: TimeDelta = TimeDelta::days(90);

/// What a colleague wants to say.
pub(crate) struct Wish<'a> {
    pub(crate) body: &'a TextBody,
    /// At once when `None` or past.
    pub(crate) send_at: Option<Timestamp>,
}

/// Queues a colleague's text. The caller holds the conversation's lock.
pub(crate) async fn say(
    tx: &mut Tx,
    conversation: &ConversationRow,
    who: UserId,
    wish: Wish<'_>,
    now: Timestamp,
) -> Result<MessageId, Failure> {
    let send_after = wish.send_at.unwrap_or(now).max(now);
    if send_after > now + FARTHEST {
        return Err(Problem::conflict("too-far-ahead").field("send_at", "too-far-ahead").into());
    }
    let recipient = Recipient {
        // A statement of its own, after the lock: see `write::opt_out`.
        opted_out: read::is_opted_out(tx, conversation.account_id, &conversation.to_number).await?,
        blocked: conversation.conversation_status == "blocked",
        unreachable: conversation.unreachable_code.is_some(),
        is_number: PhoneNumber::parse(&conversation.to_number).is_ok(),
    };
    if let Some(code) = decide::refusal(recipient) {
        return Err(Problem::conflict(code).into());
    }
    take_over(tx, conversation, now).await?;
    // Who answers has looked.
    write::mark_read(tx, conversation.id).await?;
    let text = Outgoing {
        author: "person",
        author_user: Some(who),
        purpose: "conversation",
        body: wish.body,
        in_reply_to: None,
        // No newer event makes it stale: it is a person's word.
        reply_epoch: None,
        send_after,
    };
    Ok(queue(tx, conversation, text, now).await?)
}

/// Gives a person the word: what the assistant was about to say is not said any more. The caller holds
/// the conversation's lock.
pub(crate) async fn take_over(
    tx: &mut Tx,
    conversation: &ConversationRow,
    now: Timestamp,
) -> Result<(), Failure> {
    if !write::hand_over(tx, conversation.id, "person", now).await? {
        return Ok(());
    }
    withdraw(tx, conversation, now).await?;
    let of = (conversation.account_id, conversation.id);
    Ok(conversation_changed(tx, of, "assistant", now).await?)
}

/// Takes back the replies that wait and have become stale, and says so.
pub(crate) async fn withdraw(
    tx: &mut Tx,
    conversation: &ConversationRow,
    now: Timestamp,
) -> Result<(), Failure> {
    let withdrawn = write::withdraw_stale_replies(tx, conversation.id, now).await?;
    let ended: Vec<TextFailed> =
        withdrawn.iter().map(|text| canceled(conversation, text, "superseded")).collect();
    Ok(outbox::enqueue_all(tx, &ended, now).await?)
}

/// A text that did not leave after all.
pub(crate) fn canceled(
    conversation: &ConversationRow,
    text: &write::Withdrawn,
    why: &str,
) -> TextFailed {
    TextFailed {
        text: TextOf {
            account: conversation.account_id,
            conversation: conversation.id,
            message: text.id,
            number: text.number_id,
        },
        status: "canceled".to_owned(),
        error_code: None,
        why: why.to_owned(),
    }
}
