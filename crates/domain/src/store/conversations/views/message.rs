//! A text as its thread shows it.

use chrono::{DateTime, Utc};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;

use super::Person;
use crate::store::conversations::words::{Author, Direction, MessageStatus, Purpose, TextEncoding};
use crate::store::stmt::stmt;
use crate::{AccountId, ConversationId, MessageId, UserId, segments_of};

/// A text.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Message)]
pub struct MessageView {
    /// Its id; ids sort by time.
    #[schema(value_type = Uuid)]
    pub id: MessageId,
    /// Its conversation.
    #[schema(value_type = Uuid)]
    pub conversation_id: ConversationId,
    /// Which way it went.
    pub direction: Direction,
    /// Who wrote it.
    pub author: Author,
    /// Which colleague, if one did.
    #[schema(required)]
    pub author_user: Option<Person>,
    /// What it is for.
    pub purpose: Purpose,
    /// The words; empty when it was only media.
    #[schema(example = "¿Le va bien a las cuatro?")]
    pub body: String,
    /// How many media.
    #[schema(minimum = 0)]
    pub num_media: i16,
    /// SMS segments.
    #[schema(minimum = 0)]
    pub segments: i16,
    /// How it travels.
    pub encoding: TextEncoding,
    /// Where it stands.
    pub status: MessageStatus,
    /// The provider's code.
    #[schema(required)]
    pub error_code: Option<i32>,
    /// Why we ourselves ended it: `opted_out`, `superseded`, `undone`, ….
    #[schema(required)]
    pub ended_why: Option<String>,
    /// Our number, E.164.
    #[schema(example = "+528110000001")]
    pub number: String,
    /// When it was written or came in.
    pub created_at: DateTime<Utc>,
    /// When it may leave.
    #[schema(required)]
    pub send_after: Option<DateTime<Utc>>,
    /// When the provider took it.
    #[schema(required)]
    pub sent_at: Option<DateTime<Utc>>,
    /// When it ended, well or not.
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
    /// The text that it answers.
    #[schema(required, value_type = Option<Uuid>)]
    pub in_reply_to: Option<MessageId>,
}

#[derive(diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: MessageId,
    #[diesel(sql_type = SqlUuid)]
    conversation_id: ConversationId,
    #[diesel(sql_type = Text)]
    direction: Direction,
    #[diesel(sql_type = Text)]
    author: Author,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    person_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    person_name: Option<String>,
    #[diesel(sql_type = Text)]
    purpose: Purpose,
    #[diesel(sql_type = Text)]
    body: String,
    #[diesel(sql_type = SmallInt)]
    num_media: i16,
    #[diesel(sql_type = SmallInt)]
    segments: i16,
    #[diesel(sql_type = Text)]
    status: MessageStatus,
    #[diesel(sql_type = Nullable<Integer>)]
    error_code: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    ended_why: Option<String>,
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    send_after: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    sent_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    finished_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    in_reply_to: Option<MessageId>,
}

/// The texts of an account that these ids name, in their order; others are left out.
pub async fn message_views(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    ids: &[MessageId],
) -> QueryResult<Vec<MessageView>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = stmt(
        "SELECT m.id, m.conversation_id, m.direction, m.author, u.id AS person_id, u.name AS person_name,
           m.purpose, m.body, m.num_media, m.segments, m.status, m.error_code, m.ended_why,
           n.phone_number AS number, m.created_at, m.send_after, m.sent_at, m.finished_at, m.in_reply_to
         FROM unnest($2) WITH ORDINALITY AS asked (id, place)
         JOIN sms_messages m ON m.id = asked.id AND m.account_id = $1
         JOIN phone_numbers n ON n.id = m.number_id
         LEFT JOIN users u ON u.id = m.author_user_id
         ORDER BY asked.place",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Array<SqlUuid>, _>(ids)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(view).collect())
}

fn view(row: Row) -> MessageView {
    MessageView {
        id: row.id,
        conversation_id: row.conversation_id,
        direction: row.direction,
        author: row.author,
        author_user: Person::of(row.person_id, row.person_name),
        purpose: row.purpose,
        encoding: segments_of(&row.body).encoding.into(),
        body: row.body,
        num_media: row.num_media,
        segments: row.segments,
        status: row.status,
        error_code: row.error_code,
        ended_why: row.ended_why,
        number: row.number,
        created_at: row.created_at,
        send_after: row.send_after,
        sent_at: row.sent_at,
        finished_at: row.finished_at,
        in_reply_to: row.in_reply_to,
    }
}
