//! Attempts to sign in.

use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Bytea, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::store::stmt::stmt;
use crate::{Timestamp, UserId};

/// Records an attempt as a failure, to be taken back by [`forgive`] or [`welcome`]; gives its id.
pub async fn attempt(
    conn: &mut AsyncPgConnection,
    email_hash: &[u8],
    address: &str,
    now: Timestamp,
) -> QueryResult<i64> {
    #[derive(diesel::QueryableByName)]
    struct Made {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let made: Made = stmt(
        "INSERT INTO sign_in_failures (email_hash, address, at) VALUES ($1, $2, $3) RETURNING id",
    )
    .bind::<Bytea, _>(email_hash)
    .bind::<Text, _>(address)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await?;
    Ok(made.id)
}

/// It was no failure after all, or one that is not to count: it was not even looked at.
pub async fn forgive(conn: &mut AsyncPgConnection, attempt: i64) -> QueryResult<usize> {
    stmt("DELETE FROM sign_in_failures WHERE id = $1")
        .bind::<BigInt, _>(attempt)
        .execute(conn)
        .await
}

/// The person is in: their failures from this address are forgotten, and the address is known.
pub async fn welcome(
    conn: &mut AsyncPgConnection,
    user: UserId,
    email_hash: &[u8],
    address: &str,
    now: Timestamp,
) -> QueryResult<()> {
    stmt("DELETE FROM sign_in_failures WHERE email_hash = $1 AND address = $2")
        .bind::<Bytea, _>(email_hash)
        .bind::<Text, _>(address)
        .execute(conn)
        .await?;
    stmt(
        "INSERT INTO known_addresses (user_id, address, last_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, address) DO UPDATE SET last_at = $3",
    )
    .bind::<SqlUuid, _>(user)
    .bind::<Text, _>(address)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await
    .map(drop)
}

/// Forgets failures and addresses that no limit looks at any more.
pub async fn prune_attempts(
    conn: &mut AsyncPgConnection,
    failures_before: Timestamp,
    addresses_before: Timestamp,
) -> QueryResult<usize> {
    let failures = stmt("DELETE FROM sign_in_failures WHERE at < $1")
        .bind::<Timestamptz, _>(failures_before)
        .execute(conn)
        .await?;
    let addresses = stmt("DELETE FROM known_addresses WHERE last_at < $1")
        .bind::<Timestamptz, _>(addresses_before)
        .execute(conn)
        .await?;
    Ok(failures + addresses)
}
