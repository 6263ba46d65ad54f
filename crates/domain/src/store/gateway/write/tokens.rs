//! What programs sign in with.

use diesel::result::QueryResult;
use diesel::sql_types::{Array, Bytea, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::and_tell_all;
use crate::store::stmt::stmt;
use crate::{AccountId, Timestamp, TokenId, UserId};

/// A token.
#[derive(Clone, Copy)]
pub struct NewToken<'a> {
    /// Its id.
    pub id: TokenId,
    /// Whose account.
    pub account: AccountId,
    /// In whose name.
    pub user: UserId,
    /// What they call it.
    pub name: &'a str,
    /// SHA-256 of it.
    pub secret_hash: &'a [u8],
    /// Its beginning.
    pub prefix: &'a str,
    /// What it may do.
    pub scopes: &'a [String],
    /// When.
    pub at: Timestamp,
    /// Until when it is good.
    pub expires_at: Option<Timestamp>,
}

/// Makes a token; `false` when the person has 50 already.
pub async fn create_token(conn: &mut AsyncPgConnection, new: &NewToken<'_>) -> QueryResult<bool> {
    let made = stmt(
        "INSERT INTO api_tokens
           (id, account_id, user_id, name, secret_hash, prefix, scopes, created_at, expires_at)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
         WHERE (SELECT count(*) FROM api_tokens WHERE user_id = $3 AND revoked_at IS NULL) < 50",
    )
    .bind::<SqlUuid, _>(new.id)
    .bind::<SqlUuid, _>(new.account)
    .bind::<SqlUuid, _>(new.user)
    .bind::<Text, _>(new.name)
    .bind::<Bytea, _>(new.secret_hash)
    .bind::<Text, _>(new.prefix)
    .bind::<Array<Text>, _>(new.scopes)
    .bind::<Timestamptz, _>(new.at)
    .bind::<Nullable<Timestamptz>, _>(new.expires_at)
    .execute(conn)
    .await?;
    Ok(made == 1)
}

/// Ends one of a person's tokens; `false` when there is none.
pub async fn revoke_token(
    conn: &mut AsyncPgConnection,
    user: UserId,
    id: TokenId,
    now: Timestamp,
) -> QueryResult<bool> {
    let revoked = stmt(and_tell_all!(
        "UPDATE api_tokens SET revoked_at = $3 WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL"
    ))
    .bind::<SqlUuid, _>(user)
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(revoked == 1)
}

/// Notes that a token was used.
pub async fn touch_token(
    conn: &mut AsyncPgConnection,
    id: TokenId,
    now: Timestamp,
) -> QueryResult<usize> {
    stmt("UPDATE api_tokens SET last_used_at = $2 WHERE id = $1")
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await
}
