//! Texts: what came in, and what waits to go out.

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::delivery::DeliveryStatus;
use crate::store::listen;
use crate::store::stmt::stmt;
use crate::{AccountId, ConversationId, MessageId, MessageSid, NumberId, Timestamp, UserId};

/// A text that came in.
#[derive(Debug, Clone)]
pub struct NewInbound<'a> {
    /// Our id.
    pub id: MessageId,
    /// Whose it is.
    pub account: AccountId,
    /// The conversation it joins.
    pub conversation: ConversationId,
    /// The number it came to, which after a reassignment may be an older one.
    pub number: NumberId,
    /// The sender as the provider wrote it.
    pub peer_raw: &'a str,
    /// The text; empty when it was only media.
    pub body: &'a str,
    /// How many media.
    pub num_media: i16,
    /// SMS segments.
    pub segments: i16,
    /// The provider's id: the same text comes once.
    pub sid: &'a MessageSid,
    /// Trace context.
    pub traceparent: Option<&'a str>,
    /// When it reached us.
    pub at: Timestamp,
}

/// Records an inbound text; `false` when it was recorded before.
pub async fn insert_inbound(
    conn: &mut AsyncPgConnection,
    text: &NewInbound<'_>,
) -> QueryResult<bool> {
    let inserted = stmt(
        "INSERT INTO sms_messages (id, account_id, conversation_id, number_id, direction, author, peer_raw,
           body, num_media, segments, status, status_rank, twilio_sid, traceparent, created_at)
         VALUES ($1, $2, $3, $4, 'inbound', 'contact', $5, $6, $7, $8, 'received', 0, $9, $10, $11)
         ON CONFLICT (twilio_sid) DO NOTHING",
    )
    .bind::<SqlUuid, _>(text.id)
    .bind::<SqlUuid, _>(text.account)
    .bind::<SqlUuid, _>(text.conversation)
    .bind::<SqlUuid, _>(text.number)
    .bind::<Text, _>(text.peer_raw)
    .bind::<Text, _>(text.body)
    .bind::<SmallInt, _>(text.num_media)
    .bind::<SmallInt, _>(text.segments)
    .bind::<Text, _>(text.sid.as_str())
    .bind::<Nullable<Text>, _>(text.traceparent)
    .bind::<Timestamptz, _>(text.at)
    .execute(conn)
    .await?;
    Ok(inserted == 1)
}

/// A text that is to leave.
#[derive(Debug, Clone)]
pub struct NewOutbound<'a> {
    /// Our id.
    pub id: MessageId,
    /// Whose it is.
    pub account: AccountId,
    /// Its conversation, whose number it leaves from.
    pub conversation: ConversationId,
    /// `assistant`, `static_response`, `person`, `campaign` or `system`.
    pub author: &'a str,
    /// Which person, if one.
    pub author_user: Option<UserId>,
    /// `conversation`, `opt_out_confirmation`, `opt_in_confirmation` or `help`.
    pub purpose: &'a str,
    /// The text.
    pub body: &'a str,
    /// SMS segments.
    pub segments: i16,
    /// 0 reply, 1 bulk.
    pub lane: i16,
    /// The text that it answers.
    pub in_reply_to: Option<MessageId>,
    /// The epoch that it was made for; `None` if no newer event cancels it.
    pub reply_epoch: Option<i64>,
    /// Not before.
    pub send_after: Timestamp,
    /// Trace context.
    pub traceparent: Option<&'a str>,
    /// Now.
    pub at: Timestamp,
}

/// Puts a text into the send queue at the end of its thread, and wakes the sender when the transaction commits. Returns the
/// number that it will leave from.
pub async fn queue(conn: &mut AsyncPgConnection, text: &NewOutbound<'_>) -> QueryResult<NumberId> {
    #[derive(diesel::QueryableByName)]
    struct Number {
        #[diesel(sql_type = SqlUuid)]
        number_id: NumberId,
    }
    let queued: Number = stmt(
        "WITH queued AS (
           INSERT INTO sms_messages (id, account_id, conversation_id, number_id, direction, author, author_user_id,
             purpose, body, segments, status, status_rank, lane, in_reply_to, reply_epoch, send_after, traceparent, created_at)
           SELECT $1, $2, c.id, c.number_id, 'outbound', $4, $5, $6, $7, $8, 'queued', $9, $10, $11, $12, $13, $14, $15
           FROM user_conversations c WHERE c.id = $3 AND c.account_id = $2
           RETURNING id, conversation_id, number_id),
         touched AS (
           UPDATE user_conversations c SET last_message_id = GREATEST(c.last_message_id, queued.id),
             last_message_at = GREATEST(c.last_message_at, $15)
           FROM queued WHERE c.id = queued.conversation_id)
         SELECT number_id, pg_notify($16, '') FROM queued",
    )
    .bind::<SqlUuid, _>(text.id)
    .bind::<SqlUuid, _>(text.account)
    .bind::<SqlUuid, _>(text.conversation)
    .bind::<Text, _>(text.author)
    .bind::<Nullable<SqlUuid>, _>(text.author_user)
    .bind::<Text, _>(text.purpose)
    .bind::<Text, _>(text.body)
    .bind::<SmallInt, _>(text.segments)
    .bind::<SmallInt, _>(DeliveryStatus::Queued.rank())
    .bind::<SmallInt, _>(text.lane)
    .bind::<Nullable<SqlUuid>, _>(text.in_reply_to)
    .bind::<Nullable<BigInt>, _>(text.reply_epoch)
    .bind::<Timestamptz, _>(text.send_after)
    .bind::<Nullable<Text>, _>(text.traceparent)
    .bind::<Timestamptz, _>(text.at)
    .bind::<Text, _>(listen::SEND)
    .get_result(conn)
    .await?;
    Ok(queued.number_id)
}

/// A text that did not leave after all, as an event names it.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Withdrawn {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: MessageId,
    /// The number that it would have left from.
    #[diesel(sql_type = SqlUuid)]
    pub number_id: NumberId,
}

/// Takes a text back that still waits; `None` when it has left the queue, or never was in it.
pub async fn undo(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    conversation: ConversationId,
    id: MessageId,
    now: Timestamp,
) -> QueryResult<Option<Withdrawn>> {
    stmt(
        "UPDATE sms_messages SET status = 'canceled', status_rank = $5, ended_why = 'undone', finished_at = $4
         WHERE id = $3 AND conversation_id = $2 AND account_id = $1 AND status = 'queued'
         RETURNING id, number_id",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(conversation)
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(now)
    .bind::<SmallInt, _>(DeliveryStatus::Canceled.rank())
    .get_result(conn)
    .await
    .optional()
}

/// Takes back the replies of a conversation that wait and were made for an older epoch than its
/// present one. The claim would do the same, but only when their turn comes. The caller holds the
/// conversation's lock.
pub async fn withdraw_stale_replies(
    conn: &mut AsyncPgConnection,
    conversation: ConversationId,
    now: Timestamp,
) -> QueryResult<Vec<Withdrawn>> {
    stmt(
        "UPDATE sms_messages m SET status = 'canceled', status_rank = $3, ended_why = 'superseded', finished_at = $2
         FROM user_conversations c
         WHERE c.id = $1 AND m.conversation_id = c.id AND m.status = 'queued' AND m.reply_epoch < c.reply_epoch
         RETURNING m.id, m.number_id",
    )
    .bind::<SqlUuid, _>(conversation)
    .bind::<Timestamptz, _>(now)
    .bind::<SmallInt, _>(DeliveryStatus::Canceled.rank())
    .load(conn)
    .await
}
