//! Taking texts from the send queue: the commit before the call to the provider.
//!
//! In one transaction: [`candidates`] locks the pace of each number that has work, the caller picks
//! what its bucket allows, [`lock_conversations`] waits for whoever is changing them, [`claim`] reads
//! afresh whether each text may still leave, and [`draw`] takes the segments from the buckets.

use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Double, SmallInt, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::super::rows::{Candidate, Claimed};
use crate::delivery::DeliveryStatus;
use crate::store::stmt::stmt;
use crate::{ConversationId, MessageId, NumberId, Timestamp};

/// The next texts of each number that nobody else is claiming for, replies first; at most
/// `per_lane` of each lane, and of bulk not many more than the bucket has tokens for, so that a
/// campaign of a hundred thousand costs a look no more than a dozen texts do.
pub async fn candidates(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    per_lane: i64,
) -> QueryResult<Vec<Candidate>> {
    stmt(
        "WITH pace AS MATERIALIZED (
           SELECT p.number_id, p.reserve, LEAST(p.burst, p.tokens
             + GREATEST(0, EXTRACT(EPOCH FROM ($1 - p.tokens_at))::float8) * p.segments_per_second) AS tokens
           FROM number_pace p
           WHERE (p.paused_until IS NULL OR p.paused_until <= $1)
             AND EXISTS (SELECT 1 FROM sms_messages m
                         WHERE m.number_id = p.number_id AND m.status = 'queued' AND m.send_after <= $1)
           FOR UPDATE SKIP LOCKED)
         SELECT m.id, pace.number_id, m.conversation_id, m.lane, m.segments, pace.tokens, pace.reserve
         FROM pace CROSS JOIN (VALUES (0::smallint), (1::smallint)) AS lanes (lane)
         CROSS JOIN LATERAL (
           SELECT id, conversation_id, lane, segments, send_after FROM sms_messages
           WHERE number_id = pace.number_id AND lane = lanes.lane AND status = 'queued' AND send_after <= $1
           ORDER BY send_after, id
           LIMIT CASE WHEN lanes.lane = 0 THEN $2
             ELSE LEAST($2, GREATEST(1, ceil(pace.tokens - pace.reserve)::bigint)) END) AS m
         ORDER BY pace.number_id, m.lane, m.send_after, m.id",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(per_lane)
    .load(conn)
    .await
}

/// Waits for whoever is changing these conversations, and keeps others from doing so. Always in the
/// order of the ids, so that two claims cannot wait for each other.
pub async fn lock_conversations(
    conn: &mut AsyncPgConnection,
    ids: Vec<ConversationId>,
) -> QueryResult<()> {
    stmt("SELECT 1 FROM user_conversations WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE")
        .bind::<Array<SqlUuid>, _>(ids)
        .execute(conn)
        .await
        .map(drop)
}

/// Claims texts until `lease_until`. One whose recipient opted out, whose conversation is blocked,
/// whose number takes no texts, that a newer event made stale, or that answers something from before
/// `answers_since`, is canceled instead.
pub async fn claim(
    conn: &mut AsyncPgConnection,
    ids: Vec<MessageId>,
    now: Timestamp,
    lease_until: Timestamp,
    answers_since: Timestamp,
) -> QueryResult<Vec<Claimed>> {
    stmt(
        "WITH verdict AS (
           SELECT m.id, m.number_id, c.to_number, CASE
             WHEN c.conversation_status = 'blocked' THEN 'blocked'
             WHEN m.purpose <> 'opt_out_confirmation' AND EXISTS (
               SELECT 1 FROM opt_outs o WHERE o.account_id = m.account_id
                 AND o.phone_number = c.to_number AND o.revoked_at IS NULL) THEN 'opted_out'
             WHEN p.unreachable_code IS NOT NULL THEN 'unreachable'
             WHEN m.reply_epoch IS NOT NULL AND m.reply_epoch <> c.reply_epoch THEN 'superseded'
             WHEN m.reply_epoch IS NOT NULL AND m.created_at < $6 THEN 'expired'
           END AS why
           FROM sms_messages m JOIN user_conversations c ON c.id = m.conversation_id
           JOIN contacts p ON p.id = c.contact_id
           WHERE m.id = ANY($1) AND m.status = 'queued' FOR NO KEY UPDATE OF m),
         claimed AS (
           UPDATE sms_messages m SET
             status = CASE WHEN v.why IS NULL THEN 'sending' ELSE 'canceled' END,
             status_rank = CASE WHEN v.why IS NULL THEN $4 ELSE $5 END,
             ended_why = v.why,
             lease_until = CASE WHEN v.why IS NULL THEN $3 END,
             claimed_at = $2, attempts = m.attempts + 1, absences = 0,
             finished_at = CASE WHEN v.why IS NULL THEN NULL ELSE $2 END
           FROM verdict v WHERE m.id = v.id
           RETURNING m.id, m.account_id, m.conversation_id, m.number_id, v.to_number, m.body, m.segments,
             m.attempts, m.ended_why, m.lane, m.author, m.traceparent)
         SELECT claimed.*, n.phone_number AS from_number FROM claimed
         JOIN phone_numbers n ON n.id = claimed.number_id",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(lease_until)
    .bind::<SmallInt, _>(DeliveryStatus::Sending.rank())
    .bind::<SmallInt, _>(DeliveryStatus::Canceled.rank())
    .bind::<Timestamptz, _>(answers_since)
    .load(conn)
    .await
}

/// Takes segments from the buckets of numbers: each is left with `tokens` as of `now`.
pub async fn draw(
    conn: &mut AsyncPgConnection,
    left: Vec<(NumberId, f64)>,
    now: Timestamp,
) -> QueryResult<()> {
    let (numbers, tokens): (Vec<_>, Vec<_>) = left.into_iter().unzip();
    stmt(
        "UPDATE number_pace p SET tokens = u.tokens, tokens_at = $3
         FROM unnest($1, $2) AS u (number_id, tokens) WHERE p.number_id = u.number_id",
    )
    .bind::<Array<SqlUuid>, _>(numbers)
    .bind::<Array<Double>, _>(tokens)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await
    .map(drop)
}
