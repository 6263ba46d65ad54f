//! The pool's numbers.

use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Double, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::store::stmt::stmt;
use crate::{AccountId, NumberId, PhoneNumber, Timestamp};

/// A number that joins the pool.
#[derive(Debug, Clone)]
pub struct NewNumber {
    /// Its id.
    pub id: NumberId,
    /// Whose it is, for good.
    pub account: AccountId,
    /// The number.
    pub phone_number: PhoneNumber,
    /// What people call it.
    pub label: String,
    /// Weight in the deal, 1 to 100.
    pub priority: u8,
    /// New recipients a day.
    pub new_recipients_per_day: u32,
    /// Rate, in SMS segments per second.
    pub segments_per_second: f64,
}

/// Adds a number; one that is there already, whosever it is, stays as it is, and `false` is returned. A
/// newcomer starts at the lowest turn, so that it is neither flooded nor starved.
pub async fn add_number(conn: &mut AsyncPgConnection, number: &NewNumber) -> QueryResult<bool> {
    stmt("INSERT INTO rotations (account_id) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind::<SqlUuid, _>(number.account)
        .execute(conn)
        .await?;
    let added = stmt(
        "INSERT INTO phone_numbers (id, account_id, phone_number, label, rotation_priority, new_recipients_per_day, turn)
         SELECT $1, $2, $3, $4, $5, $6, COALESCE(
           (SELECT min(turn) FROM phone_numbers WHERE account_id = $2 AND rotation_enabled), 0)
         ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(number.id)
    .bind::<SqlUuid, _>(number.account)
    .bind::<Text, _>(number.phone_number.as_e164())
    .bind::<Text, _>(&number.label)
    .bind::<Integer, _>(i32::from(number.priority))
    .bind::<Integer, _>(i32::try_from(number.new_recipients_per_day).unwrap_or(i32::MAX))
    .execute(conn)
    .await?;
    let burst = burst_of(number.segments_per_second);
    stmt(
        "INSERT INTO number_pace (number_id, segments_per_second, burst, reserve, tokens)
         SELECT id, $2, $3, $4, $3 FROM phone_numbers WHERE id = $1 ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(number.id)
    .bind::<Double, _>(number.segments_per_second)
    .bind::<Double, _>(burst)
    .bind::<Double, _>(burst * RESERVE)
    .execute(conn)
    .await?;
    Ok(added == 1)
}

/// The part of a bucket that is kept for replies.
const RESERVE: f64 = 2.0 / 3.0;

/// About ten seconds' worth; what the provider queues beyond it, it queues well.
fn burst_of(segments_per_second: f64) -> f64 {
    (segments_per_second * 10.0).max(12.0)
}

/// What a person changes about a number; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct NumberEdit<'a> {
    /// What people call it.
    pub label: Option<&'a str>,
    /// Whether it takes part in the deal.
    pub rotation_enabled: Option<bool>,
    /// Weight in the deal, 1 to 100.
    pub rotation_priority: Option<i32>,
    /// New recipients a day.
    pub new_recipients_per_day: Option<i32>,
    /// Rate, in SMS segments per second.
    pub segments_per_second: Option<f64>,
    /// Until then it gets no new recipients; `Some(None)` ends that.
    pub quarantined_until: Option<Option<Timestamp>>,
}

/// Changes a number; `false` when the account has no such number. One that takes part again starts at
/// the lowest turn: what it missed is not made up for.
pub async fn edit_number(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: NumberId,
    edit: &NumberEdit<'_>,
) -> QueryResult<bool> {
    let edited = stmt(
        "UPDATE phone_numbers n SET label = COALESCE($3, label),
           turn = CASE WHEN $4 AND NOT rotation_enabled THEN GREATEST(turn, COALESCE(
             (SELECT min(turn) FROM phone_numbers WHERE account_id = $1 AND rotation_enabled), turn)) ELSE turn END,
           rotation_enabled = COALESCE($4, rotation_enabled),
           rotation_priority = COALESCE($5, rotation_priority),
           new_recipients_per_day = COALESCE($6, new_recipients_per_day),
           quarantined_until = CASE WHEN $7 THEN $8 ELSE quarantined_until END
         WHERE id = $2 AND account_id = $1",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<Text>, _>(edit.label)
    .bind::<Nullable<Bool>, _>(edit.rotation_enabled)
    .bind::<Nullable<Integer>, _>(edit.rotation_priority)
    .bind::<Nullable<Integer>, _>(edit.new_recipients_per_day)
    .bind::<Bool, _>(edit.quarantined_until.is_some())
    .bind::<Nullable<Timestamptz>, _>(edit.quarantined_until.flatten())
    .execute(conn)
    .await?;
    if let Some(rate) = edit.segments_per_second.filter(|_| edited == 1) {
        let burst = burst_of(rate);
        stmt(
            "UPDATE number_pace SET segments_per_second = $2, burst = $3, reserve = $4, tokens = LEAST(tokens, $3)
             WHERE number_id = $1",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<Double, _>(rate)
        .bind::<Double, _>(burst)
        .bind::<Double, _>(burst * RESERVE)
        .execute(conn)
        .await?;
    }
    Ok(edited == 1)
}

/// Nothing leaves from this number until then; its texts wait.
pub async fn pause_number(
    conn: &mut AsyncPgConnection,
    number: NumberId,
    until: Timestamp,
    code: Option<i32>,
) -> QueryResult<()> {
    stmt(
        "UPDATE number_pace SET paused_until = GREATEST(COALESCE(paused_until, $2), $2), paused_code = $3
         WHERE number_id = $1",
    )
    .bind::<SqlUuid, _>(number)
    .bind::<Timestamptz, _>(until)
    .bind::<Nullable<Integer>, _>(code)
    .execute(conn)
    .await
    .map(drop)
}

/// Until then no new recipient is dealt to the number; it keeps its conversations.
pub async fn quarantine(
    conn: &mut AsyncPgConnection,
    number: NumberId,
    until: Timestamp,
) -> QueryResult<()> {
    stmt("UPDATE phone_numbers SET quarantined_until = $2 WHERE id = $1")
        .bind::<SqlUuid, _>(number)
        .bind::<Timestamptz, _>(until)
        .execute(conn)
        .await
        .map(drop)
}
