//! Conversations: opening, locking, asking for replies, reassigning.

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::super::rows::{ConversationRow, NumberRow};
use crate::store::stmt::stmt;
use crate::{AccountId, ContactId, ConversationId, MessageId, NumberId, Timestamp, UserId};

/// A conversation, and whether this call began it. Its row is locked.
#[derive(Debug, Clone)]
pub enum Opened {
    /// It was there.
    Known(ConversationRow),
    /// It began now, on the number that was written to.
    New(ConversationRow),
}

impl Opened {
    /// The conversation either way.
    pub fn row(&self) -> &ConversationRow {
        match self {
            Self::Known(row) | Self::New(row) => row,
        }
    }
}

/// Locks the conversation of an account with a sender, opening it on the number that was written to
/// when there is none. The lock orders all that happens in one conversation.
pub async fn open(
    conn: &mut AsyncPgConnection,
    number: &NumberRow,
    sender: &str,
    sender_raw: &str,
    now: Timestamp,
) -> QueryResult<Opened> {
    if let Some(row) = lock_with(conn, number.account_id, sender).await? {
        return Ok(Opened::Known(row));
    }
    stmt(
        "INSERT INTO contacts (id, account_id, phone_number, phone_raw, created_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id, phone_number) DO NOTHING",
    )
    .bind::<SqlUuid, _>(ContactId::generate())
    .bind::<SqlUuid, _>(number.account_id)
    .bind::<Text, _>(sender)
    .bind::<Text, _>(sender_raw)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    let began = stmt(
        "INSERT INTO user_conversations (id, account_id, contact_id, to_number, number_id,
           from_twilio_number, last_message_at, created_at, assigned_reason, assigned_at)
         SELECT $1, $2, p.id, $3, $4, $5, $6, $6, 'written_to', $6 FROM contacts p
         WHERE p.account_id = $2 AND p.phone_number = $3
         ON CONFLICT (to_number, account_id) DO NOTHING",
    )
    .bind::<SqlUuid, _>(ConversationId::generate())
    .bind::<SqlUuid, _>(number.account_id)
    .bind::<Text, _>(sender)
    .bind::<SqlUuid, _>(number.id)
    .bind::<Text, _>(&number.phone_number)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    let row =
        lock_with(conn, number.account_id, sender).await?.ok_or(diesel::result::Error::NotFound)?;
    Ok(if began == 1 { Opened::New(row) } else { Opened::Known(row) })
}

async fn lock_with(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    to_number: &str,
) -> QueryResult<Option<ConversationRow>> {
    stmt(
        "SELECT c.id, c.account_id, c.contact_id, c.to_number, c.number_id, c.from_twilio_number,
           c.conversation_status, c.assistant, c.reply_epoch, p.name AS contact_name, p.language AS contact_language,
           p.unreachable_code
         FROM user_conversations c JOIN contacts p ON p.id = c.contact_id
         WHERE c.to_number = $1 AND c.account_id = $2 FOR NO KEY UPDATE OF c",
    )
    .bind::<Text, _>(to_number)
    .bind::<SqlUuid, _>(account)
    .get_result(conn)
    .await
    .optional()
}

/// Locks a conversation by its id.
pub async fn lock(
    conn: &mut AsyncPgConnection,
    id: ConversationId,
) -> QueryResult<Option<ConversationRow>> {
    stmt(
        "SELECT c.id, c.account_id, c.contact_id, c.to_number, c.number_id, c.from_twilio_number,
           c.conversation_status, c.assistant, c.reply_epoch, p.name AS contact_name, p.language AS contact_language,
           p.unreachable_code
         FROM user_conversations c JOIN contacts p ON p.id = c.contact_id
         WHERE c.id = $1 FOR NO KEY UPDATE OF c",
    )
    .bind::<SqlUuid, _>(id)
    .get_result(conn)
    .await
    .optional()
}

