//! What screens are told.

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Nullable, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::super::rows::LiveRow;
use crate::AccountId;
use crate::store::stmt::stmt;

#[derive(diesel::QueryableByName)]
struct Place {
    #[diesel(sql_type = Nullable<BigInt>)]
    id: Option<i64>,
}

/// The id of an account's latest event; 0 before the first.
pub async fn head(conn: &mut AsyncPgConnection, account: AccountId) -> QueryResult<i64> {
    let row: Option<Place> = stmt("SELECT head AS id FROM live_heads WHERE account_id = $1")
        .bind::<SqlUuid, _>(account)
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.and_then(|row| row.id).unwrap_or(0))
}

/// The id of an account's oldest event that is kept.
pub async fn kept_from(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<Option<i64>> {
    let row: Place = stmt("SELECT min(id) AS id FROM live_events WHERE account_id = $1")
        .bind::<SqlUuid, _>(account)
        .get_result(conn)
        .await?;
    Ok(row.id)
}

/// An account's events after one, in their order.
pub async fn after(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: i64,
    limit: i64,
) -> QueryResult<Vec<LiveRow>> {
    stmt(
        "SELECT account_id, id, kind, what, conversation_id, message_id, import_id FROM live_events
         WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<BigInt, _>(id)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

/// The events of several accounts, each after the one that was seen last, in their order; at most
/// `limit` an account.
pub async fn news(
    conn: &mut AsyncPgConnection,
    seen: &[(AccountId, i64)],
    limit: i64,
) -> QueryResult<Vec<LiveRow>> {
    let (accounts, ids): (Vec<AccountId>, Vec<i64>) = seen.iter().copied().unzip();
    stmt(
        "SELECT e.account_id, e.id, e.kind, e.what, e.conversation_id, e.message_id, e.import_id
         FROM unnest($1, $2) AS seen (account_id, id)
         CROSS JOIN LATERAL (SELECT * FROM live_events l WHERE l.account_id = seen.account_id
           AND l.id > seen.id ORDER BY l.id LIMIT $3) AS e ORDER BY e.account_id, e.id",
    )
    .bind::<Array<SqlUuid>, _>(accounts)
    .bind::<Array<BigInt>, _>(ids)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}
