//! A contact as the list of contacts and their own page show them.

use chrono::{DateTime, Utc};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::conversations::words::Language;
use crate::store::stmt::stmt;
use crate::{AccountId, ContactId, ConversationId};

/// A person outside.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
#[schema(as = Contact)]
pub struct ContactView {
    /// Their id.
    #[schema(value_type = Uuid)]
    #[diesel(sql_type = SqlUuid)]
    pub id: ContactId,
    /// E.164 (or a short code or name that wrote to us).
    #[schema(example = "+525512345678")]
    #[diesel(sql_type = Text)]
    pub phone_number: String,
    /// Empty when unknown.
    #[schema(example = "María López")]
    #[diesel(sql_type = Text)]
    pub name: String,
    /// When it is known.
    #[schema(required)]
    #[diesel(sql_type = Nullable<Text>)]
    pub language: Option<Language>,
    /// The provider's code, when it says that this number takes no texts.
    #[schema(required)]
    #[diesel(sql_type = Nullable<Integer>)]
    pub unreachable_code: Option<i32>,
    /// The conversation with them.
    #[schema(required, value_type = Option<Uuid>)]
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub conversation_id: Option<ConversationId>,
    /// Our number that they see.
    #[schema(required)]
    #[diesel(sql_type = Nullable<Text>)]
    pub from_twilio_number: Option<String>,
    /// Since when they are to be left alone.
    #[schema(required)]
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub opted_out_at: Option<DateTime<Utc>>,
    /// Since when we know them.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
}

/// The contacts of an account that these ids name, in their order; others are left out.
pub async fn contact_views(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    ids: &[ContactId],
) -> QueryResult<Vec<ContactView>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    stmt(
        "SELECT p.id, p.phone_number, p.name, p.language, p.unreachable_code, c.id AS conversation_id,
           c.from_twilio_number, o.opted_out_at, p.created_at
         FROM unnest($2) WITH ORDINALITY AS asked (id, place)
         JOIN contacts p ON p.id = asked.id AND p.account_id = $1
         LEFT JOIN user_conversations c ON c.to_number = p.phone_number AND c.account_id = p.account_id
         LEFT JOIN opt_outs o ON o.account_id = p.account_id AND o.phone_number = p.phone_number
           AND o.revoked_at IS NULL
         ORDER BY asked.place",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Array<SqlUuid>, _>(ids)
    .load(conn)
    .await
}

/// One contact of an account.
pub async fn contact_view(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: ContactId,
) -> QueryResult<Option<ContactView>> {
    Ok(contact_views(conn, account, &[id]).await?.pop())
}
