//! What stands beside a thread: its notes, its opt-outs, the numbers that it had; and the account's
//! labels.

use chrono::{DateTime, Utc};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{LabelView, Person};
use crate::store::conversations::words::{AssignedReason, Color, OptOutSource};
use crate::store::stmt::stmt;
use crate::{AccountId, ConversationId, LabelId, NoteId, NumberId, UserId};

/// The most of each that is given, newest first: a thread has a handful.
const MOST: i64 = 500;

/// What a colleague wrote about a conversation; the customer never sees it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Note)]
pub struct NoteView {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub id: NoteId,
    /// The words.
    pub body: String,
    /// Who wrote it.
    #[schema(required)]
    pub author: Option<Person>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// One time that a customer left, and perhaps came back.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
#[schema(as = OptOut)]
pub struct OptOutView {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// Who said so.
    #[diesel(sql_type = Text)]
    pub source: OptOutSource,
    /// In which words, or with which code of the provider; empty after an erasure.
    #[diesel(sql_type = Text)]
    pub evidence: String,
    /// Since when.
    #[diesel(sql_type = Timestamptz)]
    pub opted_out_at: DateTime<Utc>,
    /// When they came back.
    #[schema(required)]
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub revoked_at: Option<DateTime<Utc>>,
    /// In which words.
    #[schema(required)]
    #[diesel(sql_type = Nullable<Text>)]
    pub revoked_evidence: Option<String>,
}

/// A number that a conversation has or had: "why this number?".
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = AssignedNumber)]
pub struct AssignedNumberView {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub number_id: NumberId,
    /// E.164.
    #[schema(example = "+528110000001")]
    pub phone_number: String,
    /// What people call it.
    pub label: String,
    /// How it came to this conversation.
    pub assigned_reason: AssignedReason,
    /// In the words of who chose it; empty unless a colleague did.
    pub assigned_note: String,
    /// Which colleague.
    #[schema(required)]
    pub assigned_by: Option<Person>,
    /// Since when.
    pub assigned_at: DateTime<Utc>,
    /// Until when; null for the present one.
    #[schema(required)]
    pub retired_at: Option<DateTime<Utc>>,
}

#[derive(diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct NoteRow {
    #[diesel(sql_type = SqlUuid)]
    id: NoteId,
    #[diesel(sql_type = Text)]
    body: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    person_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    person_name: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
}

/// A conversation's notes, newest first.
pub async fn notes(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    conversation: ConversationId,
) -> QueryResult<Vec<NoteView>> {
    let rows: Vec<NoteRow> = stmt(
        "SELECT n.id, n.body, u.id AS person_id, u.name AS person_name, n.created_at
         FROM conversation_notes n LEFT JOIN users u ON u.id = n.author_user_id
         WHERE n.conversation_id = $2 AND n.account_id = $1 ORDER BY n.id DESC LIMIT $3",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(conversation)
    .bind::<BigInt, _>(MOST)
    .load(conn)
    .await?;
    let view = |row: NoteRow| NoteView {
        id: row.id,
        body: row.body,
        author: Person::of(row.person_id, row.person_name),
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// A recipient's opt-outs, newest first.
pub async fn opt_outs(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    to_number: &str,
) -> QueryResult<Vec<OptOutView>> {
    stmt(
        "SELECT id, source, evidence, opted_out_at, revoked_at, revoked_evidence FROM opt_outs
         WHERE account_id = $1 AND phone_number = $2 ORDER BY opted_out_at DESC LIMIT $3",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Text, _>(to_number)
    .bind::<BigInt, _>(MOST)
    .load(conn)
    .await
}

#[derive(diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct AssignedRow {
    #[diesel(sql_type = SqlUuid)]
    number_id: NumberId,
    #[diesel(sql_type = Text)]
    phone_number: String,
    #[diesel(sql_type = Text)]
    label: String,
    #[diesel(sql_type = Text)]
    assigned_reason: AssignedReason,
    #[diesel(sql_type = Text)]
    assigned_note: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    person_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    person_name: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    assigned_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    retired_at: Option<DateTime<Utc>>,
}

/// The numbers of a conversation, the present one first.
pub async fn assigned_numbers(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    conversation: ConversationId,
) -> QueryResult<Vec<AssignedNumberView>> {
    let rows: Vec<AssignedRow> = stmt(
        "SELECT h.number_id, n.phone_number, n.label, h.assigned_reason, h.assigned_note,
           u.id AS person_id, u.name AS person_name, h.assigned_at, h.retired_at
         FROM (SELECT number_id, assigned_reason, assigned_note, assigned_by, assigned_at,
                 NULL::timestamptz AS retired_at
               FROM user_conversations WHERE id = $2 AND account_id = $1
               UNION ALL
               SELECT a.number_id, a.assigned_reason, a.assigned_note, a.assigned_by, a.assigned_at, a.retired_at
               FROM conversation_aliases a JOIN user_conversations c ON c.id = a.conversation_id
               WHERE c.id = $2 AND c.account_id = $1) AS h
         JOIN phone_numbers n ON n.id = h.number_id
         LEFT JOIN users u ON u.id = h.assigned_by
         ORDER BY h.retired_at DESC NULLS FIRST LIMIT $3",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(conversation)
    .bind::<BigInt, _>(MOST)
    .load(conn)
    .await?;
    let view = |row: AssignedRow| AssignedNumberView {
        number_id: row.number_id,
        phone_number: row.phone_number,
        label: row.label,
        assigned_reason: row.assigned_reason,
        assigned_note: row.assigned_note,
        assigned_by: Person::of(row.person_id, row.person_name),
        assigned_at: row.assigned_at,
        retired_at: row.retired_at,
    };
    Ok(rows.into_iter().map(view).collect())
}

#[derive(diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct LabelRow {
    #[diesel(sql_type = SqlUuid)]
    id: LabelId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    color: Color,
}

/// An account's labels, by name.
pub async fn labels(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<Vec<LabelView>> {
    let rows: Vec<LabelRow> = stmt(
        "SELECT id, name, color FROM labels WHERE account_id = $1 ORDER BY lower(name) LIMIT $2",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<BigInt, _>(MOST)
    .load(conn)
    .await?;
    let view = |row: LabelRow| LabelView { id: row.id, name: row.name, color: row.color };
    Ok(rows.into_iter().map(view).collect())
}
