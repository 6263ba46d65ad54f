//! Accounts, the people in them and those who are invited, as they are read.

use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};

use crate::{AccountId, InvitationId, Timestamp, UserId};

/// What a service needs to know of an account.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct AccountRow {
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// IANA name of its business zone.
    #[diesel(sql_type = Text)]
    pub time_zone: String,
    /// `es` or `en`.
    #[diesel(sql_type = Text)]
    pub language: String,
}

/// All of an account.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct AccountDetails {
    /// Which.
    #[diesel(sql_type = SqlUuid)]
    pub id: AccountId,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// IANA name of its business zone.
    #[diesel(sql_type = Text)]
    pub time_zone: String,
    /// `es` or `en`.
    #[diesel(sql_type = Text)]
    pub language: String,
    /// Since when.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
}

/// A person, as a colleague sees them.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct UserRow {
    /// Who.
    #[diesel(sql_type = SqlUuid)]
    pub id: UserId,
    /// E-mail address.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// Name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// See [`crate::Role`].
    #[diesel(sql_type = Text)]
    pub role: String,
    /// Whether they are kept out.
    #[diesel(sql_type = Bool)]
    pub disabled: bool,
    /// Whether they sign in with a code as well.
    #[diesel(sql_type = Bool)]
    pub second_factor: bool,
    /// Since when.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
    /// When they were last here.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub last_seen_at: Option<Timestamp>,
}

/// An invitation, as a colleague sees it.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct InvitationRow {
    /// Which.
    #[diesel(sql_type = SqlUuid)]
    pub id: InvitationId,
    /// Who is invited.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// Their name, where it is known.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// See [`crate::Role`].
    #[diesel(sql_type = Text)]
    pub role: String,
    /// Who invited.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub invited_by: Option<UserId>,
    /// Their name.
    #[diesel(sql_type = Nullable<Text>)]
    pub invited_by_name: Option<String>,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
    /// Until when it is good.
    #[diesel(sql_type = Timestamptz)]
    pub expires_at: Timestamp,
    /// When it was used.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub accepted_at: Option<Timestamp>,
}

/// An invitation, as who holds it sees it.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct OpenInvitationRow {
    /// Which.
    #[diesel(sql_type = SqlUuid)]
    pub id: InvitationId,
    /// Into which account.
    #[diesel(sql_type = SqlUuid)]
    pub account_id: AccountId,
    /// Who is invited.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// Their name, where it is known.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// See [`crate::Role`].
    #[diesel(sql_type = Text)]
    pub role: String,
    /// The account's name.
    #[diesel(sql_type = Text)]
    pub account_name: String,
    /// The account's language.
    #[diesel(sql_type = Text)]
    pub language: String,
}
