//! What came of a send: the commit after the call to the provider, and everything that is learned
//! later.

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::super::rows::{StatusRow, Uncertain};
use crate::delivery::DeliveryStatus;
use crate::store::stmt::stmt;
use crate::{MessageId, MessageSid, Timestamp};

/// The provider took it. A status callback may have been faster: then only what is missing is
/// filled in. Returns whether the row moved.
pub async fn record_sent(
    conn: &mut AsyncPgConnection,
    id: MessageId,
    sid: &MessageSid,
    now: Timestamp,
) -> QueryResult<bool> {
    let moved = stmt(
        "UPDATE sms_messages SET twilio_sid = COALESCE(twilio_sid, $2), sent_at = COALESCE(sent_at, $3),
           lease_until = NULL, status = 'sent', status_rank = $4
         WHERE id = $1 AND status_rank < $4",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(sid.as_str())
    .bind::<Timestamptz, _>(now)
    .bind::<SmallInt, _>(DeliveryStatus::Sent.rank())
    .execute(conn)
    .await?;
    if moved == 0 {
        stmt("UPDATE sms_messages SET twilio_sid = $2 WHERE id = $1 AND twilio_sid IS NULL")
            .bind::<SqlUuid, _>(id)
            .bind::<Text, _>(sid.as_str())
            .execute(conn)
            .await?;
    }
    Ok(moved == 1)
}

/// It certainly did not leave, and will be tried again at `send_after`. `from` is the state that we
/// know it to be in; another means that a report was faster, and then nothing happens.
pub async fn put_back(
    conn: &mut AsyncPgConnection,
    id: MessageId,
    from: DeliveryStatus,
    send_after: Timestamp,
) -> QueryResult<bool> {
    let moved = stmt(
        "UPDATE sms_messages SET status = 'queued', status_rank = $4, lease_until = NULL, send_after = $3, absences = 0
         WHERE id = $1 AND status = $2",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(from.as_str())
    .bind::<Timestamptz, _>(send_after)
    .bind::<SmallInt, _>(DeliveryStatus::Queued.rank())
    .execute(conn)
    .await?;
    Ok(moved == 1)
}

/// The request may have left us and no answer came back: the provider is asked from `look_at` on.
pub async fn uncertain(
    conn: &mut AsyncPgConnection,
    id: MessageId,
    look_at: Timestamp,
) -> QueryResult<bool> {
    let moved = stmt(
        "UPDATE sms_messages SET status = 'uncertain', status_rank = $3, lease_until = $2
         WHERE id = $1 AND status = 'sending'",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(look_at)
    .bind::<SmallInt, _>(DeliveryStatus::Uncertain.rank())
    .execute(conn)
    .await?;
    Ok(moved == 1)
}

/// Whoever claimed these died before they could say what came of it: they are uncertain now.
pub async fn expire_leases(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    look_at: Timestamp,
) -> QueryResult<usize> {
    stmt(
        "UPDATE sms_messages SET status = 'uncertain', status_rank = $3, lease_until = $2
         WHERE id IN (SELECT id FROM sms_messages WHERE status = 'sending' AND lease_until < $1
                      LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED)",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(look_at)
    .bind::<SmallInt, _>(DeliveryStatus::Uncertain.rank())
    .execute(conn)
    .await
}

/// It ends here, by our own decision or the provider's refusal.
pub async fn end(
    conn: &mut AsyncPgConnection,
    id: MessageId,
    status: DeliveryStatus,
    code: Option<i32>,
    why: Option<&str>,
    now: Timestamp,
) -> QueryResult<bool> {
    let moved = stmt(
        "UPDATE sms_messages SET status = $2, status_rank = $3, error_code = COALESCE($4, error_code),
           ended_why = COALESCE($5, ended_why), lease_until = NULL, finished_at = $6
         WHERE id = $1 AND status_rank < $3",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(status.as_str())
    .bind::<SmallInt, _>(status.rank())
    .bind::<Nullable<Integer>, _>(code)
    .bind::<Nullable<Text>, _>(why)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(moved == 1)
}

/// Locks a text by our id or, without one, by the provider's.
pub async fn lock_status(
    conn: &mut AsyncPgConnection,
    id: Option<MessageId>,
    sid: &MessageSid,
) -> QueryResult<Option<StatusRow>> {
    stmt(
        "SELECT m.id, m.account_id, m.conversation_id, m.number_id, c.to_number, m.status, m.error_code, m.twilio_sid
         FROM sms_messages m JOIN user_conversations c ON c.id = m.conversation_id
         WHERE m.direction = 'outbound' AND (m.id = $1 OR ($1 IS NULL AND m.twilio_sid = $2))
         FOR NO KEY UPDATE OF m",
    )
    .bind::<Nullable<SqlUuid>, _>(id)
    .bind::<Text, _>(sid.as_str())
    .get_result(conn)
    .await
    .optional()
}

/// Writes what [`crate::delivery::merge`] made of a report. The caller holds the row's lock.
pub async fn set_status(
    conn: &mut AsyncPgConnection,
    id: MessageId,
    sid: &MessageSid,
    status: DeliveryStatus,
    code: Option<i32>,
    now: Timestamp,
) -> QueryResult<()> {
    stmt(
        "UPDATE sms_messages SET status = $3, status_rank = $4, error_code = $5,
           twilio_sid = COALESCE(twilio_sid, $2), lease_until = NULL, sent_at = COALESCE(sent_at, $6),
           finished_at = CASE WHEN $4 > $7 THEN COALESCE(finished_at, $6) END
         WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(sid.as_str())
    .bind::<Text, _>(status.as_str())
    .bind::<SmallInt, _>(status.rank())
    .bind::<Nullable<Integer>, _>(code)
    .bind::<Timestamptz, _>(now)
    .bind::<SmallInt, _>(DeliveryStatus::Sent.rank())
    .execute(conn)
    .await
    .map(drop)
}

/// Texts that are uncertain and due to be looked for; each is ours until `lease_until`.
pub async fn adopt(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    lease_until: Timestamp,
    at_most: i64,
) -> QueryResult<Vec<Uncertain>> {
    stmt(
        "WITH due AS (
           SELECT id FROM sms_messages WHERE status = 'uncertain' AND lease_until <= $1
           ORDER BY lease_until LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
         UPDATE sms_messages m SET lease_until = $2 FROM due, user_conversations c, phone_numbers n
         WHERE m.id = due.id AND c.id = m.conversation_id AND n.id = m.number_id
         RETURNING m.id, m.account_id, m.conversation_id, m.number_id, n.phone_number AS from_number, c.to_number, m.body,
           COALESCE(m.claimed_at, m.created_at) AS claimed_at, m.absences",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(lease_until)
    .bind::<BigInt, _>(at_most)
    .load(conn)
    .await
}

/// The provider's list did not have it; it will be looked for again at `look_at`.
pub async fn still_absent(
    conn: &mut AsyncPgConnection,
    id: MessageId,
    look_at: Timestamp,
) -> QueryResult<()> {
    stmt(
        "UPDATE sms_messages SET absences = absences + 1, lease_until = $2
         WHERE id = $1 AND status = 'uncertain'",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(look_at)
    .execute(conn)
    .await
    .map(drop)
}
