//! What `conversations` says.

use domain::{AccountId, ContactId, ConversationId, MessageId, MessageSid, NumberId};
use prost::Message;

use crate::wire::{conversations as wire, id, invalid};
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

/// Which text an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOf {
    /// Whose it is.
    pub account: AccountId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// The text.
    pub message: MessageId,
    /// The number that it leaves from.
    pub number: NumberId,
}

/// A text waits to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextQueued {
    /// Which text.
    pub text: TextOf,
    /// `assistant`, `static_response`, `person`, `campaign` or `system`.
    pub author: String,
    /// 0 reply, 1 bulk.
    pub lane: i32,
    /// SMS segments.
    pub segments: i32,
}

impl Event for TextQueued {
    const TYPE: &'static str = "text.queued";

    fn encode(&self) -> Vec<u8> {
        wire::TextQueued {
            account_id: self.text.account.to_string(),
            conversation_id: self.text.conversation.to_string(),
            message_id: self.text.message.to_string(),
            number_id: self.text.number.to_string(),
            author: self.author.clone(),
            lane: self.lane,
            segments: self.segments,
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::TextQueued::decode(body)?;
        Ok(Self {
            text: TextOf {
                account: id("account_id", &wire.account_id)?,
                conversation: id("conversation_id", &wire.conversation_id)?,
                message: id("message_id", &wire.message_id)?,
                number: id("number_id", &wire.number_id)?,
            },
            author: wire.author,
            lane: wire.lane,
            segments: wire.segments,
        })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.text.account)
    }
}

/// The provider took a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextSent {
    /// Which text.
    pub text: TextOf,
    /// The provider's id of it.
    pub sid: MessageSid,
}

impl Event for TextSent {
    const TYPE: &'static str = "text.sent";

    fn encode(&self) -> Vec<u8> {
        wire::TextSent {
            account_id: self.text.account.to_string(),
            conversation_id: self.text.conversation.to_string(),
            message_id: self.text.message.to_string(),
            number_id: self.text.number.to_string(),
            sid: self.sid.to_string(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::TextSent::decode(body)?;
        Ok(Self {
            text: TextOf {
                account: id("account_id", &wire.account_id)?,
                conversation: id("conversation_id", &wire.conversation_id)?,
                message: id("message_id", &wire.message_id)?,
                number: id("number_id", &wire.number_id)?,
            },
            sid: MessageSid::parse(&wire.sid).map_err(|error| invalid("sid", error))?,
        })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.text.account)
    }
}

/// The carrier or the handset confirmed a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextDelivered {
    /// Which text.
    pub text: TextOf,
}

impl Event for TextDelivered {
    const TYPE: &'static str = "text.delivered";

    fn encode(&self) -> Vec<u8> {
        wire::TextDelivered {
            account_id: self.text.account.to_string(),
            conversation_id: self.text.conversation.to_string(),
            message_id: self.text.message.to_string(),
            number_id: self.text.number.to_string(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::TextDelivered::decode(body)?;
        Ok(Self {
            text: TextOf {
                account: id("account_id", &wire.account_id)?,
                conversation: id("conversation_id", &wire.conversation_id)?,
                message: id("message_id", &wire.message_id)?,
                number: id("number_id", &wire.number_id)?,
            },
        })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.text.account)
    }
}

/// A text will not be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFailed {
    /// Which text.
    pub text: TextOf,
    /// `canceled`, `undelivered` or `failed`.
    pub status: String,
    /// The provider's code.
    pub error_code: Option<u32>,
    /// Our own reason (`opted_out`, `superseded`, …); empty when it was the provider's.
    pub why: String,
}

impl Event for TextFailed {
    const TYPE: &'static str = "text.failed";

    fn encode(&self) -> Vec<u8> {
        wire::TextFailed {
            account_id: self.text.account.to_string(),
            conversation_id: self.text.conversation.to_string(),
            message_id: self.text.message.to_string(),
            number_id: self.text.number.to_string(),
            status: self.status.clone(),
            error_code: self.error_code.unwrap_or_default(),
            why: self.why.clone(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::TextFailed::decode(body)?;
        Ok(Self {
            text: TextOf {
                account: id("account_id", &wire.account_id)?,
                conversation: id("conversation_id", &wire.conversation_id)?,
                message: id("message_id", &wire.message_id)?,
                number: id("number_id", &wire.number_id)?,
            },
            status: wire.status,
            error_code: Some(wire.error_code).filter(|code| *code != 0),
            why: wire.why,
        })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.text.account)
    }
}
