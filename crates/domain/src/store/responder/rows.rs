//! Rows as the queries of this slice return them.

use diesel::deserialize::QueryableByName;
use diesel::sql_types::{
    BigInt, Bool, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};

use crate::{MessageId, RunId, StaticResponseId, Timestamp};

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
    /// Whether it is tried at all.
    #[diesel(sql_type = Bool)]
    pub enabled: bool,
}

/// A profile as its account sees it, with what the day has cost so far.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct ProfileSheet {
    /// What answers depend on.
    #[diesel(embed)]
    pub profile: ProfileRow,
    /// How long a burst must be over, in milliseconds.
    #[diesel(sql_type = Integer)]
    pub debounce_ms: i32,
    /// What HELP and AYUDA answer; empty for the house's own words.
    #[diesel(sql_type = Text)]
    pub help_text: String,
    /// When a person changed it last; of a profile that nobody wrote yet, when the account was made.
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: Timestamp,
}

/// One attempt to find a reply.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct RunRow {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: RunId,
    /// The text that was to be answered.
    #[diesel(sql_type = SqlUuid)]
    pub message_id: MessageId,
    /// `static_response`, `assistant` or `none`.
    #[diesel(sql_type = Text)]
    pub source: String,
    /// The rule that answered, unless it was deleted since.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub rule_id: Option<StaticResponseId>,
    /// Its name.
    #[diesel(sql_type = Nullable<Text>)]
    pub rule_name: Option<String>,
    /// Which model was asked.
    #[diesel(sql_type = Nullable<Text>)]
    pub model: Option<String>,
    /// `reply`, or why there was none.
    #[diesel(sql_type = Text)]
    pub outcome: String,
    /// In words, for a person.
    #[diesel(sql_type = Text)]
    pub note: String,
    /// Tokens read.
    #[diesel(sql_type = Integer)]
    pub input_tokens: i32,
    /// Tokens written.
    #[diesel(sql_type = Integer)]
    pub output_tokens: i32,
    /// How long the model took, in milliseconds.
    #[diesel(sql_type = Integer)]
    pub model_ms: i32,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
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
