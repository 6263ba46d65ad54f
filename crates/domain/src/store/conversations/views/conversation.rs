//! A conversation as a list and its own page show it.

use chrono::{DateTime, Utc};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Integer, Json, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Person;
use crate::store::conversations::words::{
    AssistantState, Author, Color, ConversationStatus, Direction, Language, MessageStatus,
};
use crate::store::stmt::stmt;
use crate::{AccountId, ContactId, ConversationId, LabelId, NumberId, UserId};

/// A conversation.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Conversation)]
pub struct ConversationView {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub id: ConversationId,
    /// With whom.
    pub contact: ContactBrief,
    /// The customer's number, E.164 (or a short code or name that wrote to us).
    #[schema(example = "+525512345678")]
    pub to_number: String,
    /// Our number's id.
    #[schema(value_type = Uuid)]
    pub number_id: NumberId,
    /// Our number, the one that this customer sees.
    #[schema(example = "+528110000001")]
    pub from_twilio_number: String,
    /// What people call our number.
    pub number_label: String,
    /// Whether it goes on.
    pub conversation_status: ConversationStatus,
    /// Whose it is.
    #[schema(required)]
    pub user: Option<Person>,
    /// Who has the word.
    pub assistant: AssistantState,
    /// Why a person has it: `person`, `loop`, `hand_off`, ….
    #[schema(required)]
    pub handed_over_why: Option<String>,
    /// Since when.
    #[schema(required)]
    pub handed_over_at: Option<DateTime<Utc>>,
    /// Since when the customer is to be left alone.
    #[schema(required)]
    pub opted_out_at: Option<DateTime<Utc>>,
    /// Texts of the customer that nobody has looked at.
    #[schema(minimum = 0)]
    pub unread: i32,
    /// By name.
    pub labels: Vec<LabelView>,
    /// The end of the thread.
    #[schema(required)]
    pub last_message: Option<LastMessage>,
    /// When something last happened in it.
    pub last_message_at: DateTime<Utc>,
    /// When it began.
    pub created_at: DateTime<Utc>,
}

/// The person at the other end.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ContactBrief {
    /// Their id.
    #[schema(value_type = Uuid)]
    pub id: ContactId,
    /// E.164.
    #[schema(example = "+525512345678")]
    pub phone_number: String,
    /// Empty when unknown.
    pub name: String,
    /// When it is known.
    #[schema(required)]
    pub language: Option<Language>,
    /// The provider's code, when it says that this number takes no texts.
    #[schema(required)]
    pub unreachable_code: Option<i32>,
}

/// A coloured word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Label)]
pub struct LabelView {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub id: LabelId,
    /// The word.
    #[schema(example = "Mayoreo")]
    pub name: String,
    /// Its colour.
    pub color: Color,
}

/// The end of a thread.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LastMessage {
    /// Its first 160 characters.
    #[schema(max_length = 160)]
    pub body: String,
    /// Which way it went.
    pub direction: Direction,
    /// Who wrote it.
    pub author: Author,
    /// Where it stands.
    pub status: MessageStatus,
}

#[derive(diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: ConversationId,
    #[diesel(sql_type = Text)]
    to_number: String,
    #[diesel(sql_type = SqlUuid)]
    number_id: NumberId,
    #[diesel(sql_type = Text)]
    from_twilio_number: String,
    #[diesel(sql_type = Text)]
    number_label: String,
    #[diesel(sql_type = Text)]
    conversation_status: ConversationStatus,
    #[diesel(sql_type = Text)]
    assistant: AssistantState,
    #[diesel(sql_type = Nullable<Text>)]
    handed_over_why: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    handed_over_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    opted_out_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Integer)]
    unread: i32,
    #[diesel(sql_type = Timestamptz)]
    last_message_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    contact_id: ContactId,
    #[diesel(sql_type = Text)]
    contact_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    contact_language: Option<Language>,
    #[diesel(sql_type = Nullable<Integer>)]
    unreachable_code: Option<i32>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    owner_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    owner_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    last_body: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    last_direction: Option<Direction>,
    #[diesel(sql_type = Nullable<Text>)]
    last_author: Option<Author>,
    #[diesel(sql_type = Nullable<Text>)]
    last_status: Option<MessageStatus>,
    #[diesel(sql_type = Json)]
    labels: serde_json::Value,
}

/// The conversations of an account that these ids name, in their order; others are left out.
pub async fn conversation_views(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    ids: &[ConversationId],
) -> QueryResult<Vec<ConversationView>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = stmt(
        "SELECT c.id, c.to_number, c.number_id, c.from_twilio_number, n.label AS number_label,
           c.conversation_status, c.assistant, c.handed_over_why, c.handed_over_at, c.unread,
           c.last_message_at, c.created_at, c.contact_id, p.name AS contact_name,
           p.language AS contact_language, p.unreachable_code, u.id AS owner_id, u.name AS owner_name,
           o.opted_out_at, left(m.body, 160) AS last_body, m.direction AS last_direction,
           m.author AS last_author, m.status AS last_status,
           (SELECT coalesce(json_agg(json_build_object('id', l.id, 'name', l.name, 'color', l.color)
                     ORDER BY lower(l.name)), '[]'::json)
            FROM conversation_labels cl JOIN labels l ON l.id = cl.label_id
            WHERE cl.conversation_id = c.id) AS labels
         FROM unnest($2) WITH ORDINALITY AS asked (id, place)
         JOIN user_conversations c ON c.id = asked.id AND c.account_id = $1
         JOIN contacts p ON p.id = c.contact_id
         JOIN phone_numbers n ON n.id = c.number_id
         LEFT JOIN users u ON u.id = c.user_id
         LEFT JOIN opt_outs o ON o.account_id = c.account_id AND o.phone_number = c.to_number
           AND o.revoked_at IS NULL
         LEFT JOIN sms_messages m ON m.id = c.last_message_id
         ORDER BY asked.place",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Array<SqlUuid>, _>(ids)
    .load(conn)
    .await?;
    rows.into_iter().map(view).collect()
}

fn view(row: Row) -> QueryResult<ConversationView> {
    let labels = serde_json::from_value(row.labels)
        .map_err(|error| diesel::result::Error::DeserializationError(error.into()))?;
    let last_message = match (row.last_body, row.last_direction, row.last_author, row.last_status) {
        (Some(body), Some(direction), Some(author), Some(status)) => {
            Some(LastMessage { body, direction, author, status })
        }
        _ => None,
    };
    Ok(ConversationView {
        id: row.id,
        contact: ContactBrief {
            id: row.contact_id,
            phone_number: row.to_number.clone(),
            name: row.contact_name,
            language: row.contact_language,
            unreachable_code: row.unreachable_code,
        },
        to_number: row.to_number,
        number_id: row.number_id,
        from_twilio_number: row.from_twilio_number,
        number_label: row.number_label,
        conversation_status: row.conversation_status,
        user: Person::of(row.owner_id, row.owner_name),
        assistant: row.assistant,
        handed_over_why: row.handed_over_why,
        handed_over_at: row.handed_over_at,
        opted_out_at: row.opted_out_at,
        unread: row.unread,
        labels,
        last_message,
        last_message_at: row.last_message_at,
        created_at: row.created_at,
    })
}
