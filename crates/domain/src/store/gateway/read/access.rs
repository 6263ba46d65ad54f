//! How people and programs come in: the gateway alone may ask.

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Bytea, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::super::rows::{AttemptsRow, CallerRow, LoginRow, SecondFactorRow, SessionRow, TokenRow};
use crate::store::stmt::stmt;
use crate::{Timestamp, UserId};

/// Who has this e-mail address.
pub async fn login(conn: &mut AsyncPgConnection, email: &str) -> QueryResult<Option<LoginRow>> {
    stmt(
        "SELECT u.id, u.account_id, u.password_hash, u.disabled_at IS NOT NULL AS disabled,
           f.confirmed_at IS NOT NULL AS second_factor
         FROM users u LEFT JOIN second_factors f ON f.user_id = u.id WHERE lower(u.email) = lower($1)",
    )
    .bind::<Text, _>(email)
    .get_result(conn)
    .await
    .optional()
}

/// A person's password, hashed; `None` until they have one.
pub async fn password_hash(
    conn: &mut AsyncPgConnection,
    user: UserId,
) -> QueryResult<Option<String>> {
    #[derive(diesel::QueryableByName)]
    struct Hash {
        #[diesel(sql_type = Nullable<Text>)]
        password_hash: Option<String>,
    }
    let row: Option<Hash> = stmt("SELECT password_hash FROM users WHERE id = $1")
        .bind::<SqlUuid, _>(user)
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.and_then(|row| row.password_hash))
}

/// What stands against an attempt (one that is recorded already, as `attempt`): the fifth last failure
/// of the pair, the 30th of the address, the 100th of the person.
pub async fn attempts(
    conn: &mut AsyncPgConnection,
    attempt: i64,
    now: Timestamp,
) -> QueryResult<AttemptsRow> {
    stmt(
        "WITH me AS (SELECT email_hash, address FROM sign_in_failures WHERE id = $1)
         SELECT
           (SELECT f.at FROM sign_in_failures f, me WHERE f.email_hash = me.email_hash
              AND f.address = me.address AND f.id <> $1 AND f.at > $2 - interval '15 minutes'
            ORDER BY f.at DESC OFFSET 4 LIMIT 1) AS pair,
           (SELECT f.at FROM sign_in_failures f, me WHERE f.address = me.address
              AND f.id <> $1 AND f.at > $2 - interval '15 minutes'
            ORDER BY f.at DESC OFFSET 29 LIMIT 1) AS address,
           (SELECT f.at FROM sign_in_failures f, me WHERE f.email_hash = me.email_hash
              AND f.id <> $1 AND f.at > $2 - interval '1 hour'
              AND NOT EXISTS (SELECT 1 FROM known_addresses k JOIN users u ON u.id = k.user_id
                WHERE sha256(convert_to(lower(u.email), 'UTF8')) = me.email_hash
                  AND k.address = me.address AND k.last_at > $2 - interval '30 days')
            ORDER BY f.at DESC OFFSET 99 LIMIT 1) AS email",
    )
    .bind::<BigInt, _>(attempt)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
}

/// Who came in with this cookie: while the session has not ended, was used since `idle_since` and its
/// person is not kept out.
pub async fn caller_by_session(
    conn: &mut AsyncPgConnection,
    secret_hash: &[u8],
    now: Timestamp,
    idle_since: Timestamp,
) -> QueryResult<Option<CallerRow>> {
    stmt(
        "SELECT s.id AS credential_id, u.id AS user_id, u.account_id, u.email, u.name AS user_name, u.role,
           f.confirmed_at IS NOT NULL AS second_factor, a.name AS account_name, a.time_zone, a.language,
           NULL::text[] AS scopes, s.last_seen_at AS seen_at, s.expires_at
         FROM sessions s JOIN users u ON u.id = s.user_id JOIN accounts a ON a.id = u.account_id
           LEFT JOIN second_factors f ON f.user_id = u.id
         WHERE s.secret_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND u.disabled_at IS NULL",
    )
    .bind::<Bytea, _>(secret_hash)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(idle_since)
    .get_result(conn)
    .await
    .optional()
}

/// Who came in with this token.
pub async fn caller_by_token(
    conn: &mut AsyncPgConnection,
    secret_hash: &[u8],
    now: Timestamp,
) -> QueryResult<Option<CallerRow>> {
    stmt(
        "SELECT t.id AS credential_id, u.id AS user_id, u.account_id, u.email, u.name AS user_name, u.role,
           f.confirmed_at IS NOT NULL AS second_factor, a.name AS account_name, a.time_zone, a.language,
           t.scopes, t.last_used_at AS seen_at, t.expires_at
         FROM api_tokens t JOIN users u ON u.id = t.user_id JOIN accounts a ON a.id = u.account_id
           LEFT JOIN second_factors f ON f.user_id = u.id
         WHERE t.secret_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)
           AND u.disabled_at IS NULL",
    )
    .bind::<Bytea, _>(secret_hash)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()
}

/// Which of these sessions and tokens are in force.
pub async fn in_force(
    conn: &mut AsyncPgConnection,
    ids: Vec<Uuid>,
    now: Timestamp,
    idle_since: Timestamp,
) -> QueryResult<Vec<Uuid>> {
    #[derive(diesel::QueryableByName)]
    struct Good {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
    }
    let rows: Vec<Good> = stmt(
        "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.id = ANY($1) AND s.expires_at > $2 AND s.last_seen_at > $3 AND u.disabled_at IS NULL
         UNION ALL
         SELECT t.id FROM api_tokens t JOIN users u ON u.id = t.user_id
         WHERE t.id = ANY($1) AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)
           AND u.disabled_at IS NULL",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(idle_since)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// A person's sessions that have not ended, the latest used first.
pub async fn sessions(
    conn: &mut AsyncPgConnection,
    user: UserId,
    now: Timestamp,
    idle_since: Timestamp,
) -> QueryResult<Vec<SessionRow>> {
    stmt(
        "SELECT id, created_at, last_seen_at, user_agent, address FROM sessions
         WHERE user_id = $1 AND expires_at > $2 AND last_seen_at > $3
         ORDER BY last_seen_at DESC, id DESC LIMIT 200",
    )
    .bind::<SqlUuid, _>(user)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(idle_since)
    .load(conn)
    .await
}

/// A person's second factor.
pub async fn second_factor(
    conn: &mut AsyncPgConnection,
    user: UserId,
) -> QueryResult<Option<SecondFactorRow>> {
    stmt("SELECT secret, confirmed_at FROM second_factors WHERE user_id = $1")
        .bind::<SqlUuid, _>(user)
        .get_result(conn)
        .await
        .optional()
}

/// A person's tokens that are not revoked, the newest first.
pub async fn tokens(conn: &mut AsyncPgConnection, user: UserId) -> QueryResult<Vec<TokenRow>> {
    stmt(
        "SELECT id, name, scopes, prefix, created_at, last_used_at, expires_at FROM api_tokens
         WHERE user_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 200",
    )
    .bind::<SqlUuid, _>(user)
    .load(conn)
    .await
}
