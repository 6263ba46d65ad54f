//! The embedded bus: the broker's queues as tables.

use diesel::result::QueryResult;
use diesel::sql_types::{
    Array, BigInt, Binary, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::listen;
use super::stmt::stmt;
use crate::Timestamp;

/// A message in a queue.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Queued {
    /// Order of arrival, and the handle for what becomes of it.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    /// The event's id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The event's type.
    #[diesel(sql_type = Text)]
    pub event_type: String,
    /// Whose it is.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub account_id: Option<Uuid>,
    /// When it happened.
    #[diesel(sql_type = Timestamptz)]
    pub occurred_at: Timestamp,
    /// W3C trace context.
    #[diesel(sql_type = Nullable<Text>)]
    pub traceparent: Option<String>,
    /// Protobuf.
    #[diesel(sql_type = Binary)]
    pub payload: Vec<u8>,
    /// How often it was tried and put back.
    #[diesel(sql_type = Integer)]
    pub attempt: i32,
    /// Why it is dead, if it is.
    #[diesel(sql_type = Nullable<Text>)]
    pub dead_why: Option<String>,
}

/// A message on its way into every queue that is bound to its type.
#[derive(Debug, Default)]
pub struct FanOut {
    /// Ids.
    pub ids: Vec<Uuid>,
    /// Types.
    pub event_types: Vec<String>,
    /// Accounts.
    pub accounts: Vec<Option<Uuid>>,
    /// Times.
    pub occurred: Vec<Timestamp>,
    /// Trace contexts.
    pub traceparents: Vec<Option<String>>,
    /// Bodies.
    pub payloads: Vec<Vec<u8>>,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(diesel::QueryableByName)]
struct Bound {
    #[diesel(sql_type = Text)]
    event_type: String,
}

/// Writing: `crates/bus` only.
pub mod write {
    use super::*;

    /// Binds a queue to a type of event.
    pub async fn bind(conn: &mut AsyncPgConnection, queue: &str, event: &str) -> QueryResult<()> {
        stmt("INSERT INTO bus_bindings (queue, event_type) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind::<Text, _>(queue)
            .bind::<Text, _>(event)
            .execute(conn)
            .await
            .map(drop)
    }

    /// Which of these types some queue is bound to.
    pub async fn bound(conn: &mut AsyncPgConnection) -> QueryResult<Vec<String>> {
        let rows: Vec<Bound> =
            stmt("SELECT DISTINCT event_type FROM bus_bindings").load(conn).await?;
        Ok(rows.into_iter().map(|row| row.event_type).collect())
    }

    /// Puts each message into every queue bound to its type; one that is there already stays once.
    pub async fn fan_out(conn: &mut AsyncPgConnection, rows: FanOut) -> QueryResult<()> {
        stmt(
            "WITH said AS (SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
                 WITH ORDINALITY AS u (id, event_type, account_id, occurred_at, traceparent, payload, n)),
               put AS (INSERT INTO bus_messages (queue, id, event_type, account_id, occurred_at, traceparent, payload)
                 SELECT b.queue, s.id, s.event_type, s.account_id, s.occurred_at, s.traceparent, s.payload
                 FROM said s JOIN bus_bindings b ON b.event_type = s.event_type ORDER BY s.n
                 ON CONFLICT (queue, id) DO NOTHING RETURNING 1)
             SELECT pg_notify($7, '') WHERE EXISTS (SELECT 1 FROM put)",
        )
        .bind::<Array<SqlUuid>, _>(rows.ids)
        .bind::<Array<Text>, _>(rows.event_types)
        .bind::<Array<Nullable<SqlUuid>>, _>(rows.accounts)
        .bind::<Array<Timestamptz>, _>(rows.occurred)
        .bind::<Array<Nullable<Text>>, _>(rows.traceparents)
        .bind::<Array<Binary>, _>(rows.payloads)
        .bind::<Text, _>(listen::BUS)
        .execute(conn)
        .await
        .map(drop)
    }

