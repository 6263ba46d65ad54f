//! What `conversations` says of conversations and of the people in them.

use domain::{AccountId, ContactId, ConversationId, MessageId, NumberId};
use prost::Message;

use crate::wire::{conversations as wire, id};
use crate::{Event, InvalidEvent};

/// A burst of inbound texts is over: someone should find a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyRequested {
    /// Whose it is.
    pub account: AccountId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The text to answer.
    pub message: MessageId,
    /// The draft is wanted only while the conversation is at this epoch.
    pub reply_epoch: i64,
}

impl Event for ReplyRequested {
    const TYPE: &'static str = "reply.requested";

    fn encode(&self) -> Vec<u8> {
        wire::ReplyRequested {
            account_id: self.account.to_string(),
            conversation_id: self.conversation.to_string(),
            message_id: self.message.to_string(),
            reply_epoch: self.reply_epoch,
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::ReplyRequested::decode(body)?;
        Ok(Self {
            account: id("account_id", &wire.account_id)?,
            conversation: id("conversation_id", &wire.conversation_id)?,
            message: id("message_id", &wire.message_id)?,
            reply_epoch: wire.reply_epoch,
        })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account)
    }
}

/// A recipient has a conversation and a number from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationStarted {
    /// Whose it is.
    pub account: AccountId,
    /// The conversation.
    pub conversation: ConversationId,
    /// Who.
    pub contact: ContactId,
    /// The number that they will always see.
    pub number: NumberId,
    /// `rotation` or `written_to`.
    pub reason: String,
}

impl Event for ConversationStarted {
    const TYPE: &'static str = "conversation.started";

    fn encode(&self) -> Vec<u8> {
        wire::ConversationStarted {
            account_id: self.account.to_string(),
            conversation_id: self.conversation.to_string(),
            contact_id: self.contact.to_string(),
            number_id: self.number.to_string(),
            reason: self.reason.clone(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::ConversationStarted::decode(body)?;
        Ok(Self {
            account: id("account_id", &wire.account_id)?,
            conversation: id("conversation_id", &wire.conversation_id)?,
            contact: id("contact_id", &wire.contact_id)?,
            number: id("number_id", &wire.number_id)?,
            reason: wire.reason,
        })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account)
    }
}

/// A person gave a conversation another number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationReassigned {
    /// Whose it is.
    pub account: AccountId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The number before; it stays an alias.
    pub from_number: NumberId,
    /// The number from now on.
    pub to_number: NumberId,
    /// Why, in the words of who did it.
    pub note: String,
}

impl Event for ConversationReassigned {
    const TYPE: &'static str = "conversation.reassigned";

    fn encode(&self) -> Vec<u8> {
        wire::ConversationReassigned {
            account_id: self.account.to_string(),
            conversation_id: self.conversation.to_string(),
            from_number_id: self.from_number.to_string(),
            to_number_id: self.to_number.to_string(),
            note: self.note.clone(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::ConversationReassigned::decode(body)?;
        Ok(Self {
            account: id("account_id", &wire.account_id)?,
            conversation: id("conversation_id", &wire.conversation_id)?,
            from_number: id("from_number_id", &wire.from_number_id)?,
            to_number: id("to_number_id", &wire.to_number_id)?,
            note: wire.note,
        })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account)
    }
}

/// A recipient is to be left alone from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactOptedOut {
    /// Whose it is.
    pub account: AccountId,
    /// The conversation.
    pub conversation: ConversationId,
    /// Who.
    pub contact: ContactId,
    /// `keyword`, `provider` or `person`.
    pub source: String,
}

impl Event for ContactOptedOut {
    const TYPE: &'static str = "contact.opted_out";

    fn encode(&self) -> Vec<u8> {
        wire::ContactOptedOut {
            account_id: self.account.to_string(),
            conversation_id: self.conversation.to_string(),
            contact_id: self.contact.to_string(),
            source: self.source.clone(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::ContactOptedOut::decode(body)?;
        Ok(Self {
            account: id("account_id", &wire.account_id)?,
            conversation: id("conversation_id", &wire.conversation_id)?,
            contact: id("contact_id", &wire.contact_id)?,
            source: wire.source,
        })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account)
    }
}

/// A recipient may be texted again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactOptedIn {
    /// Whose it is.
    pub account: AccountId,
    /// The conversation.
    pub conversation: ConversationId,
    /// Who.
    pub contact: ContactId,
}

impl Event for ContactOptedIn {
    const TYPE: &'static str = "contact.opted_in";

    fn encode(&self) -> Vec<u8> {
        wire::ContactOptedIn {
            account_id: self.account.to_string(),
            conversation_id: self.conversation.to_string(),
            contact_id: self.contact.to_string(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::ContactOptedIn::decode(body)?;
        Ok(Self {
            account: id("account_id", &wire.account_id)?,
            conversation: id("conversation_id", &wire.conversation_id)?,
            contact: id("contact_id", &wire.contact_id)?,
        })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account)
    }
}
