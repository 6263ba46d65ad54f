//! Rows as the queries of this slice return them.

use diesel::sql_types::{BigInt, Bool, Integer, Nullable, SmallInt, Text, Uuid as SqlUuid};

use crate::StaticResponseId;

/// How the assistant speaks, what it knows and how far it may go.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct ProfileRow {
    /// Whether the model may be asked at all.
    #[diesel(sql_type = Bool)]
    pub enabled: bool,
    /// What it calls itself.
    #[diesel(sql_type = Text)]
    pub display_name: String,
    /// Tone and task.
    #[diesel(sql_type = Text)]
    pub instructions: String,
    /// The only source of prices, links and promises.
    #[diesel(sql_type = Text)]
    pub facts: String,
    /// Longest answer, in SMS segments.
    #[diesel(sql_type = SmallInt)]
    pub max_segments: i16,
    /// Most answers of the model a day.
    #[diesel(sql_type = Integer)]
    pub max_replies_per_day: i32,
    /// Most tokens a day.
    #[diesel(sql_type = BigInt)]
    pub max_tokens_per_day: i64,
    /// Bit 0 is Monday.
    #[diesel(sql_type = SmallInt)]
    pub open_days: i16,
    /// Minute of the local day.
    #[diesel(sql_type = SmallInt)]
    pub open_from_minute: i16,
    /// Minute of the local day.
    #[diesel(sql_type = SmallInt)]
    pub open_to_minute: i16,
}

/// A rule that answers without the model.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct StaticRow {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: StaticResponseId,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// `keyword`, `phrase` or `regex`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// What it looks for.
    #[diesel(sql_type = Text)]
    pub pattern: String,
    /// What it answers.
    #[diesel(sql_type = Text)]
    pub body: String,
    /// Only for customers of this language.
    #[diesel(sql_type = Nullable<Text>)]
    pub language: Option<String>,
    /// The highest that matches wins.
    #[diesel(sql_type = Integer)]
    pub priority: i32,
    /// `always`, `open` or `closed`.
    #[diesel(sql_type = Text)]
    pub hours: String,
}

/// What the model has cost today.
#[derive(Debug, Clone, Copy, Default, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct SpentRow {
    /// Answers.
    #[diesel(sql_type = Integer)]
    pub replies: i32,
    /// Tokens.
    #[diesel(sql_type = BigInt)]
    pub tokens: i64,
}
