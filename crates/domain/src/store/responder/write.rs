//! Writing the slice: `services/responder` only.

use chrono::NaiveDate;
use diesel::result::QueryResult;
use diesel::sql_types::{
    BigInt, Date, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::store::stmt::stmt;
use crate::{AccountId, ConversationId, MessageId, RunId, StaticResponseId, Timestamp};

/// One attempt to find a reply.
#[derive(Debug, Clone)]
pub struct NewRun<'a> {
    /// Its id.
    pub id: RunId,
    /// Whose it is.
    pub account: AccountId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The text to answer.
    pub message: MessageId,
    /// The epoch it was for.
    pub reply_epoch: i64,
    /// `static_response`, `assistant` or `none`.
    pub source: &'a str,
    /// Which rule.
    pub static_response: Option<StaticResponseId>,
    /// Which model.
    pub model: Option<&'a str>,
    /// `reply`, `hand_off`, `stay_silent`, `over_budget`, ….
    pub outcome: &'a str,
    /// In words, for a person.
    pub note: &'a str,
    /// Tokens read.
    pub input_tokens: i32,
    /// Of those from the cache.
    pub cached_tokens: i32,
    /// Tokens written.
    pub output_tokens: i32,
    /// How long the model took.
    pub model_ms: i32,
    /// Now.
    pub at: Timestamp,
}

/// Records an attempt.
pub async fn run(conn: &mut AsyncPgConnection, run: &NewRun<'_>) -> QueryResult<()> {
    stmt(
        "INSERT INTO ai_runs (id, account_id, conversation_id, message_id, reply_epoch, source, static_response_id,
           model, outcome, note, input_tokens, cached_tokens, output_tokens, model_ms, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind::<SqlUuid, _>(run.id)
    .bind::<SqlUuid, _>(run.account)
    .bind::<SqlUuid, _>(run.conversation)
    .bind::<SqlUuid, _>(run.message)
    .bind::<BigInt, _>(run.reply_epoch)
    .bind::<Text, _>(run.source)
    .bind::<Nullable<SqlUuid>, _>(run.static_response)
    .bind::<Nullable<Text>, _>(run.model)
    .bind::<Text, _>(run.outcome)
    .bind::<Text, _>(run.note)
    .bind::<Integer, _>(run.input_tokens)
    .bind::<Integer, _>(run.cached_tokens)
    .bind::<Integer, _>(run.output_tokens)
    .bind::<Integer, _>(run.model_ms)
    .bind::<Timestamptz, _>(run.at)
    .execute(conn)
    .await
    .map(drop)
}

/// Adds to what the model has cost on a day.
pub async fn spend(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    day: NaiveDate,
    tokens: i64,
) -> QueryResult<()> {
    stmt(
        "INSERT INTO assistant_days (account_id, day, replies, tokens) VALUES ($1, $2, 1, $3)
         ON CONFLICT (account_id, day) DO UPDATE
         SET replies = assistant_days.replies + 1, tokens = assistant_days.tokens + EXCLUDED.tokens",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Date, _>(day)
    .bind::<BigInt, _>(tokens)
    .execute(conn)
    .await
    .map(drop)
}

/// A profile as a person writes it.
#[derive(Debug, Clone)]
pub struct NewProfile<'a> {
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
}

/// Writes the account's profile.
pub async fn save_profile(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    profile: &NewProfile<'_>,
) -> QueryResult<()> {
    stmt(
        "INSERT INTO assistant_profiles (account_id, display_name, instructions, facts, max_segments, debounce_ms)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (account_id) DO UPDATE SET display_name = EXCLUDED.display_name,
           instructions = EXCLUDED.instructions, facts = EXCLUDED.facts, max_segments = EXCLUDED.max_segments,
           debounce_ms = EXCLUDED.debounce_ms, updated_at = now()",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Text, _>(profile.display_name)
    .bind::<Text, _>(profile.instructions)
    .bind::<Text, _>(profile.facts)
    .bind::<SmallInt, _>(profile.max_segments)
    .bind::<Integer, _>(profile.debounce_ms)
    .execute(conn)
    .await
    .map(drop)
}

/// A rule as a person writes it.
#[derive(Debug, Clone)]
pub struct NewStatic<'a> {
    /// Its name, unique in the account.
    pub name: &'a str,
    /// `keyword`, `phrase` or `regex`.
    pub kind: &'a str,
    /// What it looks for.
    pub pattern: &'a str,
    /// What it answers.
    pub body: &'a str,
    /// Only for customers of this language.
    pub language: Option<&'a str>,
    /// The highest that matches wins.
    pub priority: i32,
    /// `always`, `open` or `closed`.
    pub hours: &'a str,
}

/// Writes a rule; one of the same name is replaced.
pub async fn save_static(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    rule: &NewStatic<'_>,
) -> QueryResult<()> {
    stmt(
        "INSERT INTO static_responses (id, account_id, name, kind, pattern, body, language, priority, hours)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (account_id, name) DO UPDATE SET kind = EXCLUDED.kind, pattern = EXCLUDED.pattern,
           body = EXCLUDED.body, language = EXCLUDED.language, priority = EXCLUDED.priority, hours = EXCLUDED.hours",
    )
    .bind::<SqlUuid, _>(StaticResponseId::generate())
    .bind::<SqlUuid, _>(account)
    .bind::<Text, _>(rule.name)
    .bind::<Text, _>(rule.kind)
    .bind::<Text, _>(rule.pattern)
    .bind::<Text, _>(rule.body)
    .bind::<Nullable<Text>, _>(rule.language)
    .bind::<Integer, _>(rule.priority)
    .bind::<Text, _>(rule.hours)
    .execute(conn)
    .await
    .map(drop)
}