/// A reply to `message` will be asked for at `due`, unless something happens before.
pub async fn ask_for_reply(
    conn: &mut AsyncPgConnection,
    id: ConversationId,
    message: MessageId,
    due: Timestamp,
) -> QueryResult<()> {
    stmt(
        "WITH due AS (UPDATE user_conversations SET reply_due_at = $2, reply_to_message = $3 WHERE id = $1)
         SELECT pg_notify($4, '')",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(due)
    .bind::<SqlUuid, _>(message)
    .bind::<Text, _>(crate::store::listen::REPLY_DUE)
    .execute(conn)
    .await
    .map(drop)
}

/// A reply that is due now.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct DueReply {
    /// The conversation.
    #[diesel(sql_type = SqlUuid)]
    pub id: ConversationId,
    /// Whose it is.
    #[diesel(sql_type = SqlUuid)]
    pub account_id: AccountId,
    /// The text to answer.
    #[diesel(sql_type = SqlUuid)]
    pub reply_to_message: MessageId,
    /// The epoch that the reply will be for.
    #[diesel(sql_type = BigInt)]
    pub reply_epoch: i64,
    /// Trace context of the text to answer.
    #[diesel(sql_type = Nullable<Text>)]
    pub traceparent: Option<String>,
}

/// Takes the replies that are due, and says when the next one will be.
pub async fn take_due_replies(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    at_most: i64,
) -> QueryResult<(Vec<DueReply>, Option<Timestamp>)> {
    #[derive(diesel::QueryableByName)]
    struct Next {
        #[diesel(sql_type = Nullable<Timestamptz>)]
        at: Option<Timestamp>,
    }
    let due = stmt(
        "WITH due AS (
           SELECT c.id, c.reply_to_message, m.traceparent FROM user_conversations c
           JOIN sms_messages m ON m.id = c.reply_to_message
           WHERE c.reply_due_at <= $1 ORDER BY c.reply_due_at LIMIT $2 FOR NO KEY UPDATE OF c SKIP LOCKED)
         UPDATE user_conversations c SET reply_due_at = NULL, reply_to_message = NULL FROM due
         WHERE c.id = due.id
         RETURNING c.id, c.account_id, due.reply_to_message, c.reply_epoch, due.traceparent",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(at_most)
    .load(conn)
    .await?;
    let next: Next = stmt(
        "SELECT min(reply_due_at) AS at FROM user_conversations WHERE reply_due_at IS NOT NULL",
    )
    .get_result(conn)
    .await?;
    Ok((due, next.at))
}

/// What came of a person's wish to give a conversation another number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reassigned {
    /// Done; the old number stays an alias.
    Done,
    /// It had that number already.
    Unchanged,
    /// The number is not one of the account's.
    NotOurs,
}

/// Gives a conversation another number, on record. Texts that wait in the queue move along.
pub async fn reassign(
    conn: &mut AsyncPgConnection,
    conversation: &ConversationRow,
    number: NumberId,
    by: Option<UserId>,
    note: &str,
    now: Timestamp,
) -> QueryResult<Reassigned> {
    if conversation.number_id == number {
        return Ok(Reassigned::Unchanged);
    }
    stmt(
        "INSERT INTO conversation_aliases (conversation_id, number_id, assigned_reason, assigned_note, assigned_by, assigned_at, retired_at)
         SELECT id, number_id, assigned_reason, assigned_note, assigned_by, assigned_at, $2
         FROM user_conversations WHERE id = $1",
    )
    .bind::<SqlUuid, _>(conversation.id)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    let moved = stmt(
        "UPDATE user_conversations c SET number_id = n.id, from_twilio_number = n.phone_number,
           assigned_reason = 'person', assigned_note = $3, assigned_by = $4, assigned_at = $5
         FROM phone_numbers n WHERE c.id = $1 AND n.id = $2 AND n.account_id = c.account_id",
    )
    .bind::<SqlUuid, _>(conversation.id)
    .bind::<SqlUuid, _>(number)
    .bind::<Text, _>(note)
    .bind::<Nullable<SqlUuid>, _>(by)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    if moved == 0 {
        return Ok(Reassigned::NotOurs);
    }
    stmt("UPDATE sms_messages SET number_id = $2 WHERE conversation_id = $1 AND status = 'queued'")
        .bind::<SqlUuid, _>(conversation.id)
        .bind::<SqlUuid, _>(number)
        .execute(conn)
        .await?;
    Ok(Reassigned::Done)
}
