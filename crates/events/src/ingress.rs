//! What `ingress` says: facts of the outside, as the provider put them.

use domain::{AccountId, MessageId, MessageSid, ReceiptId, Timestamp};
use prost::Message;

use crate::wire::{id, ingress as wire, invalid, optional_id, time};
use crate::{Event, InvalidEvent};

/// A text came in.
#[derive(Clone, PartialEq, Eq)]
pub struct SmsReceived {
    /// The journal entry.
    pub receipt: ReceiptId,
    /// The provider's id of the text.
    pub sid: MessageSid,
    /// The sender, as the provider wrote it: it may be a short code, a name, an old Mexican form.
    pub from: String,
    /// Our number, as the provider wrote it.
    pub to: String,
    /// The text; may be empty (media only).
    pub body: String,
    /// How many media.
    pub num_media: u32,
    /// `STOP`, `START` or `HELP` when the provider has answered the keyword itself.
    pub opt_out_type: Option<String>,
    /// When it reached us.
    pub received_at: Timestamp,
}

impl Event for SmsReceived {
    const TYPE: &'static str = "sms.received";

    fn encode(&self) -> Vec<u8> {
        wire::SmsReceived {
            receipt_id: self.receipt.to_string(),
            sid: self.sid.to_string(),
            from: self.from.clone(),
            to: self.to.clone(),
            body: self.body.clone(),
            num_media: self.num_media,
            opt_out_type: self.opt_out_type.clone().unwrap_or_default(),
            received_at: self.received_at.timestamp_micros(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::SmsReceived::decode(body)?;
        Ok(Self {
            receipt: id("receipt_id", &wire.receipt_id)?,
            sid: MessageSid::parse(&wire.sid).map_err(|error| invalid("sid", error))?,
            from: wire.from,
            to: wire.to,
            body: wire.body,
            num_media: wire.num_media,
            opt_out_type: Some(wire.opt_out_type).filter(|word| !word.is_empty()),
            received_at: time("received_at", wire.received_at)?,
        })
    }

    fn account(&self) -> Option<AccountId> {
        None
    }
}

/// The provider reported on a text that we sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsStatusChanged {
    /// The journal entry.
    pub receipt: ReceiptId,
    /// The provider's id of the text.
    pub sid: MessageSid,
    /// Our id of the text, from the callback URL.
    pub message: Option<MessageId>,
    /// The provider's word.
    pub status: String,
    /// The provider's code.
    pub error_code: Option<u32>,
    /// When the report reached us.
    pub received_at: Timestamp,
}

impl Event for SmsStatusChanged {
    const TYPE: &'static str = "sms.status_changed";

    fn encode(&self) -> Vec<u8> {
        wire::SmsStatusChanged {
            receipt_id: self.receipt.to_string(),
            sid: self.sid.to_string(),
            message_id: self.message.map(|id| id.to_string()).unwrap_or_default(),
            status: self.status.clone(),
            error_code: self.error_code.unwrap_or_default(),
            received_at: self.received_at.timestamp_micros(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::SmsStatusChanged::decode(body)?;
        Ok(Self {
            receipt: id("receipt_id", &wire.receipt_id)?,
            sid: MessageSid::parse(&wire.sid).map_err(|error| invalid("sid", error))?,
            message: optional_id("message_id", &wire.message_id)?,
            status: wire.status,
            error_code: Some(wire.error_code).filter(|code| *code != 0),
            received_at: time("received_at", wire.received_at)?,
        })
    }

    fn account(&self) -> Option<AccountId> {
        None
    }
}
