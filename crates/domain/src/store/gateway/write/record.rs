//! The audit log: lines are added and grow old, and nothing else.

use diesel::result::QueryResult;
use diesel::sql_types::{Array, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use crate::store::stmt::stmt;
use crate::{AccountId, Timestamp, TokenId, UserId};

/// A line.
#[derive(Debug, Clone)]
pub struct NewAudit {
    /// Whose log.
    pub account: AccountId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub user: Option<UserId>,
    /// With which token, if by a program.
    pub token: Option<TokenId>,
    /// The permission that it needed.
    pub action: &'static str,
    /// HTTP method.
    pub method: &'static str,
    /// The route, with its ids as `{names}`.
    pub path: &'static str,
    /// Of what.
    pub resource_id: Option<String>,
    /// What was answered.
    pub status: i16,
    /// The request's id.
    pub request_id: String,
}

/// Adds lines, in one statement.
pub async fn audit(conn: &mut AsyncPgConnection, lines: &[NewAudit]) -> QueryResult<()> {
    fn column<'a, T>(lines: &'a [NewAudit], of: impl Fn(&'a NewAudit) -> T) -> Vec<T> {
        lines.iter().map(of).collect()
    }
    stmt(
        "INSERT INTO audit_log
           (id, account_id, at, user_id, token_id, action, method, path, resource_id, status, request_id)
         SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind::<Array<SqlUuid>, _>(column(lines, |_| Uuid::now_v7()))
    .bind::<Array<SqlUuid>, _>(column(lines, |line| line.account))
    .bind::<Array<Timestamptz>, _>(column(lines, |line| line.at))
    .bind::<Array<Nullable<SqlUuid>>, _>(column(lines, |line| line.user))
    .bind::<Array<Nullable<SqlUuid>>, _>(column(lines, |line| line.token))
    .bind::<Array<Text>, _>(column(lines, |line| line.action))
    .bind::<Array<Text>, _>(column(lines, |line| line.method))
    .bind::<Array<Text>, _>(column(lines, |line| line.path))
    .bind::<Array<Nullable<Text>>, _>(column(lines, |line| line.resource_id.as_deref()))
    .bind::<Array<SmallInt>, _>(column(lines, |line| line.status))
    .bind::<Array<Text>, _>(column(lines, |line| line.request_id.as_str()))
    .execute(conn)
    .await
    .map(drop)
}

/// Forgets lines from before `before`.
pub async fn prune_audit(conn: &mut AsyncPgConnection, before: Timestamp) -> QueryResult<usize> {
    stmt("DELETE FROM audit_log WHERE at < $1").bind::<Timestamptz, _>(before).execute(conn).await
}
