//! Whose turn it is in a conversation: replies in the making, the word between assistant and people,
//! what nobody has looked at yet, and whose it is.

use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::store::conversations::words::ConversationStatus;
use crate::store::stmt::stmt;
use crate::{ConversationId, MessageId, Timestamp, UserId};

#[derive(diesel::QueryableByName)]
struct Epoch {
    #[diesel(sql_type = BigInt)]
    reply_epoch: i64,
}

/// A text of the customer came in: every reply in the making is stale, the thread ends in that text,
/// and nobody has looked at it yet. Returns the new epoch.
pub async fn after_inbound(
    conn: &mut AsyncPgConnection,
    id: ConversationId,
    message: MessageId,
    now: Timestamp,
) -> QueryResult<i64> {
    let row: Epoch = stmt(
        "UPDATE user_conversations SET reply_epoch = reply_epoch + 1, reply_due_at = NULL,
           reply_to_message = NULL, last_message_at = GREATEST(last_message_at, $2),
           last_message_id = GREATEST(last_message_id, $3), unread = unread + 1,
           conversation_status = CASE conversation_status WHEN 'inactive' THEN 'active' ELSE conversation_status END
         WHERE id = $1 RETURNING reply_epoch",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(now)
    .bind::<SqlUuid, _>(message)
    .get_result(conn)
    .await?;
    Ok(row.reply_epoch)
}

/// Something happened that makes every reply in the making stale. Returns the new epoch.
pub async fn invalidate_replies(
    conn: &mut AsyncPgConnection,
    id: ConversationId,
) -> QueryResult<i64> {
    let row: Epoch = stmt(
        "UPDATE user_conversations SET reply_epoch = reply_epoch + 1, reply_due_at = NULL, reply_to_message = NULL
         WHERE id = $1 RETURNING reply_epoch",
    )
    .bind::<SqlUuid, _>(id)
    .get_result(conn)
    .await?;
    Ok(row.reply_epoch)
}

/// A person has the word from now on; what the assistant was about to say is stale. `false` when a
/// person had it already.
pub async fn hand_over(
    conn: &mut AsyncPgConnection,
    id: ConversationId,
    why: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    let changed = stmt(
        "UPDATE user_conversations SET assistant = 'handed_over', handed_over_why = $2, handed_over_at = $3,
           reply_epoch = reply_epoch + 1, reply_due_at = NULL, reply_to_message = NULL
         WHERE id = $1 AND assistant = 'on'",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(why)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(changed == 1)
}

/// The assistant answers again, from the next text on. `false` when it had the word already.
pub async fn hand_back(conn: &mut AsyncPgConnection, id: ConversationId) -> QueryResult<bool> {
    let changed = stmt(
        "UPDATE user_conversations SET assistant = 'on', handed_over_why = NULL, handed_over_at = NULL
         WHERE id = $1 AND assistant = 'handed_over'",
    )
    .bind::<SqlUuid, _>(id)
    .execute(conn)
    .await?;
    Ok(changed == 1)
}

/// Whether it goes on; a reply in the making is stale either way. `false` when it stood so already.
pub async fn set_conversation_status(
    conn: &mut AsyncPgConnection,
    id: ConversationId,
    status: ConversationStatus,
) -> QueryResult<bool> {
    let changed = stmt(
        "UPDATE user_conversations SET conversation_status = $2, reply_epoch = reply_epoch + 1,
           reply_due_at = NULL, reply_to_message = NULL
         WHERE id = $1 AND conversation_status <> $2",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(status.as_str())
    .execute(conn)
    .await?;
    Ok(changed == 1)
}

/// Whose it is; the caller has seen that it is a colleague. `false` when it was theirs already.
pub async fn set_owner(
    conn: &mut AsyncPgConnection,
    id: ConversationId,
    owner: Option<UserId>,
) -> QueryResult<bool> {
    let changed = stmt(
        "UPDATE user_conversations SET user_id = $2 WHERE id = $1 AND user_id IS DISTINCT FROM $2",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<SqlUuid>, _>(owner)
    .execute(conn)
    .await?;
    Ok(changed == 1)
}

/// Somebody has looked at all of it. `false` when there was nothing new.
pub async fn mark_read(conn: &mut AsyncPgConnection, id: ConversationId) -> QueryResult<bool> {
    let changed = stmt("UPDATE user_conversations SET unread = 0 WHERE id = $1 AND unread > 0")
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(changed == 1)
}

/// Somebody should look at it again. `false` when that was so already.
pub async fn mark_unread(conn: &mut AsyncPgConnection, id: ConversationId) -> QueryResult<bool> {
    let changed = stmt("UPDATE user_conversations SET unread = 1 WHERE id = $1 AND unread = 0")
        .bind::<SqlUuid, _>(id)
        .execute(conn)
        .await?;
    Ok(changed == 1)
}
