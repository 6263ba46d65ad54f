//! The account's assistant, as a person writes it.

use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Bool, Integer, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::store::stmt::stmt;
use crate::{AccountId, Timestamp};

/// A profile as a person writes it.
#[derive(Debug, Clone)]
pub struct NewProfile<'a> {
    /// Whether the model may be asked at all.
    pub enabled: bool,
    /// What the assistant calls itself.
    pub display_name: &'a str,
    /// Tone and task.
    pub instructions: &'a str,
    /// What it knows.
    pub facts: &'a str,
    /// Longest answer, in SMS segments.
    pub max_segments: i16,
    /// How long a burst must be over, in milliseconds.
    pub debounce_ms: i32,
    /// Most answers of the model a day.
    pub max_replies_per_day: i32,
    /// Most tokens a day.
    pub max_tokens_per_day: i64,
    /// Business days; bit 0 is Monday.
    pub open_days: i16,
    /// Minute of the local day at which the business opens.
    pub open_from_minute: i16,
    /// Minute of the local day at which it closes.
    pub open_to_minute: i16,
    /// What HELP and AYUDA answer; empty for the house's own words.
    pub help_text: &'a str,
}

/// What the columns' defaults are, for whoever cares about the words alone.
impl Default for NewProfile<'_> {
    fn default() -> Self {
        Self {
            enabled: true,
            display_name: "",
            instructions: "",
            facts: "",
            max_segments: 2,
            debounce_ms: 2_500,
            max_replies_per_day: 1_000,
            max_tokens_per_day: 5_000_000,
            open_days: 0b111_1111,
            open_from_minute: 540,
            open_to_minute: 1_140,
            help_text: "",
        }
    }
}

/// Writes the account's profile, over one that is there.
pub async fn save_profile(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    profile: &NewProfile<'_>,
    now: Timestamp,
) -> QueryResult<()> {
    stmt(
        "INSERT INTO assistant_profiles (account_id, enabled, display_name, instructions, facts, max_segments,
           debounce_ms, max_replies_per_day, max_tokens_per_day, open_days, open_from_minute, open_to_minute,
           help_text, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (account_id) DO UPDATE SET enabled = EXCLUDED.enabled,
           display_name = EXCLUDED.display_name, instructions = EXCLUDED.instructions, facts = EXCLUDED.facts,
           max_segments = EXCLUDED.max_segments, debounce_ms = EXCLUDED.debounce_ms,
           max_replies_per_day = EXCLUDED.max_replies_per_day, max_tokens_per_day = EXCLUDED.max_tokens_per_day,
           open_days = EXCLUDED.open_days, open_from_minute = EXCLUDED.open_from_minute,
           open_to_minute = EXCLUDED.open_to_minute, help_text = EXCLUDED.help_text, updated_at = EXCLUDED.updated_at",
    )
    .bind::<SqlUuid, _>(account)
        .bind::<Bool, _>(profile.enabled)
        .bind::<Text, _>(profile.display_name)
        .bind::<Text, _>(profile.instructions)
        .bind::<Text, _>(profile.facts)
        .bind::<SmallInt, _>(profile.max_segments)
        .bind::<Integer, _>(profile.debounce_ms)
        .bind::<Integer, _>(profile.max_replies_per_day)
        .bind::<BigInt, _>(profile.max_tokens_per_day)
        .bind::<SmallInt, _>(profile.open_days)
        .bind::<SmallInt, _>(profile.open_from_minute)
        .bind::<SmallInt, _>(profile.open_to_minute)
        .bind::<Text, _>(profile.help_text)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await
        .map(drop)
}
