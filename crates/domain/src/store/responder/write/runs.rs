//! What was tried, and what it cost.

use chrono::NaiveDate;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
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

/// Adds to what the model has cost on a day: answers to customers, and tokens of whatever it was
/// asked.
pub async fn spend(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    day: NaiveDate,
    replies: i32,
    tokens: i64,
) -> QueryResult<()> {
    stmt(
        "INSERT INTO assistant_days (account_id, day, replies, tokens) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account_id, day) DO UPDATE
         SET replies = assistant_days.replies + EXCLUDED.replies,
           tokens = assistant_days.tokens + EXCLUDED.tokens",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Date, _>(day)
    .bind::<Integer, _>(replies)
    .bind::<BigInt, _>(tokens)
    .execute(conn)
    .await
    .map(drop)
}
