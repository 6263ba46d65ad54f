//! Contacts: making, editing, forgetting.

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::store::conversations::words::Language;
use crate::store::stmt::stmt;
use crate::{AccountId, ContactId, ConversationId, PhoneNumber, Timestamp};

/// Somebody whom a colleague writes down.
#[derive(Debug, Clone)]
pub struct NewContact<'a> {
    /// Their id.
    pub id: ContactId,
    /// Whose.
    pub account: AccountId,
    /// Canonical.
    pub phone: &'a PhoneNumber,
    /// As it was typed.
    pub raw: &'a str,
    /// Empty when unknown.
    pub name: &'a str,
    /// When it is known.
    pub language: Option<Language>,
}

/// Writes somebody down; `false` when the account knows the number already.
pub async fn create_contact(
    conn: &mut AsyncPgConnection,
    contact: &NewContact<'_>,
    now: Timestamp,
) -> QueryResult<bool> {
    let created = stmt(
        "INSERT INTO contacts (id, account_id, phone_number, phone_raw, name, language, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account_id, phone_number) DO NOTHING",
    )
    .bind::<SqlUuid, _>(contact.id)
    .bind::<SqlUuid, _>(contact.account)
    .bind::<Text, _>(contact.phone.as_e164())
    .bind::<Text, _>(contact.raw)
    .bind::<Text, _>(contact.name)
    .bind::<Nullable<Text>, _>(contact.language.map(Language::as_str))
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(created == 1)
}

/// Changes what is not `None`; `false` when the account has no such contact.
pub async fn edit_contact(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: ContactId,
    name: Option<&str>,
    language: Option<Option<Language>>,
) -> QueryResult<bool> {
    let edited = stmt(
        "UPDATE contacts SET name = COALESCE($3, name), language = CASE WHEN $4 THEN $5 ELSE language END
         WHERE id = $2 AND account_id = $1",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<Text>, _>(name)
    .bind::<Bool, _>(language.is_some())
    .bind::<Nullable<Text>, _>(language.flatten().map(Language::as_str))
    .execute(conn)
    .await?;
    Ok(edited == 1)
}

/// Gives a name to somebody who has none.
pub async fn name_if_unknown(
    conn: &mut AsyncPgConnection,
    id: ContactId,
    name: &str,
) -> QueryResult<()> {
    stmt("UPDATE contacts SET name = $2 WHERE id = $1 AND name = ''")
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(name)
        .execute(conn)
        .await
        .map(drop)
}

/// What an erasure took away, and what it had to leave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// The conversation, if there was one.
    pub conversation: Option<ConversationId>,
    /// Texts.
    pub messages: usize,
    /// Notes.
    pub notes: usize,
    /// Whether an opt-out stays in force, without its evidence.
    pub opt_out_stays: bool,
}

/// What came of the wish to forget somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// Done.
    Done(Erased),
    /// The account has no such contact.
    NoSuchContact,
    /// A text to them is with the provider, or nobody knows whether it is: what it costs and whether it
    /// arrived must be known first.
    TextUnderWay,
}

#[derive(diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Target {
    #[diesel(sql_type = Text)]
    phone_number: String,
}

#[derive(diesel::QueryableByName)]
struct Thread {
    #[diesel(sql_type = SqlUuid)]
    id: ConversationId,
}

#[derive(diesel::QueryableByName)]
struct Flag {
    #[diesel(sql_type = Bool)]
    set: bool,
}

/// Forgets somebody and all that was said with them. An opt-out stays in force, as a number and a date:
/// without it they would be texted again. A foreign key violation means that they wrote at this moment.
pub async fn erase(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    contact: ContactId,
) -> QueryResult<Erasure> {
    let target: Option<Target> =
        stmt("SELECT phone_number FROM contacts WHERE id = $2 AND account_id = $1")
            .bind::<SqlUuid, _>(account)
            .bind::<SqlUuid, _>(contact)
            .get_result(conn)
            .await
            .optional()?;
    let Some(target) = target else { return Ok(Erasure::NoSuchContact) };
    let mut erased = Erased::default();
    if let Some(thread) = lock_thread(conn, account, &target.phone_number).await? {
        if is_under_way(conn, thread).await? {
            return Ok(Erasure::TextUnderWay);
        }
        erased = erase_thread(conn, thread).await?;
    }
    stmt("DELETE FROM opt_outs WHERE account_id = $1 AND phone_number = $2 AND revoked_at IS NOT NULL")
        .bind::<SqlUuid, _>(account)
        .bind::<Text, _>(&target.phone_number)
        .execute(conn)
        .await?;
    let in_force = stmt(
        "UPDATE opt_outs SET evidence = '', message_id = NULL WHERE account_id = $1 AND phone_number = $2",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Text, _>(&target.phone_number)
    .execute(conn)
    .await?;
    stmt("DELETE FROM contacts WHERE id = $1").bind::<SqlUuid, _>(contact).execute(conn).await?;
    Ok(Erasure::Done(Erased { opt_out_stays: in_force > 0, ..erased }))
}

async fn lock_thread(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    to_number: &str,
) -> QueryResult<Option<ConversationId>> {
    let thread: Option<Thread> = stmt(
        "SELECT id FROM user_conversations WHERE to_number = $2 AND account_id = $1 FOR UPDATE",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Text, _>(to_number)
    .get_result(conn)
    .await
    .optional()?;
    Ok(thread.map(|thread| thread.id))
}

async fn is_under_way(conn: &mut AsyncPgConnection, thread: ConversationId) -> QueryResult<bool> {
    let flag: Flag = stmt(
        "SELECT EXISTS (SELECT 1 FROM sms_messages
           WHERE conversation_id = $1 AND status IN ('sending', 'uncertain')) AS set",
    )
    .bind::<SqlUuid, _>(thread)
    .get_result(conn)
    .await?;
    Ok(flag.set)
}

/// What still waits to leave goes with the rest.
async fn erase_thread(conn: &mut AsyncPgConnection, thread: ConversationId) -> QueryResult<Erased> {
    let notes = stmt("DELETE FROM conversation_notes WHERE conversation_id = $1")
        .bind::<SqlUuid, _>(thread)
        .execute(conn)
        .await?;
    stmt("DELETE FROM conversation_aliases WHERE conversation_id = $1")
        .bind::<SqlUuid, _>(thread)
        .execute(conn)
        .await?;
    let messages = stmt("DELETE FROM sms_messages WHERE conversation_id = $1")
        .bind::<SqlUuid, _>(thread)
        .execute(conn)
        .await?;
    stmt("DELETE FROM user_conversations WHERE id = $1")
        .bind::<SqlUuid, _>(thread)
        .execute(conn)
        .await?;
    Ok(Erased { conversation: Some(thread), messages, notes, opt_out_stays: false })
}
