//! Identifiers that remember what they identify: `assign(number, conversation)` does not compile.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use uuid::Uuid;

/// A UUID (version 7 when made here, so that keys sort by time) of one kind of thing.
#[derive(AsExpression, FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Uuid)]
pub struct Id<Of: 'static> {
    value: Uuid,
    of: PhantomData<fn() -> Of>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $alias:ident = $kind:ident;)*) => {$(
        /// The kind of thing that the id of the same name identifies; it has no values.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $kind {}
        $(#[$doc])*
        pub type $alias = Id<$kind>;
    )*};
}

kinds! {
    /// A customer of Hilo: the border that no query crosses.
    AccountId = Account;
    /// A person who signs in.
    UserId = User;
    /// A person outside, known by their telephone number.
    ContactId = Contact;
    /// The one thread between an account and a recipient.
    ConversationId = Conversation;
    /// A text in either direction.
    MessageId = Message;
    /// One of an account's own telephone numbers.
    NumberId = PoolNumber;
    /// Something that was said on the bus.
    EventId = EventKind;
    /// A webhook, as it came in.
    ReceiptId = Receipt;
    /// A rule that answers without the model.
    StaticResponseId = StaticResponse;
    /// One attempt to find a reply.
    RunId = Run;
    /// A coloured word on conversations.
    LabelId = Label;
    /// What a colleague wrote about a conversation; the customer never sees it.
    NoteId = Note;
    /// A file of contacts that is being read in.
    ImportId = Import;
    /// Somebody's browser that is signed in.
    SessionId = Session;
    /// A way in for a colleague who has no password yet.
    InvitationId = Invitation;
    /// What a program signs in with.
    TokenId = Token;
}

impl<Of> Id<Of> {
    /// A new identifier, later than all that this process made before.
    pub fn generate() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// Takes a UUID on trust that it identifies this kind of thing.
    pub const fn from_uuid(value: Uuid) -> Self {
        Self { value, of: PhantomData }
    }

    /// The UUID itself, for the wire.
    pub const fn as_uuid(self) -> Uuid {
        self.value
    }
}

impl<Of> FromStr for Id<Of> {
    type Err = uuid::Error;

    fn from_str(raw: &str) -> Result<Self, uuid::Error> {
        raw.parse().map(Self::from_uuid)
    }
}

// By hand, because a derive would ask the same of `Of`, which has no values at all.
impl<Of> Clone for Id<Of> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<Of> Copy for Id<Of> {}
impl<Of> PartialEq for Id<Of> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<Of> Eq for Id<Of> {}
impl<Of> PartialOrd for Id<Of> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<Of> Ord for Id<Of> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.value.cmp(&other.value)
    }
}
impl<Of> Hash for Id<Of> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}
impl<Of> fmt::Debug for Id<Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
impl<Of> fmt::Display for Id<Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
impl<Of> serde::Serialize for Id<Of> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}
impl<'de, Of> serde::Deserialize<'de> for Id<Of> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Self::from_uuid)
    }
}
impl<Of> ToSql<diesel::sql_types::Uuid, Pg> for Id<Of> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <Uuid as ToSql<diesel::sql_types::Uuid, Pg>>::to_sql(&self.value, out)
    }
}
impl<Of> FromSql<diesel::sql_types::Uuid, Pg> for Id<Of> {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        <Uuid as FromSql<diesel::sql_types::Uuid, Pg>>::from_sql(bytes).map(Self::from_uuid)
    }
}
