//! The outbox: events that were said and have not reached the bus yet.

use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::listen;
use super::stmt::stmt;
use crate::Timestamp;

/// A row: one event, encoded.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Said {
    /// Order of writing; only the relay uses it.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    /// The event's id, which a hearer's inbox remembers.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// `sms.received`, ….
    #[diesel(sql_type = Text)]
    pub event_type: String,
    /// Whose it is; `None` where the sayer does not know (a webhook).
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub account_id: Option<Uuid>,
    /// When it happened.
    #[diesel(sql_type = Timestamptz)]
    pub occurred_at: Timestamp,
    /// W3C trace context of the sayer.
    #[diesel(sql_type = Nullable<Text>)]
    pub traceparent: Option<String>,
    /// Protobuf.
    #[diesel(sql_type = Binary)]
    pub payload: Vec<u8>,
}

/// What goes into a row; `seq` comes from the database.
#[derive(Debug, Clone)]
pub struct NewSaid {
    /// See [`Said::id`].
    pub id: Uuid,
    /// See [`Said::event_type`].
    pub event_type: &'static str,
    /// See [`Said::account_id`].
    pub account_id: Option<Uuid>,
    /// See [`Said::occurred_at`].
    pub occurred_at: Timestamp,
    /// See [`Said::traceparent`].
    pub traceparent: Option<String>,
    /// See [`Said::payload`].
    pub payload: Vec<u8>,
}

/// The same rows turned into columns, as `unnest` takes them.
#[derive(Debug, Default)]
pub struct SaidColumns {
    /// Ids.
    pub ids: Vec<Uuid>,
    /// Types.
    pub event_types: Vec<&'static str>,
    /// Accounts.
    pub accounts: Vec<Option<Uuid>>,
    /// Times.
    pub occurred: Vec<Timestamp>,
    /// Trace contexts.
    pub traceparents: Vec<Option<String>>,
    /// Bodies.
    pub payloads: Vec<Vec<u8>>,
}

impl SaidColumns {
    /// Adds a row.
    pub fn push(&mut self, said: NewSaid) {
        self.ids.push(said.id);
        self.event_types.push(said.event_type);
        self.accounts.push(said.account_id);
        self.occurred.push(said.occurred_at);
        self.traceparents.push(said.traceparent);
        self.payloads.push(said.payload);
    }
}

/// Writing: `crates/outbox` only.
pub mod write {
    use super::*;

    /// Adds events to the transaction and wakes the relay when it commits.
    pub async fn enqueue(conn: &mut AsyncPgConnection, rows: SaidColumns) -> QueryResult<()> {
        stmt(
            "WITH said AS (INSERT INTO outbox (id, event_type, account_id, occurred_at, traceparent, payload)
               SELECT * FROM unnest($1, $2, $3, $4, $5, $6) RETURNING 1)
             SELECT pg_notify($7, '') WHERE EXISTS (SELECT 1 FROM said)",
        )
        .bind::<Array<SqlUuid>, _>(rows.ids)
        .bind::<Array<Text>, _>(rows.event_types)
        .bind::<Array<Nullable<SqlUuid>>, _>(rows.accounts)
        .bind::<Array<Timestamptz>, _>(rows.occurred)
        .bind::<Array<Nullable<Text>>, _>(rows.traceparents)
        .bind::<Array<Binary>, _>(rows.payloads)
        .bind::<Text, _>(listen::OUTBOX)
        .execute(conn)
        .await
        .map(drop)
    }

    /// The oldest rows that may be said now.
    pub async fn next(conn: &mut AsyncPgConnection, at_most: i64) -> QueryResult<Vec<Said>> {
        stmt(
            "SELECT seq, id, event_type, account_id, occurred_at, traceparent, payload
             FROM outbox WHERE held_until IS NULL ORDER BY seq LIMIT $1",
        )
        .bind::<BigInt, _>(at_most)
        .load(conn)
        .await
    }

    /// Takes away what the bus has confirmed.
    pub async fn forget(conn: &mut AsyncPgConnection, seqs: Vec<i64>) -> QueryResult<usize> {
        stmt("DELETE FROM outbox WHERE seq = ANY($1)")
            .bind::<Array<BigInt>, _>(seqs)
            .execute(conn)
            .await
    }

    /// Sets aside what the bus refused, so that the rest can pass.
    pub async fn hold(
        conn: &mut AsyncPgConnection,
        seqs: Vec<i64>,
        until: Timestamp,
    ) -> QueryResult<usize> {
        stmt("UPDATE outbox SET held_until = $2 WHERE seq = ANY($1)")
            .bind::<Array<BigInt>, _>(seqs)
            .bind::<Timestamptz, _>(until)
            .execute(conn)
            .await
    }

    /// Lets what was set aside be tried again.
    pub async fn release(conn: &mut AsyncPgConnection, now: Timestamp) -> QueryResult<usize> {
        stmt("UPDATE outbox SET held_until = NULL WHERE held_until <= $1")
            .bind::<Timestamptz, _>(now)
            .execute(conn)
            .await
    }

    /// Takes the relay's seat if it is free. It belongs to the session: it falls free when we die.
    pub async fn take_seat(conn: &mut AsyncPgConnection) -> QueryResult<bool> {
        #[derive(diesel::QueryableByName)]
        struct Seat {
            #[diesel(sql_type = diesel::sql_types::Bool)]
            taken: bool,
        }
        let seat: Seat =
            stmt("SELECT pg_try_advisory_lock(7318349394477057) AS taken").get_result(conn).await?;
        Ok(seat.taken)
    }
}
