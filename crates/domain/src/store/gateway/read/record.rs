//! The audit log.

use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::super::rows::AuditRow;
use crate::store::stmt::stmt;
use crate::{AccountId, UserId};

/// Which lines of an account's log.
#[derive(Debug, Clone, Copy)]
pub struct AuditFilter<'a> {
    /// Of this person.
    pub user: Option<UserId>,
    /// Of this permission.
    pub action: Option<&'a str>,
    /// How many to pass over.
    pub offset: u32,
    /// How many to give.
    pub limit: u32,
}

/// Lines of an account's log, the newest first, and how many there are.
pub async fn audit(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    filter: AuditFilter<'_>,
) -> QueryResult<(Vec<AuditRow>, i64)> {
    #[derive(diesel::QueryableByName)]
    struct Total {
        #[diesel(sql_type = BigInt)]
        total: i64,
    }
    let rows = stmt(
        "SELECT l.id, l.at, l.user_id, u.name AS user_name, l.action, l.method, l.path, l.resource_id,
           l.status, l.request_id
         FROM audit_log l LEFT JOIN users u ON u.id = l.user_id
         WHERE l.account_id = $1 AND ($2 IS NULL OR l.user_id = $2) AND ($3 IS NULL OR l.action = $3)
         ORDER BY l.at DESC, l.id DESC OFFSET $4 LIMIT $5",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Nullable<SqlUuid>, _>(filter.user)
    .bind::<Nullable<Text>, _>(filter.action)
    .bind::<BigInt, _>(i64::from(filter.offset))
    .bind::<BigInt, _>(i64::from(filter.limit))
    .load(conn)
    .await?;
    let total: Total = stmt(
        "SELECT count(*) AS total FROM audit_log
         WHERE account_id = $1 AND ($2 IS NULL OR user_id = $2) AND ($3 IS NULL OR action = $3)",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Nullable<SqlUuid>, _>(filter.user)
    .bind::<Nullable<Text>, _>(filter.action)
    .get_result(conn)
    .await?;
    Ok((rows, total.total))
}
