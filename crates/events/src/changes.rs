//! What `conversations` says so that people's screens follow.

use domain::{AccountId, ConversationId, ImportId};
use prost::Message;

use crate::wire::{conversations as wire, id};
use crate::{Event, InvalidEvent};

/// People see something new in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationChanged {
    /// Whose it is.
    pub account: AccountId,
    /// The conversation.
    pub conversation: ConversationId,
    /// `status`, `owner`, `read`, `labels`, `note`, `assistant`, `contact` or `deleted`.
    pub what: String,
}

impl Event for ConversationChanged {
    const TYPE: &'static str = "conversation.changed";

    fn encode(&self) -> Vec<u8> {
        wire::ConversationChanged {
            account_id: self.account.to_string(),
            conversation_id: self.conversation.to_string(),
            what: self.what.clone(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::ConversationChanged::decode(body)?;
        Ok(Self {
            account: id("account_id", &wire.account_id)?,
            conversation: id("conversation_id", &wire.conversation_id)?,
            what: wire.what,
        })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account)
    }
}

/// A file of contacts was read a little further, or to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactsImportProgressed {
    /// Whose it is.
    pub account: AccountId,
    /// The import.
    pub import: ImportId,
}

impl Event for ContactsImportProgressed {
    const TYPE: &'static str = "contacts.import_progressed";

    fn encode(&self) -> Vec<u8> {
        wire::ContactsImportProgressed {
            account_id: self.account.to_string(),
            import_id: self.import.to_string(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::ContactsImportProgressed::decode(body)?;
        Ok(Self {
            account: id("account_id", &wire.account_id)?,
            import: id("import_id", &wire.import_id)?,
        })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account)
    }
}

/// An account's numbers, or what they may do, changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumbersChanged {
    /// Whose they are.
    pub account: AccountId,
}

impl Event for NumbersChanged {
    const TYPE: &'static str = "numbers.changed";

    fn encode(&self) -> Vec<u8> {
        wire::NumbersChanged { account_id: self.account.to_string() }.encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::NumbersChanged::decode(body)?;
        Ok(Self { account: id("account_id", &wire.account_id)? })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account)
    }
}
