//! The journal of webhooks.

use diesel::result::QueryResult;
use diesel::sql_types::{Array, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::listen;
use super::outbox::SaidColumns;
use super::stmt::stmt;
use crate::{ReceiptId, Timestamp};

/// A webhook as it came, and what is to be said of it.
#[derive(Debug, Clone)]
pub struct NewReceipt {
    /// Our id of the receipt.
    pub id: ReceiptId,
    /// `twilio`.
    pub provider: &'static str,
    /// `sms_inbound`, `sms_status` or `malformed`.
    pub kind: &'static str,
    /// The provider's own id of what happened.
    pub dedupe_key: String,
    /// `webhook`, `spool` or `reconciliation`.
    pub source: &'static str,
    /// Path and query.
    pub request_target: String,
    /// The raw body.
    pub body: Vec<u8>,
    /// Why nothing could be made of it.
    pub problem: Option<String>,
    /// When it came.
    pub received_at: Timestamp,
}

#[derive(diesel::QueryableByName)]
struct Recorded {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Writing: `services/ingress` only.
pub mod write {
    use super::*;

    /// Records webhooks and says what they say, in one statement and so in one commit.
    ///
    /// `said` has one row a receipt that has something to say; `said_of` names its receipt. A
    /// webhook that was recorded before says nothing again. Returns the receipts that were new.
    pub async fn record(
        conn: &mut AsyncPgConnection,
        receipts: Vec<NewReceipt>,
        said: SaidColumns,
        said_of: Vec<Uuid>,
    ) -> QueryResult<Vec<ReceiptId>> {
        let mut columns = Columns::default();
        for receipt in receipts {
            columns.push(receipt);
        }
        let rows: Vec<Recorded> = stmt(
            "WITH receipt AS (
               INSERT INTO webhook_receipts (id, provider, kind, dedupe_key, source, request_target, body, problem, received_at)
               SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
               ON CONFLICT (provider, kind, dedupe_key) DO NOTHING RETURNING id),
             said AS (
               INSERT INTO outbox (id, event_type, account_id, occurred_at, traceparent, payload)
               SELECT u.id, u.event_type, u.account_id, u.occurred_at, u.traceparent, u.payload
               FROM unnest($10, $11, $12, $13, $14, $15, $16) AS u (id, event_type, account_id, occurred_at, traceparent, payload, receipt)
               JOIN receipt r ON r.id = u.receipt),
             woken AS (SELECT pg_notify($17, ''))
             SELECT r.id FROM receipt r CROSS JOIN woken",
        )
        .bind::<Array<SqlUuid>, _>(columns.ids)
        .bind::<Array<Text>, _>(columns.providers)
        .bind::<Array<Text>, _>(columns.kinds)
        .bind::<Array<Text>, _>(columns.dedupe_keys)
        .bind::<Array<Text>, _>(columns.sources)
        .bind::<Array<Text>, _>(columns.request_targets)
        .bind::<Array<Binary>, _>(columns.bodies)
        .bind::<Array<Nullable<Text>>, _>(columns.problems)
        .bind::<Array<Timestamptz>, _>(columns.received)
        .bind::<Array<SqlUuid>, _>(said.ids)
        .bind::<Array<Text>, _>(said.event_types)
        .bind::<Array<Nullable<SqlUuid>>, _>(said.accounts)
        .bind::<Array<Timestamptz>, _>(said.occurred)
        .bind::<Array<Nullable<Text>>, _>(said.traceparents)
        .bind::<Array<Binary>, _>(said.payloads)
        .bind::<Array<SqlUuid>, _>(said_of)
        .bind::<Text, _>(listen::OUTBOX)
        .load(conn)
        .await?;
        Ok(rows.into_iter().map(|row| ReceiptId::from_uuid(row.id)).collect())
    }

    /// Forgets receipts older than `before`; a bounded number a call, so that no lock is long.
    pub async fn prune(
        conn: &mut AsyncPgConnection,
        before: Timestamp,
        at_most: i64,
    ) -> QueryResult<usize> {
        stmt(
            "DELETE FROM webhook_receipts WHERE id IN
               (SELECT id FROM webhook_receipts WHERE received_at < $1 LIMIT $2)",
        )
        .bind::<Timestamptz, _>(before)
        .bind::<diesel::sql_types::BigInt, _>(at_most)
        .execute(conn)
        .await
    }
}

#[derive(Default)]
struct Columns {
    ids: Vec<ReceiptId>,
    providers: Vec<&'static str>,
    kinds: Vec<&'static str>,
    dedupe_keys: Vec<String>,
    sources: Vec<&'static str>,
    request_targets: Vec<String>,
    bodies: Vec<Vec<u8>>,
    problems: Vec<Option<String>>,
    received: Vec<Timestamp>,
}

impl Columns {
    fn push(&mut self, receipt: NewReceipt) {
        self.ids.push(receipt.id);
        self.providers.push(receipt.provider);
        self.kinds.push(receipt.kind);
        self.dedupe_keys.push(receipt.dedupe_key);
        self.sources.push(receipt.source);
        self.request_targets.push(receipt.request_target);
        self.bodies.push(receipt.body);
        self.problems.push(receipt.problem);
        self.received.push(receipt.received_at);
    }
}
