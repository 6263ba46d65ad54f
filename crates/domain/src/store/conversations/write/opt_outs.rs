//! Who is to be left alone.

use diesel::result::QueryResult;
use diesel::sql_types::{Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::super::rows::ConversationRow;
use crate::store::stmt::stmt;
use crate::{ContactId, MessageId, Timestamp};

/// Records an opt-out; `false` when one was in force already. The caller holds the conversation's
/// lock, which is what makes a claim that comes later see it.
pub async fn opt_out(
    conn: &mut AsyncPgConnection,
    conversation: &ConversationRow,
    source: &str,
    evidence: &str,
    message: Option<MessageId>,
    now: Timestamp,
) -> QueryResult<bool> {
    let inserted = stmt(
        "INSERT INTO opt_outs (id, account_id, phone_number, evidence, source, message_id, opted_out_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (account_id, phone_number) WHERE revoked_at IS NULL DO NOTHING",
    )
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<SqlUuid, _>(conversation.account_id)
    .bind::<Text, _>(&conversation.to_number)
    .bind::<Text, _>(evidence)
    .bind::<Text, _>(source)
    .bind::<Nullable<SqlUuid>, _>(message)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(inserted == 1)
}

/// Revokes the opt-out in force; `false` when there was none.
pub async fn opt_in(
    conn: &mut AsyncPgConnection,
    conversation: &ConversationRow,
    evidence: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    let revoked = stmt(
        "UPDATE opt_outs SET revoked_at = $3, revoked_evidence = $4
         WHERE account_id = $1 AND phone_number = $2 AND revoked_at IS NULL",
    )
    .bind::<SqlUuid, _>(conversation.account_id)
    .bind::<Text, _>(&conversation.to_number)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(evidence)
    .execute(conn)
    .await?;
    Ok(revoked > 0)
}

/// The provider says that this number takes no texts at all: nothing more is sent to it.
pub async fn mark_unreachable(
    conn: &mut AsyncPgConnection,
    contact: ContactId,
    code: i32,
) -> QueryResult<()> {
    stmt("UPDATE contacts SET unreachable_code = $2 WHERE id = $1")
        .bind::<SqlUuid, _>(contact)
        .bind::<Integer, _>(code)
        .execute(conn)
        .await
        .map(drop)
}
