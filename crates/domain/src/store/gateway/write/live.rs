//! What screens are told.

use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::super::rows::LiveKind;
use crate::store::stmt::stmt;
use crate::{AccountId, ConversationId, ImportId, MessageId, Timestamp};

/// Something that screens are told.
#[derive(Debug, Clone, Copy)]
pub struct NewChange<'a> {
    /// Whose screens.
    pub account: AccountId,
    /// Of what kind.
    pub kind: LiveKind,
    /// What of a conversation changed.
    pub what: &'a str,
    /// Which conversation.
    pub conversation: Option<ConversationId>,
    /// Which text of it.
    pub message: Option<MessageId>,
    /// Which import.
    pub import: Option<ImportId>,
}

/// Tells every screen of the account when the transaction commits. It takes the account's head until
/// then, so it should be the last thing that a transaction does.
pub async fn tell(
    conn: &mut AsyncPgConnection,
    change: NewChange<'_>,
    now: Timestamp,
) -> QueryResult<()> {
    stmt(
        "WITH place AS (
           INSERT INTO live_heads (account_id, head) VALUES ($1, 1)
           ON CONFLICT (account_id) DO UPDATE SET head = live_heads.head + 1 RETURNING head),
         told AS (
           INSERT INTO live_events (account_id, id, kind, what, conversation_id, message_id, import_id, at)
           SELECT $1, head, $2, $3, $4, $5, $6, $7 FROM place RETURNING 1)
         SELECT pg_notify('hilo_live', '') FROM told",
    )
    .bind::<SqlUuid, _>(change.account)
    .bind::<Text, _>(change.kind.as_str())
    .bind::<Text, _>(change.what)
    .bind::<Nullable<SqlUuid>, _>(change.conversation)
    .bind::<Nullable<SqlUuid>, _>(change.message)
    .bind::<Nullable<SqlUuid>, _>(change.import)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await
    .map(drop)
}

/// Forgets what was told before `before`, but for the last `at_least` of each account: a page that
/// was asleep for a night in a quiet shop still catches up.
pub async fn prune_live(
    conn: &mut AsyncPgConnection,
    before: Timestamp,
    at_least: i64,
) -> QueryResult<usize> {
    stmt(
        "DELETE FROM live_events e USING live_heads h
         WHERE h.account_id = e.account_id AND e.at < $1 AND e.id <= h.head - $2",
    )
    .bind::<Timestamptz, _>(before)
    .bind::<BigInt, _>(at_least)
    .execute(conn)
    .await
}
