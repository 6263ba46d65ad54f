//! How people and programs come in, as it is read.

use diesel::sql_types::{Array, Bool, Bytea, Nullable, Text, Timestamptz, Uuid as SqlUuid};

use crate::store::StoreError;
use crate::{AccountId, Role, SessionId, Timestamp, TokenId, UserId};

/// A person, as the sign-in sees them.
#[derive(Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct LoginRow {
    /// Who.
    #[diesel(sql_type = SqlUuid)]
    pub id: UserId,
    /// Whose.
    #[diesel(sql_type = SqlUuid)]
    pub account_id: AccountId,
    /// argon2id; `None` until they have set a password.
    #[diesel(sql_type = Nullable<Text>)]
    pub password_hash: Option<String>,
    /// Whether they are kept out.
    #[diesel(sql_type = Bool)]
    pub disabled: bool,
    /// Whether a code is needed as well.
    #[diesel(sql_type = Bool)]
    pub second_factor: bool,
}

/// With what somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A browser's cookie.
    Session(SessionId),
    /// A program's token.
    Token(TokenId),
}

/// Who came in with a credential that is in force.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct CallerRow {
    /// The session or token.
    #[diesel(sql_type = SqlUuid)]
    pub credential_id: uuid::Uuid,
    /// Who.
    #[diesel(sql_type = SqlUuid)]
    pub user_id: UserId,
    /// Whose.
    #[diesel(sql_type = SqlUuid)]
    pub account_id: AccountId,
    /// E-mail address.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// Name.
    #[diesel(sql_type = Text)]
    pub user_name: String,
    /// See [`Role`].
    #[diesel(sql_type = Text)]
    pub role: String,
    /// Whether they sign in with a code as well.
    #[diesel(sql_type = Bool)]
    pub second_factor: bool,
    /// The account's name.
    #[diesel(sql_type = Text)]
    pub account_name: String,
    /// IANA name of its business zone.
    #[diesel(sql_type = Text)]
    pub time_zone: String,
    /// `es` or `en`.
    #[diesel(sql_type = Text)]
    pub language: String,
    /// What a token may do; `None` for a session, which may do all that the role may.
    #[diesel(sql_type = Nullable<Array<Text>>)]
    pub scopes: Option<Vec<String>>,
    /// When it was last used, to the minute.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub seen_at: Option<Timestamp>,
    /// When it ends whatever happens.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub expires_at: Option<Timestamp>,
}

impl CallerRow {
    /// The role as a type.
    ///
    /// # Errors
    /// When the database holds another word.
    pub fn role(&self) -> Result<Role, StoreError> {
        self.role.parse().map_err(|_| StoreError::Corrupt { column: "users.role" })
    }
}

/// One of a person's sessions.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct SessionRow {
    /// Which.
    #[diesel(sql_type = SqlUuid)]
    pub id: SessionId,
    /// When it began.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    #[diesel(sql_type = Timestamptz)]
    pub last_seen_at: Timestamp,
    /// What the browser calls itself.
    #[diesel(sql_type = Text)]
    pub user_agent: String,
    /// IP address at the sign-in.
    #[diesel(sql_type = Text)]
    pub address: String,
}

/// A second factor, confirmed or not.
#[derive(Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct SecondFactorRow {
    /// 20 bytes.
    #[diesel(sql_type = Bytea)]
    pub secret: Vec<u8>,
    /// Since when it is asked for.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub confirmed_at: Option<Timestamp>,
}

/// One of a person's tokens.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct TokenRow {
    /// Which.
    #[diesel(sql_type = SqlUuid)]
    pub id: TokenId,
    /// What the person calls it.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// What it may do.
    #[diesel(sql_type = Array<Text>)]
    pub scopes: Vec<String>,
    /// Its beginning.
    #[diesel(sql_type = Text)]
    pub prefix: String,
    /// Since when.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub last_used_at: Option<Timestamp>,
    /// Until when it is good.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub expires_at: Option<Timestamp>,
}

/// The failures that stand against an attempt to sign in: of each limit the one that must grow old
/// before another attempt is heard, if there are so many.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct AttemptsRow {
    /// Of this person from this address.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub pair: Option<Timestamp>,
    /// From this address, whoever was meant.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub address: Option<Timestamp>,
    /// Of this person, from wherever; `None` for an address that they have signed in from.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub email: Option<Timestamp>,
}
