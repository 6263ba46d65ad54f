//! Which rows of a list are wanted.

use super::{Bind, Scope};
use crate::store::conversations::words::ConversationStatus;
use crate::{AccountId, LabelId, NumberId, Timestamp, UserId};

/// Whose conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Nobody's.
    Nobody,
    /// This colleague's.
    User(UserId),
}

/// Which conversations; what is not set does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ConversationFilter {
    /// Whether it goes on.
    pub status: Option<ConversationStatus>,
    /// Whose.
    pub owner: Option<Owner>,
    /// On which of our numbers.
    pub number: Option<NumberId>,
    /// With which label.
    pub label: Option<LabelId>,
    /// Where something last happened at this time or later.
    pub from: Option<Timestamp>,
    /// Where something last happened before.
    pub to: Option<Timestamp>,
    /// Only where a text waits to be looked at.
    pub unread: bool,
    /// Only where a person has the word.
    pub handed_over: bool,
}

/// An account's conversations, by when something last happened in them.
pub fn conversations(account: AccountId, filter: &ConversationFilter) -> Scope {
    let columns = ("user_conversations c", "c.last_message_at", "c.id");
    let mut scope = Scope::new(columns, "c.account_id = $1", account);
    match filter.status {
        // Spelled out, for the index that holds only what is not active.
        Some(ConversationStatus::Active) => scope.and_that("c.conversation_status = 'active'"),
        Some(ConversationStatus::Inactive) => scope.and_that("c.conversation_status = 'inactive'"),
        Some(ConversationStatus::Blocked) => scope.and_that("c.conversation_status = 'blocked'"),
        None => {}
    }
    match filter.owner {
        Some(Owner::Nobody) => scope.and_that("c.user_id IS NULL"),
        Some(Owner::User(user)) => scope.and("c.user_id = ?", Bind::Id(user.as_uuid())),
        None => {}
    }
    if let Some(number) = filter.number {
        scope.and("c.number_id = ?", Bind::Id(number.as_uuid()));
    }
    if let Some(label) = filter.label {
        scope.and(
            "EXISTS (SELECT 1 FROM conversation_labels l WHERE l.conversation_id = c.id AND l.label_id = ?)",
            Bind::Id(label.as_uuid()),
        );
    }
    if let Some(from) = filter.from {
        scope.and("c.last_message_at >= ?", Bind::At(from));
    }
    if let Some(to) = filter.to {
        scope.and("c.last_message_at < ?", Bind::At(to));
    }
    if filter.unread {
        scope.and_that("c.unread > 0");
    }
    if filter.handed_over {
        scope.and_that("c.assistant = 'handed_over'");
    }
    scope
}

/// An account's contacts, by when we came to know them.
pub fn contacts(account: AccountId) -> Scope {
    Scope::new(("contacts p", "p.created_at", "p.id"), "p.account_id = $1", account)
}
