//! What the pages of conversations and numbers ask beside their views.

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::store::stmt::stmt;
use crate::{AccountId, ConversationId, MessageId, NumberId, UserId};

#[derive(diesel::QueryableByName)]
struct Flag {
    #[diesel(sql_type = Bool)]
    set: bool,
}

#[derive(diesel::QueryableByName)]
struct MessageKey {
    #[diesel(sql_type = SqlUuid)]
    id: MessageId,
}

/// The latest texts of a conversation before `before`, oldest first.
pub async fn message_keys(
    conn: &mut AsyncPgConnection,
    conversation: ConversationId,
    before: Option<MessageId>,
    at_most: i64,
) -> QueryResult<Vec<MessageId>> {
    let rows: Vec<MessageKey> = stmt(
        "SELECT id FROM sms_messages WHERE conversation_id = $1
           AND id < COALESCE($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
         ORDER BY id DESC LIMIT $3",
    )
    .bind::<SqlUuid, _>(conversation)
    .bind::<Nullable<SqlUuid>, _>(before)
    .bind::<BigInt, _>(at_most)
    .load(conn)
    .await?;
    Ok(rows.into_iter().rev().map(|row| row.id).collect())
}

/// Whether a text is one of this conversation of this account.
pub async fn own_message(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    conversation: ConversationId,
    message: MessageId,
) -> QueryResult<bool> {
    let flag: Flag = stmt(
        "SELECT EXISTS (SELECT 1 FROM sms_messages
           WHERE id = $3 AND conversation_id = $2 AND account_id = $1) AS set",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(conversation)
    .bind::<SqlUuid, _>(message)
    .get_result(conn)
    .await?;
    Ok(flag.set)
}

/// Whether somebody is a colleague of the account who may sign in.
pub async fn is_colleague(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    user: UserId,
) -> QueryResult<bool> {
    let flag: Flag = stmt(
        "SELECT EXISTS (SELECT 1 FROM users WHERE id = $2 AND account_id = $1 AND disabled_at IS NULL) AS set",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(user)
    .get_result(conn)
    .await?;
    Ok(flag.set)
}

/// How much waits in an account's inbox; each counted up to a bound.
#[derive(Debug, Clone, Copy, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct InboxCounts {
    /// Conversations with something new.
    #[diesel(sql_type = BigInt)]
    pub unread: i64,
    /// Conversations where a person has the word.
    #[diesel(sql_type = BigInt)]
    pub handed_over: i64,
    /// Conversations of this colleague with something new.
    #[diesel(sql_type = BigInt)]
    pub mine_unread: i64,
}

/// Counts an account's inbox for a colleague.
pub async fn inbox_counts(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    user: UserId,
    most: i64,
) -> QueryResult<InboxCounts> {
    stmt(
        "SELECT
           (SELECT count(*) FROM (SELECT 1 FROM user_conversations
             WHERE account_id = $1 AND unread > 0 LIMIT $3) AS up_to) AS unread,
           (SELECT count(*) FROM (SELECT 1 FROM user_conversations
             WHERE account_id = $1 AND assistant = 'handed_over' LIMIT $3) AS up_to) AS handed_over,
           (SELECT count(*) FROM (SELECT 1 FROM user_conversations
             WHERE account_id = $1 AND unread > 0 AND user_id = $2 LIMIT $3) AS up_to) AS mine_unread",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(user)
    .bind::<BigInt, _>(most)
    .get_result(conn)
    .await
}

/// The active conversations of each of an account's numbers: a walk through all of them.
pub async fn active_conversations(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<Vec<(NumberId, i64)>> {
    #[derive(diesel::QueryableByName)]
    struct Active {
        #[diesel(sql_type = SqlUuid)]
        id: NumberId,
        #[diesel(sql_type = BigInt)]
        active: i64,
    }
    let rows: Vec<Active> = stmt(
        "SELECT n.id, (SELECT count(*) FROM user_conversations c
           WHERE c.number_id = n.id AND c.conversation_status = 'active') AS active
         FROM phone_numbers n WHERE n.account_id = $1",
    )
    .bind::<SqlUuid, _>(account)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.active)).collect())
}

#[derive(diesel::QueryableByName)]
struct InUse {
    #[diesel(sql_type = Text)]
    phone_number: String,
}

/// Which of these numbers belong to an account of the house, whichever.
pub async fn numbers_in_use(
    conn: &mut AsyncPgConnection,
    phone_numbers: &[&str],
) -> QueryResult<Vec<String>> {
    let rows: Vec<InUse> =
        stmt("SELECT phone_number FROM phone_numbers WHERE phone_number = ANY($1)")
            .bind::<Array<Text>, _>(phone_numbers)
            .load(conn)
            .await?;
    Ok(rows.into_iter().map(|row| row.phone_number).collect())
}

/// The E.164 form of one of an account's numbers.
pub async fn number_of_account(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: NumberId,
) -> QueryResult<Option<String>> {
    let row: Option<InUse> =
        stmt("SELECT phone_number FROM phone_numbers WHERE id = $2 AND account_id = $1")
            .bind::<SqlUuid, _>(account)
            .bind::<SqlUuid, _>(id)
            .get_result(conn)
            .await
            .optional()?;
    Ok(row.map(|row| row.phone_number))
}
