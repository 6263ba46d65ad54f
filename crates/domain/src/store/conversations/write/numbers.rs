//! The pool's numbers.

use diesel::result::QueryResult;
use diesel::sql_types::{Double, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
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

/// Adds a number; one that is there already stays as it is. A newcomer starts at the lowest turn, so
/// that it is neither flooded nor starved.
pub async fn add_number(conn: &mut AsyncPgConnection, number: &NewNumber) -> QueryResult<()> {
    stmt("INSERT INTO rotations (account_id) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind::<SqlUuid, _>(number.account)
        .execute(conn)
        .await?;
    stmt(
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
    // A burst of about ten seconds' worth; what the provider queues beyond it, it queues well.
    let burst = (number.segments_per_second * 10.0).max(12.0);
    stmt(
        "INSERT INTO number_pace (number_id, segments_per_second, burst, reserve, tokens)
         SELECT id, $2, $3, $4, $3 FROM phone_numbers WHERE id = $1 ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(number.id)
    .bind::<Double, _>(number.segments_per_second)
    .bind::<Double, _>(burst)
    .bind::<Double, _>(burst * 2.0 / 3.0)
    .execute(conn)
    .await
    .map(drop)
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
