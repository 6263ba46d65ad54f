//! What came of a POST that may be sent again.

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{Bytea, Jsonb, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::stmt::stmt;
use crate::{AccountId, Timestamp, UserId};

/// Who sent it, and under which key.
#[derive(Debug, Clone, Copy)]
pub struct KeyOf<'a> {
    /// The account.
    pub account: AccountId,
    /// The person.
    pub user: UserId,
    /// The caller's `Idempotency-Key`.
    pub key: &'a str,
}

/// What was answered.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Answered {
    /// SHA-256 of the request.
    #[diesel(sql_type = Bytea)]
    pub fingerprint: Vec<u8>,
    /// HTTP status.
    #[diesel(sql_type = SmallInt)]
    pub status: i16,
    /// The body.
    #[diesel(sql_type = Jsonb)]
    pub answer: serde_json::Value,
}

/// What was answered under this key, if anything was.
pub async fn answered(
    conn: &mut AsyncPgConnection,
    of: KeyOf<'_>,
) -> QueryResult<Option<Answered>> {
    stmt(
        "SELECT fingerprint, status, answer FROM idempotency_keys
         WHERE account_id = $1 AND user_id = $2 AND key = $3",
    )
    .bind::<SqlUuid, _>(of.account)
    .bind::<SqlUuid, _>(of.user)
    .bind::<Text, _>(of.key)
    .get_result(conn)
    .await
    .optional()
}

/// Writing: `crates/chassis` only.
pub mod write {
    use super::*;

    /// Takes the key for this transaction; `false` when it is taken. While another transaction has it,
    /// this waits for its end, and then either finds its answer or takes the key that it gave up.
    pub async fn take(
        conn: &mut AsyncPgConnection,
        of: KeyOf<'_>,
        fingerprint: &[u8],
        now: Timestamp,
    ) -> QueryResult<bool> {
        let taken = stmt(
            "INSERT INTO idempotency_keys (account_id, user_id, key, fingerprint, status, answer, created_at)
             VALUES ($1, $2, $3, $4, 0, 'null', $5) ON CONFLICT DO NOTHING",
        )
        .bind::<SqlUuid, _>(of.account)
        .bind::<SqlUuid, _>(of.user)
        .bind::<Text, _>(of.key)
        .bind::<Bytea, _>(fingerprint)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
        Ok(taken == 1)
    }

    /// Keeps the answer, in the transaction that took the key.
    pub async fn keep(
        conn: &mut AsyncPgConnection,
        of: KeyOf<'_>,
        status: i16,
        answer: &serde_json::Value,
    ) -> QueryResult<()> {
        stmt(
            "UPDATE idempotency_keys SET status = $4, answer = $5
             WHERE account_id = $1 AND user_id = $2 AND key = $3",
        )
        .bind::<SqlUuid, _>(of.account)
        .bind::<SqlUuid, _>(of.user)
        .bind::<Text, _>(of.key)
        .bind::<SmallInt, _>(status)
        .bind::<Jsonb, _>(answer)
        .execute(conn)
        .await
        .map(drop)
    }

    /// Forgets what was answered before `before`.
    pub async fn prune(conn: &mut AsyncPgConnection, before: Timestamp) -> QueryResult<usize> {
        stmt("DELETE FROM idempotency_keys WHERE created_at < $1")
            .bind::<Timestamptz, _>(before)
            .execute(conn)
            .await
    }
}
