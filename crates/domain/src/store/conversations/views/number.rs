//! One of an account's own numbers: what it may do, what it has done and whether it can do its work.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::result::QueryResult;
use diesel::sql_types::{
    BigInt, Bool, Date, Double, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::conversations::words::NumberHealth;
use crate::store::stmt::stmt;
use crate::{AccountId, NumberId};

/// The most numbers of one account that are listed.
const MOST: i64 = 1_000;

/// One of our numbers.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Number)]
pub struct NumberView {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub id: NumberId,
    /// E.164.
    #[schema(example = "+528110000001")]
    pub phone_number: String,
    /// What people call it.
    pub label: String,
    /// Whether it takes part in the deal.
    pub rotation_enabled: bool,
    /// How often it is dealt in comparison with the others.
    #[schema(minimum = 1, maximum = 100)]
    pub rotation_priority: i32,
    /// New customers a day (the account's zone).
    #[schema(minimum = 1)]
    pub new_recipients_per_day: i32,
    /// New customers that it has had today.
    #[schema(minimum = 0)]
    pub new_recipients_today: i32,
    /// Its rate, in SMS segments.
    pub segments_per_second: f64,
    /// Until then it gets no new customers.
    #[schema(required)]
    pub quarantined_until: Option<DateTime<Utc>>,
    /// Until then nothing leaves from it.
    #[schema(required)]
    pub paused_until: Option<DateTime<Utc>>,
    /// The provider's code behind that.
    #[schema(required)]
    pub paused_code: Option<i32>,
    /// When it was last dealt.
    #[schema(required)]
    pub last_used_at: Option<DateTime<Utc>>,
    /// Customers that were dealt to it.
    #[schema(minimum = 0)]
    pub uses: i64,
    /// Active conversations that have it, at most half a minute ago.
    #[schema(minimum = 0)]
    pub active_conversations: i64,
    /// Texts in either direction.
    #[schema(minimum = 0)]
    pub total_messages: i64,
    /// Whether it can do its work.
    pub health: NumberHealth,
}

#[derive(diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: NumberId,
    #[diesel(sql_type = Text)]
    phone_number: String,
    #[diesel(sql_type = Text)]
    label: String,
    #[diesel(sql_type = Bool)]
    rotation_enabled: bool,
    #[diesel(sql_type = Integer)]
    rotation_priority: i32,
    #[diesel(sql_type = Integer)]
    new_recipients_per_day: i32,
    #[diesel(sql_type = Integer)]
    new_recipients_today: i32,
    #[diesel(sql_type = Double)]
    segments_per_second: f64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    quarantined_until: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    paused_until: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Integer>)]
    paused_code: Option<i32>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_used_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    uses: i64,
    #[diesel(sql_type = BigInt)]
    total_messages: i64,
}

/// An account's numbers, or one of them. `active` is what
/// [`super::super::read::active_conversations`] counted, perhaps a while ago.
pub async fn number_views(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    only: Option<NumberId>,
    active: &HashMap<NumberId, i64>,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> QueryResult<Vec<NumberView>> {
    let rows: Vec<Row> = stmt(
        "WITH tail AS (
           SELECT number_id, count(*) AS texts FROM sms_messages
           WHERE id > (SELECT counted_to FROM tally_marks) GROUP BY number_id)
         SELECT n.id, n.phone_number, n.label, n.rotation_enabled, n.rotation_priority, n.new_recipients_per_day,
           CASE WHEN n.budget_day = $3 THEN n.budget_used ELSE 0 END AS new_recipients_today,
           COALESCE(p.segments_per_second, 1) AS segments_per_second, n.quarantined_until, p.paused_until,
           p.paused_code, n.last_used_at, n.uses,
           COALESCE(t.texts, 0) + COALESCE(tail.texts, 0) AS total_messages
         FROM phone_numbers n
         LEFT JOIN number_pace p ON p.number_id = n.id
         LEFT JOIN number_tallies t ON t.number_id = n.id
         LEFT JOIN tail ON tail.number_id = n.id
         WHERE n.account_id = $1 AND ($2 IS NULL OR n.id = $2) ORDER BY n.phone_number LIMIT $4",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Nullable<SqlUuid>, _>(only)
    .bind::<Date, _>(today)
    .bind::<BigInt, _>(MOST)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| view(row, active, now)).collect())
}

fn view(row: Row, active: &HashMap<NumberId, i64>, now: DateTime<Utc>) -> NumberView {
    // What is over is not shown: nobody has to compare it with a clock.
    let quarantined_until = row.quarantined_until.filter(|until| *until > now);
    let paused_until = row.paused_until.filter(|until| *until > now);
    let health = if paused_until.is_some() {
        NumberHealth::Paused
    } else if !row.rotation_enabled {
        NumberHealth::Off
    } else if quarantined_until.is_some() {
        NumberHealth::Quarantined
    } else if row.new_recipients_today >= row.new_recipients_per_day {
        NumberHealth::OverBudget
    } else {
        NumberHealth::Ok
    };
    NumberView {
        id: row.id,
        phone_number: row.phone_number,
        label: row.label,
        rotation_enabled: row.rotation_enabled,
        rotation_priority: row.rotation_priority,
        new_recipients_per_day: row.new_recipients_per_day,
        new_recipients_today: row.new_recipients_today,
        segments_per_second: row.segments_per_second,
        quarantined_until,
        paused_until,
        paused_code: row.paused_code.filter(|_| paused_until.is_some()),
        last_used_at: row.last_used_at,
        uses: row.uses,
        active_conversations: active.get(&row.id).copied().unwrap_or(0),
        total_messages: row.total_messages,
        health,
    }
}
