//! Texts that are to leave: put into the queue of their conversation's number, and said.

use domain::store::Tx;
use domain::store::conversations::{ConversationRow, write};
use domain::{MessageId, TextBody, Timestamp, UserId, segments_of};
use events::{TextOf, TextQueued};

/// A text that is to leave.
pub(crate) struct Outgoing<'a> {
    pub(crate) author: &'a str,
    /// Which colleague, if one wrote it.
    pub(crate) author_user: Option<UserId>,
    pub(crate) purpose: &'a str,
    pub(crate) body: &'a TextBody,
    pub(crate) in_reply_to: Option<MessageId>,
    /// The epoch that it was made for; `None` if no newer event cancels it.
    pub(crate) reply_epoch: Option<i64>,
    /// Not before.
    pub(crate) send_after: Timestamp,
}

/// Lane of answers to people; bulk waits behind it.
const REPLY_LANE: i16 = 0;

/// Queues a text on its conversation's number, and says so.
pub(crate) async fn queue(
    tx: &mut Tx,
    conversation: &ConversationRow,
    text: Outgoing<'_>,
    now: Timestamp,
) -> diesel::result::QueryResult<MessageId> {
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
            author_user: text.author_user,
            purpose: text.purpose,
            body: text.body.as_str(),
            segments,
            lane: REPLY_LANE,
            in_reply_to: text.in_reply_to,
            reply_epoch: text.reply_epoch,
            send_after: text.send_after,
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
    outbox::enqueue(tx, &queued, now).await?;
    Ok(id)
}
