//! Accounts, the people in them and those who are invited.

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Bytea, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::super::rows::{AccountDetails, AccountRow, InvitationRow, OpenInvitationRow, UserRow};
use crate::store::stmt::stmt;
use crate::{AccountId, InvitationId, Timestamp, UserId};

/// One account, as every service needs it.
pub async fn account(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<Option<AccountRow>> {
    stmt("SELECT name, time_zone, language FROM accounts WHERE id = $1")
        .bind::<SqlUuid, _>(account)
        .get_result(conn)
        .await
        .optional()
}

/// All of one account.
pub async fn account_details(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<Option<AccountDetails>> {
    stmt("SELECT id, name, time_zone, language, created_at FROM accounts WHERE id = $1")
        .bind::<SqlUuid, _>(account)
        .get_result(conn)
        .await
        .optional()
}

/// The people of an account, the first who came first.
pub async fn users(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    offset: u32,
    limit: u32,
) -> QueryResult<(Vec<UserRow>, i64)> {
    let rows = stmt(
        "SELECT u.id, u.email, u.name, u.role, u.disabled_at IS NOT NULL AS disabled,
           f.confirmed_at IS NOT NULL AS second_factor, u.created_at, u.last_seen_at
         FROM users u LEFT JOIN second_factors f ON f.user_id = u.id
         WHERE u.account_id = $1 ORDER BY u.created_at, u.id OFFSET $2 LIMIT $3",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<BigInt, _>(i64::from(offset))
    .bind::<BigInt, _>(i64::from(limit))
    .load(conn)
    .await?;
    let total: Total = stmt("SELECT count(*) AS total FROM users WHERE account_id = $1")
        .bind::<SqlUuid, _>(account)
        .get_result(conn)
        .await?;
    Ok((rows, total.total))
}

/// One person of an account.
pub async fn user(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    user: UserId,
) -> QueryResult<Option<UserRow>> {
    stmt(
        "SELECT u.id, u.email, u.name, u.role, u.disabled_at IS NOT NULL AS disabled,
           f.confirmed_at IS NOT NULL AS second_factor, u.created_at, u.last_seen_at
         FROM users u LEFT JOIN second_factors f ON f.user_id = u.id
         WHERE u.account_id = $1 AND u.id = $2",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(user)
    .get_result(conn)
    .await
    .optional()
}

/// The latest invitations of an account, the newest first.
pub async fn invitations(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    limit: u32,
) -> QueryResult<Vec<InvitationRow>> {
    stmt(
        "SELECT i.id, i.email, i.name, i.role, i.invited_by, u.name AS invited_by_name, i.created_at,
           i.expires_at, i.accepted_at
         FROM invitations i LEFT JOIN users u ON u.id = i.invited_by
         WHERE i.account_id = $1 ORDER BY i.created_at DESC, i.id DESC LIMIT $2",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<BigInt, _>(i64::from(limit))
    .load(conn)
    .await
}

/// One invitation of an account.
pub async fn invitation(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: InvitationId,
) -> QueryResult<Option<InvitationRow>> {
    stmt(
        "SELECT i.id, i.email, i.name, i.role, i.invited_by, u.name AS invited_by_name, i.created_at,
           i.expires_at, i.accepted_at
         FROM invitations i LEFT JOIN users u ON u.id = i.invited_by
         WHERE i.account_id = $1 AND i.id = $2",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(id)
    .get_result(conn)
    .await
    .optional()
}

/// The invitation that a secret opens, while it is good.
pub async fn open_invitation(
    conn: &mut AsyncPgConnection,
    secret_hash: &[u8],
    now: Timestamp,
) -> QueryResult<Option<OpenInvitationRow>> {
    stmt(
        "SELECT i.id, i.account_id, i.email, i.name, i.role, a.name AS account_name, a.language
         FROM invitations i JOIN accounts a ON a.id = i.account_id
         WHERE i.secret_hash = $1 AND i.accepted_at IS NULL AND i.expires_at > $2",
    )
    .bind::<Bytea, _>(secret_hash)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()
}

#[derive(diesel::QueryableByName)]
struct Total {
    #[diesel(sql_type = BigInt)]
    total: i64,
}
