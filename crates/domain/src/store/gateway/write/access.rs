//! Sessions and second factors.

use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Bytea, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::and_tell_all;
use crate::store::stmt::stmt;
use crate::{SessionId, Timestamp, UserId};

/// A browser that signs in.
#[derive(Clone, Copy)]
pub struct NewSession<'a> {
    /// Its id.
    pub id: SessionId,
    /// SHA-256 of what the cookie holds.
    pub secret_hash: &'a [u8],
    /// Who.
    pub user: UserId,
    /// When.
    pub at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// What the browser calls itself, at most 200 characters.
    pub user_agent: &'a str,
    /// From where.
    pub address: &'a str,
}

/// Opens a session. A person has at most 50: the one that was not used for longest ends.
pub async fn open_session(conn: &mut AsyncPgConnection, new: &NewSession<'_>) -> QueryResult<()> {
    // The person before their sessions, as everywhere: two who took them the other way round would
    // wait for each other.
    seen(conn, new.user, new.at).await?;
    stmt(
        "DELETE FROM sessions WHERE id IN (
           SELECT id FROM sessions WHERE user_id = $1 ORDER BY last_seen_at DESC, id DESC OFFSET 49)",
    )
    .bind::<SqlUuid, _>(new.user)
    .execute(conn)
    .await?;
    stmt(
        "INSERT INTO sessions
           (id, secret_hash, user_id, created_at, last_seen_at, expires_at, user_agent, address)
         VALUES ($1, $2, $3, $4, $4, $5, $6, $7)",
    )
    .bind::<SqlUuid, _>(new.id)
    .bind::<Bytea, _>(new.secret_hash)
    .bind::<SqlUuid, _>(new.user)
    .bind::<Timestamptz, _>(new.at)
    .bind::<Timestamptz, _>(new.expires_at)
    .bind::<Text, _>(new.user_agent)
    .bind::<Text, _>(new.address)
    .execute(conn)
    .await
    .map(drop)
}

async fn seen(conn: &mut AsyncPgConnection, user: UserId, now: Timestamp) -> QueryResult<usize> {
    stmt("UPDATE users SET last_seen_at = $2 WHERE id = $1")
        .bind::<SqlUuid, _>(user)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await
}

/// Gives a session another secret: who holds the one before is signed out.
pub async fn renew_session(
    conn: &mut AsyncPgConnection,
    id: SessionId,
    secret_hash: &[u8],
) -> QueryResult<usize> {
    stmt(and_tell_all!("UPDATE sessions SET secret_hash = $2 WHERE id = $1"))
        .bind::<SqlUuid, _>(id)
        .bind::<Bytea, _>(secret_hash)
        .execute(conn)
        .await
}

/// Notes that a session and its person were here. Not for a transaction: it takes the session first.
pub async fn touch_session(
    conn: &mut AsyncPgConnection,
    user: UserId,
    id: SessionId,
    now: Timestamp,
) -> QueryResult<()> {
    let touched = stmt("UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2")
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    if touched == 1 {
        seen(conn, user, now).await?;
    }
    Ok(())
}

/// Ends one of a person's sessions; `false` when there is none.
pub async fn end_session(
    conn: &mut AsyncPgConnection,
    user: UserId,
    id: SessionId,
) -> QueryResult<bool> {
    let ended = stmt(and_tell_all!("DELETE FROM sessions WHERE user_id = $1 AND id = $2"))
        .bind::<SqlUuid, _>(user)
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(ended == 1)
}

/// Ends the session that a cookie belongs to, if it does.
pub async fn end_session_of_secret(
    conn: &mut AsyncPgConnection,
    secret_hash: &[u8],
) -> QueryResult<usize> {
    stmt(and_tell_all!("DELETE FROM sessions WHERE secret_hash = $1"))
        .bind::<Bytea, _>(secret_hash)
        .execute(conn)
        .await
}

/// Ends a person's sessions, all but one if so asked.
pub async fn end_sessions(
    conn: &mut AsyncPgConnection,
    user: UserId,
    but: Option<SessionId>,
) -> QueryResult<usize> {
    stmt(and_tell_all!("DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2"))
        .bind::<SqlUuid, _>(user)
        .bind::<Nullable<SqlUuid>, _>(but)
        .execute(conn)
        .await
}

/// Forgets sessions that have ended by themselves.
pub async fn prune_sessions(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    idle_since: Timestamp,
) -> QueryResult<usize> {
    stmt("DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at <= $2")
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(idle_since)
        .execute(conn)
        .await
}

/// Prepares a second factor that the person must confirm; one that is confirmed stays as it is.
pub async fn start_second_factor(
    conn: &mut AsyncPgConnection,
    user: UserId,
    secret: &[u8],
    now: Timestamp,
) -> QueryResult<bool> {
    let made = stmt(
        "INSERT INTO second_factors (user_id, secret, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET secret = $2, created_at = $3, last_step = 0
         WHERE second_factors.confirmed_at IS NULL",
    )
    .bind::<SqlUuid, _>(user)
    .bind::<Bytea, _>(secret)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(made == 1)
}

/// From now on the code is asked for; `step` is used up and these are the recovery codes. `false`
/// when it was confirmed before.
pub async fn confirm_second_factor(
    conn: &mut AsyncPgConnection,
    user: UserId,
    step: i64,
    code_hashes: Vec<Vec<u8>>,
    now: Timestamp,
) -> QueryResult<bool> {
    let confirmed = stmt(and_tell_all!(
        "UPDATE second_factors SET confirmed_at = $2, last_step = $3
         WHERE user_id = $1 AND confirmed_at IS NULL"
    ))
    .bind::<SqlUuid, _>(user)
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(step)
    .execute(conn)
    .await?;
    if confirmed == 0 {
        return Ok(false);
    }
    stmt("INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, unnest($2)")
        .bind::<SqlUuid, _>(user)
        .bind::<Array<Bytea>, _>(code_hashes)
        .execute(conn)
        .await?;
    Ok(true)
}

/// Takes the second factor away, with its recovery codes.
pub async fn drop_second_factor(conn: &mut AsyncPgConnection, user: UserId) -> QueryResult<usize> {
    stmt(and_tell_all!("DELETE FROM second_factors WHERE user_id = $1"))
        .bind::<SqlUuid, _>(user)
        .execute(conn)
        .await
}

/// Uses up the code of a time step; `false` when it, or a later one, was used before.
pub async fn take_code(conn: &mut AsyncPgConnection, user: UserId, step: i64) -> QueryResult<bool> {
    let taken = stmt(
        "UPDATE second_factors SET last_step = $2
         WHERE user_id = $1 AND confirmed_at IS NOT NULL AND last_step < $2",
    )
    .bind::<SqlUuid, _>(user)
    .bind::<BigInt, _>(step)
    .execute(conn)
    .await?;
    Ok(taken == 1)
}

/// Uses up a recovery code; `false` when there is none such or it was used before.
pub async fn take_recovery_code(
    conn: &mut AsyncPgConnection,
    user: UserId,
    code_hash: &[u8],
    now: Timestamp,
) -> QueryResult<bool> {
    let taken = stmt(
        "UPDATE recovery_codes SET used_at = $3
         WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL",
    )
    .bind::<SqlUuid, _>(user)
    .bind::<Bytea, _>(code_hash)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(taken == 1)
}
