//! What `responder` says: a reply, or why there is none.

use domain::{AccountId, ConversationId, MessageId, RunId};
use prost::Message;

use crate::wire::{id, invalid, responder as wire};
use crate::{Event, InvalidEvent};

/// Who found the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplySource {
    /// A rule.
    StaticResponse,
    /// The model.
    Assistant,
}

impl ReplySource {
    /// The word on the wire, which is also the message's author.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StaticResponse => "static_response",
            Self::Assistant => "assistant",
        }
    }
}

/// A reply was found.
#[derive(Clone, PartialEq, Eq)]
pub struct ReplyDrafted {
    /// Whose it is.
    pub account: AccountId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The text that it answers.
    pub message: MessageId,
    /// The epoch that it is for.
    pub reply_epoch: i64,
    /// The reply.
    pub body: String,
    /// Who found it.
    pub source: ReplySource,
    /// The attempt.
    pub run: RunId,
}

impl Event for ReplyDrafted {
    const TYPE: &'static str = "reply.drafted";

    fn encode(&self) -> Vec<u8> {
        wire::ReplyDrafted {
            account_id: self.account.to_string(),
            conversation_id: self.conversation.to_string(),
            message_id: self.message.to_string(),
            reply_epoch: self.reply_epoch,
            body: self.body.clone(),
            source: self.source.as_str().to_owned(),
            run_id: self.run.to_string(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::ReplyDrafted::decode(body)?;
        Ok(Self {
            account: id("account_id", &wire.account_id)?,
            conversation: id("conversation_id", &wire.conversation_id)?,
            message: id("message_id", &wire.message_id)?,
            reply_epoch: wire.reply_epoch,
            source: match wire.source.as_str() {
                "static_response" => ReplySource::StaticResponse,
                "assistant" => ReplySource::Assistant,
                _ => return Err(invalid("source", "is not a source of replies")),
            },
            body: wire.body,
            run: id("run_id", &wire.run_id)?,
        })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account)
    }
}

/// Why there is no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithheldReason {
    /// The model asks for a person.
    HandOff,
    /// Nothing needs saying.
    StaySilent,
    /// No rule matched and there is no model.
    NoModel,
    /// The account's budget of the day is used up.
    OverBudget,
    /// The model could not be reached, refused, or gave nothing usable.
    ModelFailed,
    /// The model's answer did not pass the checks.
    UnfitAnswer,
    /// The conversation has moved on.
    Superseded,
}

impl WithheldReason {
    const ALL: [Self; 7] = [
        Self::HandOff,
        Self::StaySilent,
        Self::NoModel,
        Self::OverBudget,
        Self::ModelFailed,
        Self::UnfitAnswer,
        Self::Superseded,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HandOff => "hand_off",
            Self::StaySilent => "stay_silent",
            Self::NoModel => "no_model",
            Self::OverBudget => "over_budget",
            Self::ModelFailed => "model_failed",
            Self::UnfitAnswer => "unfit_answer",
            Self::Superseded => "superseded",
        }
    }
}

/// No reply was found, or none is wanted.
#[derive(Clone, PartialEq, Eq)]
pub struct ReplyWithheld {
    /// Whose it is.
    pub account: AccountId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The text that stays unanswered.
    pub message: MessageId,
    /// The epoch that the request was for.
    pub reply_epoch: i64,
    /// Why.
    pub reason: WithheldReason,
    /// The same in words, for a person.
    pub note: String,
    /// The attempt.
    pub run: RunId,
}

impl Event for ReplyWithheld {
    const TYPE: &'static str = "reply.withheld";

    fn encode(&self) -> Vec<u8> {
        wire::ReplyWithheld {
            account_id: self.account.to_string(),
            conversation_id: self.conversation.to_string(),
            message_id: self.message.to_string(),
            reply_epoch: self.reply_epoch,
            reason: self.reason.as_str().to_owned(),
            note: self.note.clone(),
            run_id: self.run.to_string(),
        }
        .encode_to_vec()
    }

    fn decode(body: &[u8]) -> Result<Self, InvalidEvent> {
        let wire = wire::ReplyWithheld::decode(body)?;
        Ok(Self {
            account: id("account_id", &wire.account_id)?,
            conversation: id("conversation_id", &wire.conversation_id)?,
            message: id("message_id", &wire.message_id)?,
            reply_epoch: wire.reply_epoch,
            reason: WithheldReason::ALL
                .into_iter()
                .find(|reason| reason.as_str() == wire.reason)
                .ok_or_else(|| invalid("reason", "is not a reason to say nothing"))?,
            note: wire.note,
            run: id("run_id", &wire.run_id)?,
        })
    }

    fn account(&self) -> Option<AccountId> {
        Some(self.account)
    }
}
