//! One file an event heard: load, decide, store, say.

mod reply_drafted;
mod reply_withheld;
mod sms_received;
mod sms_status_changed;

pub use reply_drafted::OnReplyDrafted;
pub use reply_withheld::OnReplyWithheld;
pub use sms_received::OnSmsReceived;
pub use sms_status_changed::OnSmsStatusChanged;

use domain::store::Tx;
use domain::store::conversations::{ConversationRow, write};
use domain::{MessageId, TextBody, Timestamp, segments_of};
use events::{TextOf, TextQueued};

/// What is common to every text that is queued here.
struct Outgoing<'a> {
    author: &'a str,
    purpose: &'a str,
    body: &'a TextBody,
    in_reply_to: Option<MessageId>,
    reply_epoch: Option<i64>,
}

/// Lane of answers to people; bulk waits behind it.
const REPLY_LANE: i16 = 0;

/// Queues a text on its conversation's number, and says so.
async fn queue(
    tx: &mut Tx,
    conversation: &ConversationRow,
    text: Outgoing<'_>,
    now: Timestamp,
) -> diesel::result::QueryResult<()> {
    let id = MessageId::generate();
    let segments = i16::try_from(segments_of(text.body.as_str()).count()).unwrap_or(i16::MAX);
    let traceparent = telemetry::context::current();
    let number = write::queue(
        tx,
        &write::NewOutbound {
            id,
            account: conversation.account_id,
            conversation: conversation.id,
            author: text.author,
            author_user: None,
            purpose: text.purpose,
            body: text.body.as_str(),
            segments,
            lane: REPLY_LANE,
            in_reply_to: text.in_reply_to,
            reply_epoch: text.reply_epoch,
            send_after: now,
            traceparent: traceparent.as_deref(),
            at: now,
        },
    )
    .await?;
    let queued = TextQueued {
        text: TextOf {
            account: conversation.account_id,
            conversation: conversation.id,
            message: id,
            number,
        },
        author: text.author.to_owned(),
        lane: i32::from(REPLY_LANE),
        segments: i32::from(segments),
    };
    outbox::enqueue(tx, &queued, now).await
}
