//! What was done and what screens are told of it, as it is read.

use diesel::sql_types::{BigInt, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};

use crate::{AccountId, ConversationId, ImportId, MessageId, Timestamp, UserId};

/// A line of the audit log.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct AuditRow {
    /// Which.
    #[diesel(sql_type = SqlUuid)]
    pub id: uuid::Uuid,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub at: Timestamp,
    /// Who.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub user_id: Option<UserId>,
    /// Their name.
    #[diesel(sql_type = Nullable<Text>)]
    pub user_name: Option<String>,
    /// The permission that it needed.
    #[diesel(sql_type = Text)]
    pub action: String,
    /// HTTP method.
    #[diesel(sql_type = Text)]
    pub method: String,
    /// The route.
    #[diesel(sql_type = Text)]
    pub path: String,
    /// Of what.
    #[diesel(sql_type = Nullable<Text>)]
    pub resource_id: Option<String>,
    /// What was answered.
    #[diesel(sql_type = SmallInt)]
    pub status: i16,
    /// The request's id.
    #[diesel(sql_type = Text)]
    pub request_id: String,
}

/// Something that screens are told.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct LiveRow {
    /// Whose screens.
    #[diesel(sql_type = SqlUuid)]
    pub account_id: AccountId,
    /// Its place in the account's order.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// See [`LiveKind`].
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// What of a conversation changed.
    #[diesel(sql_type = Text)]
    pub what: String,
    /// Which conversation.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub conversation_id: Option<ConversationId>,
    /// Which text of it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub message_id: Option<MessageId>,
    /// Which import.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub import_id: Option<ImportId>,
}

/// What kind of change screens are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiveKind {
    /// Of a conversation or a text in it.
    ConversationChanged,
    /// Of an import.
    ImportProgressed,
    /// Of the account's numbers.
    NumbersChanged,
}

impl LiveKind {
    /// The word, as the table and the API have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConversationChanged => "conversation_changed",
            Self::ImportProgressed => "import_progressed",
            Self::NumbersChanged => "numbers_changed",
        }
    }
}
