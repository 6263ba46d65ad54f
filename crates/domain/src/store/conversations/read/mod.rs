//! Reading the slice: any service.

mod inbox;
mod people;

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::rows::{ConversationRow, NumberRow, NumberStatistics, TurnRow};
use crate::store::stmt::stmt;
use crate::{AccountId, ConversationId, Timestamp};

pub use inbox::{
    InboxCounts, active_conversations, inbox_counts, is_colleague, message_keys, number_of_account,
    numbers_in_use, own_message,
};
pub use people::{
    ExportRow, RejectedRow, contact_by_number, export_rows, import_file, import_header,
    rejected_rows,
};

/// One of our numbers, by its E.164 form.
pub async fn number(
    conn: &mut AsyncPgConnection,
    phone_number: &str,
) -> QueryResult<Option<NumberRow>> {
    stmt("SELECT id, account_id, phone_number FROM phone_numbers WHERE phone_number = $1")
        .bind::<Text, _>(phone_number)
        .get_result(conn)
        .await
        .optional()
}

/// The conversation of an account with a recipient: what an outbound text joins.
pub async fn conversation_with(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    to_number: &str,
) -> QueryResult<Option<ConversationRow>> {
    stmt(
        "SELECT c.id, c.account_id, c.contact_id, c.to_number, c.number_id, c.from_twilio_number,
           c.conversation_status, c.assistant, c.reply_epoch, p.name AS contact_name, p.language AS contact_language,
           p.unreachable_code
         FROM user_conversations c JOIN contacts p ON p.id = c.contact_id
         WHERE c.to_number = $1 AND c.account_id = $2",
    )
    .bind::<Text, _>(to_number)
    .bind::<SqlUuid, _>(account)
    .get_result(conn)
    .await
    .optional()
}

/// The conversation that an inbound text joins: the account that owns the number has one with the
/// sender, whichever of its numbers they write to.
pub async fn conversation_by_twilio_number(
    conn: &mut AsyncPgConnection,
    twilio_number: &str,
    sender: &str,
) -> QueryResult<Option<ConversationRow>> {
    match number(conn, twilio_number).await? {
        Some(number) => conversation_with(conn, number.account_id, sender).await,
        None => Ok(None),
    }
}

/// One conversation.
pub async fn conversation(
    conn: &mut AsyncPgConnection,
    id: ConversationId,
) -> QueryResult<Option<ConversationRow>> {
    stmt(
        "SELECT c.id, c.account_id, c.contact_id, c.to_number, c.number_id, c.from_twilio_number,
           c.conversation_status, c.assistant, c.reply_epoch, p.name AS contact_name, p.language AS contact_language,
           p.unreachable_code
         FROM user_conversations c JOIN contacts p ON p.id = c.contact_id WHERE c.id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .get_result(conn)
    .await
    .optional()
}

/// The latest turns of a conversation, oldest first: what was said, not what was canceled.
pub async fn turns(
    conn: &mut AsyncPgConnection,
    conversation: ConversationId,
    at_most: i64,
) -> QueryResult<Vec<TurnRow>> {
    let mut turns: Vec<TurnRow> = stmt(
        "SELECT direction, body FROM sms_messages
         WHERE conversation_id = $1 AND status NOT IN ('canceled', 'failed') AND body <> ''
         ORDER BY id DESC LIMIT $2",
    )
    .bind::<SqlUuid, _>(conversation)
    .bind::<BigInt, _>(at_most)
    .load(conn)
    .await?;
    turns.reverse();
    Ok(turns)
}

#[derive(diesel::QueryableByName)]
struct Flag {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    set: bool,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Whether an opt-out of this recipient is in force.
pub async fn is_opted_out(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    to_number: &str,
) -> QueryResult<bool> {
    let flag: Flag = stmt(
        "SELECT EXISTS (SELECT 1 FROM opt_outs
           WHERE account_id = $1 AND phone_number = $2 AND revoked_at IS NULL) AS set",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Text, _>(to_number)
    .get_result(conn)
    .await?;
    Ok(flag.set)
}

/// Answers without a person since `since`: what the loop guard counts.
pub async fn automatic_replies_since(
    conn: &mut AsyncPgConnection,
    conversation: ConversationId,
    since: Timestamp,
) -> QueryResult<i64> {
    let row: Count = stmt(
        "SELECT count(*) AS count FROM sms_messages
         WHERE conversation_id = $1 AND author IN ('assistant', 'static_response')
           AND status <> 'canceled' AND created_at >= $2",
    )
    .bind::<SqlUuid, _>(conversation)
    .bind::<Timestamptz, _>(since)
    .get_result(conn)
    .await?;
    Ok(row.count)
}

/// Which of these provider ids belong to texts that we know.
pub async fn known_sids(conn: &mut AsyncPgConnection, sids: Vec<&str>) -> QueryResult<Vec<String>> {
    #[derive(diesel::QueryableByName)]
    struct Sid {
        #[diesel(sql_type = Text)]
        twilio_sid: String,
    }
    let rows: Vec<Sid> = stmt("SELECT twilio_sid FROM sms_messages WHERE twilio_sid = ANY($1)")
        .bind::<diesel::sql_types::Array<Text>, _>(sids)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.twilio_sid).collect())
}

/// For every number of an account its active conversations and all its texts.
pub async fn number_statistics(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<Vec<NumberStatistics>> {
    stmt(
        "WITH tail AS (
           SELECT number_id, count(*) AS texts FROM sms_messages
           WHERE id > (SELECT counted_to FROM tally_marks) GROUP BY number_id)
         SELECT n.id AS number_id, n.phone_number, n.uses,
           (SELECT count(*) FROM user_conversations c
             WHERE c.number_id = n.id AND c.conversation_status = 'active') AS active_conversations,
           COALESCE(t.texts, 0) + COALESCE(tail.texts, 0) AS total_messages
         FROM phone_numbers n
         LEFT JOIN number_tallies t ON t.number_id = n.id
         LEFT JOIN tail ON tail.number_id = n.id
         WHERE n.account_id = $1 ORDER BY n.phone_number",
    )
    .bind::<SqlUuid, _>(account)
    .load(conn)
    .await
}

/// What the account's assistant profile says about how we answer by ourselves.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Manners {
    /// How long a burst must be over.
    #[diesel(sql_type = diesel::sql_types::Integer)]
    pub debounce_ms: i32,
    /// The answer to AYUDA; empty for the house's own.
    #[diesel(sql_type = Text)]
    pub help_text: String,
    /// The account's language.
    #[diesel(sql_type = Text)]
    pub language: String,
    /// The account's name.
    #[diesel(sql_type = Text)]
    pub account_name: String,
}

/// How the account answers.
pub async fn manners(conn: &mut AsyncPgConnection, account: AccountId) -> QueryResult<Manners> {
    stmt(
        "SELECT COALESCE(p.debounce_ms, 2500) AS debounce_ms, COALESCE(p.help_text, '') AS help_text,
           a.language, a.name AS account_name
         FROM accounts a LEFT JOIN assistant_profiles p ON p.account_id = a.id WHERE a.id = $1",
    )
    .bind::<SqlUuid, _>(account)
    .get_result(conn)
    .await
}