    /// Claims up to `at_most` visible messages; they are ours until `lease_until`.
    pub async fn claim(
        conn: &mut AsyncPgConnection,
        queue: &str,
        at_most: i64,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> QueryResult<Vec<Queued>> {
        let mut claimed: Vec<Queued> = stmt(
            "UPDATE bus_messages SET available_at = $4 WHERE seq IN (
               SELECT seq FROM bus_messages
               WHERE queue = $1 AND dead_why IS NULL AND available_at <= $3
               ORDER BY seq LIMIT $2 FOR UPDATE SKIP LOCKED)
             RETURNING seq, id, event_type, account_id, occurred_at, traceparent, payload, attempt, dead_why",
        )
        .bind::<Text, _>(queue)
        .bind::<BigInt, _>(at_most)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(lease_until)
        .load(conn)
        .await?;
        claimed.sort_by_key(|message| message.seq);
        Ok(claimed)
    }

    /// Keeps what is in hand.
    pub async fn renew(
        conn: &mut AsyncPgConnection,
        seqs: Vec<i64>,
        lease_until: Timestamp,
    ) -> QueryResult<usize> {
        stmt("UPDATE bus_messages SET available_at = $2 WHERE seq = ANY($1) AND dead_why IS NULL")
            .bind::<Array<BigInt>, _>(seqs)
            .bind::<Timestamptz, _>(lease_until)
            .execute(conn)
            .await
    }

    /// Done with: takes it away.
    pub async fn ack(conn: &mut AsyncPgConnection, seqs: Vec<i64>) -> QueryResult<usize> {
        stmt("DELETE FROM bus_messages WHERE seq = ANY($1)")
            .bind::<Array<BigInt>, _>(seqs)
            .execute(conn)
            .await
    }

    /// Puts it back, to be seen again at `at`, with `attempt` on it.
    pub async fn put_back(
        conn: &mut AsyncPgConnection,
        seq: i64,
        attempt: i32,
        at: Timestamp,
    ) -> QueryResult<usize> {
        stmt("UPDATE bus_messages SET available_at = $3, attempt = $2 WHERE seq = $1")
            .bind::<BigInt, _>(seq)
            .bind::<Integer, _>(attempt)
            .bind::<Timestamptz, _>(at)
            .execute(conn)
            .await
    }

    /// Sets it aside for a person.
    pub async fn bury(conn: &mut AsyncPgConnection, seq: i64, why: &str) -> QueryResult<usize> {
        stmt("UPDATE bus_messages SET dead_why = $2 WHERE seq = $1")
            .bind::<BigInt, _>(seq)
            .bind::<Text, _>(why)
            .execute(conn)
            .await
    }

    /// Gives dead messages of a queue another life; returns how many.
    pub async fn replay(
        conn: &mut AsyncPgConnection,
        queue: &str,
        at_most: i64,
        now: Timestamp,
    ) -> QueryResult<usize> {
        stmt(
            "WITH back AS (UPDATE bus_messages SET dead_why = NULL, attempt = 0, available_at = $3
               WHERE seq IN (SELECT seq FROM bus_messages WHERE queue = $1 AND dead_why IS NOT NULL
                             ORDER BY seq LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING seq)
             SELECT pg_notify($4, '') FROM back",
        )
        .bind::<Text, _>(queue)
        .bind::<BigInt, _>(at_most)
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(listen::BUS)
        .execute(conn)
        .await
    }

    /// How many messages of a queue wait (`dead` false) or are dead (`dead` true).
    pub async fn count(
        conn: &mut AsyncPgConnection,
        queue: &str,
        kind: super::Kind,
    ) -> QueryResult<i64> {
        let sql = match kind {
            super::Kind::Waiting => {
                "SELECT count(*) AS count FROM bus_messages WHERE queue = $1 AND dead_why IS NULL"
            }
            super::Kind::Dead => {
                "SELECT count(*) AS count FROM bus_messages WHERE queue = $1 AND dead_why IS NOT NULL"
            }
        };
        let row: Count = stmt(sql).bind::<Text, _>(queue).get_result(conn).await?;
        Ok(row.count)
    }
}

/// Which messages of a queue to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To be handled.
    Waiting,
    /// Set aside.
    Dead,
}
