//! Reading the slice: any service.

use chrono::NaiveDate;
use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{Date, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::rows::{ProfileRow, SpentRow, StaticRow};
use crate::AccountId;
use crate::store::stmt::stmt;

/// The account's profile, if it has one.
pub async fn profile(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<Option<ProfileRow>> {
    stmt(
        "SELECT enabled, display_name, instructions, facts, max_segments, max_replies_per_day,
           max_tokens_per_day, open_days, open_from_minute, open_to_minute
         FROM assistant_profiles WHERE account_id = $1",
    )
    .bind::<SqlUuid, _>(account)
    .get_result(conn)
    .await
    .optional()
}

/// The account's rules, the first to be tried first. At most 500: a rule book longer than that
/// is a mistake.
pub async fn static_responses(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<Vec<StaticRow>> {
    stmt(
        "SELECT id, name, kind, pattern, body, language, priority, hours FROM static_responses
         WHERE account_id = $1 AND enabled ORDER BY priority DESC, name LIMIT 500",
    )
    .bind::<SqlUuid, _>(account)
    .load(conn)
    .await
}

/// What the model has cost the account on a day of its zone.
pub async fn spent(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    day: NaiveDate,
) -> QueryResult<SpentRow> {
    let row = stmt("SELECT replies, tokens FROM assistant_days WHERE account_id = $1 AND day = $2")
        .bind::<SqlUuid, _>(account)
        .bind::<Date, _>(day)
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.unwrap_or_default())
}
