//! Reading the slice: any service.

use chrono::NaiveDate;
use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Date, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::rows::{ProfileRow, ProfileSheet, RunRow, SpentRow, StaticRow};
use crate::store::stmt::stmt;
use crate::{AccountId, ConversationId, StaticResponseId, Timestamp};

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

/// The account's profile as its people see it; `None` when nobody has written one.
pub async fn profile_sheet(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<Option<ProfileSheet>> {
    stmt(
        "SELECT enabled, display_name, instructions, facts, max_segments, max_replies_per_day,
           max_tokens_per_day, open_days, open_from_minute, open_to_minute, debounce_ms, help_text, updated_at
         FROM assistant_profiles WHERE account_id = $1",
    )
    .bind::<SqlUuid, _>(account)
    .get_result(conn)
    .await
    .optional()
}

/// When an account was made; the epoch for one that there is not.
pub async fn account_made_at(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<Timestamp> {
    #[derive(diesel::QueryableByName)]
    struct Made {
        #[diesel(sql_type = Timestamptz)]
        created_at: Timestamp,
    }
    let row: Option<Made> = stmt("SELECT created_at FROM accounts WHERE id = $1")
        .bind::<SqlUuid, _>(account)
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.map_or(Timestamp::UNIX_EPOCH, |row| row.created_at))
}

/// The most rules that an account has: a rule book longer than that is a mistake.
pub const MOST_RULES: u16 = 500;

/// The account's rules, the first to be tried first, and last those that are off. At most
/// [`MOST_RULES`].
pub async fn static_responses(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<Vec<StaticRow>> {
    stmt(
        "SELECT id, name, kind, pattern, body, language, priority, hours, enabled FROM static_responses
         WHERE account_id = $1 ORDER BY enabled DESC, priority DESC, name LIMIT $2",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<BigInt, _>(i64::from(MOST_RULES))
    .load(conn)
    .await
}

/// One of the account's rules.
pub async fn static_response(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: StaticResponseId,
) -> QueryResult<Option<StaticRow>> {
    stmt(
        "SELECT id, name, kind, pattern, body, language, priority, hours, enabled FROM static_responses
         WHERE id = $1 AND account_id = $2",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(account)
    .get_result(conn)
    .await
    .optional()
}

/// The account's attempts to find a reply, the latest first; of one conversation if it is named.
pub async fn runs(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    conversation: Option<ConversationId>,
    at_most: u32,
) -> QueryResult<Vec<RunRow>> {
    // Two statements, so that each has the plan of its own index.
    let runs = match conversation {
        None => stmt(
            "SELECT r.id, r.message_id, r.source, s.id AS rule_id, s.name AS rule_name, r.model, r.outcome, r.note,
               r.input_tokens, r.output_tokens, r.model_ms, r.created_at
             FROM ai_runs r
             LEFT JOIN static_responses s ON s.id = r.static_response_id AND s.account_id = r.account_id
             WHERE r.account_id = $1 ORDER BY r.id DESC LIMIT $2",
        ),
        Some(_) => stmt(
            "SELECT r.id, r.message_id, r.source, s.id AS rule_id, s.name AS rule_name, r.model, r.outcome, r.note,
               r.input_tokens, r.output_tokens, r.model_ms, r.created_at
             FROM ai_runs r
             LEFT JOIN static_responses s ON s.id = r.static_response_id AND s.account_id = r.account_id
             WHERE r.account_id = $1 AND r.conversation_id = $3 ORDER BY r.id DESC LIMIT $2",
        ),
    };
    let runs = runs.bind::<SqlUuid, _>(account).bind::<BigInt, _>(i64::from(at_most));
    match conversation {
        None => runs.load(conn).await,
        Some(conversation) => runs.bind::<SqlUuid, _>(conversation).load(conn).await,
    }
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
