//! What `conversations` says of texts: those that came in, and those that it sends.

use domain::{AccountId, ConversationId, MessageId, MessageSid, NumberId};
use prost::Message;

use crate::wire::{conversations as wire, id, invalid};
use crate::{Event, InvalidEvent};

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

/// A text of a customer was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextReceived {
    /// Which text; its number is the one that it came to.
    pub text: TextOf,
}

impl Event for TextReceived {
    const TYPE: &'static str = "text.received";

    fn encode(&self) -> Vec<u8> {
        wire::TextReceived {
            account_id: self.text.account.to_string(),
            conversation_id: self.text.conversation.to_string(),
            message_id: self.text.message.to_string(),
            number_id: self.text.number.to_string(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::TextReceived::decode(body)?;
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
