//! A text came in: it joins its conversation, and is answered, obeyed or just kept.

use std::time::Duration;

use chassis::{HandleError, Handler, Meta, Subscription};
use domain::store::Tx;
use domain::store::conversations::{ConversationRow, NumberRow, read, write};
use domain::{MessageId, Peer, PhoneNumber, SharedClock, TextBody, Timestamp, segments_of};
use events::{
    ContactOptedIn, ContactOptedOut, ConversationStarted, ReplyRequested, SmsReceived, TextOf,
    TextReceived,
};

use super::hand_over;
use crate::decide::{self, Decision, InboundText, Thread};
use crate::outgoing::{Outgoing, queue};

/// Hears `sms.received`.
pub struct OnSmsReceived {
    pub(crate) clock: SharedClock,
}

#[derive(Debug, thiserror::Error)]
enum NotOurs {
    #[error("field `to` {0}")]
    InvalidNumber(domain::phone::InvalidPhoneNumber),
    #[error("field `to` is none of our numbers; add it and replay")]
    UnknownNumber,
    #[error("field `from` is no sender")]
    InvalidSender(#[source] domain::peer::InvalidPeer),
}

impl Handler for OnSmsReceived {
    const SUBSCRIPTION: Subscription =
        Subscription::new("conversations.sms_received").concurrency(8);
    type Event = SmsReceived;

    async fn handle(&self, event: SmsReceived, _: Meta, tx: &mut Tx) -> Result<(), HandleError> {
        let now = self.clock.now();
        let to = PhoneNumber::fold(&event.to)
            .map_err(|error| HandleError::dead(NotOurs::InvalidNumber(error)))?;
        let number = read::number(tx, to.as_e164())
            .await?
            .ok_or_else(|| HandleError::dead(NotOurs::UnknownNumber))?;
        let sender = Peer::parse(&event.from)
            .map_err(|error| HandleError::dead(NotOurs::InvalidSender(error)))?;
        let opened = write::open(tx, &number, sender.as_str(), &event.from, now).await?;
        if let write::Opened::New(conversation) = &opened {
            say_started(tx, conversation, now).await?;
        }
        let conversation = opened.row();
        let Some(message) = record(tx, conversation, &number, &event).await? else {
            // The reconciliation was faster than the webhook, or the other way round.
            return Ok(());
        };
        let thread = thread(tx, conversation, now).await?;
        let text = InboundText {
            from: &sender,
            body: &event.body,
            opt_out_type: event.opt_out_type.as_deref(),
        };
        // Whatever it says, what we were about to say was for the text before.
        let epoch = write::after_inbound(tx, conversation.id, message, now).await?;
        say_received(tx, conversation, message, &number, now).await?;
        let decision = decide::on_inbound(thread, &text);
        let effects = Effects { conversation, message, epoch, body: &event.body, now };
        effects.of(decision, tx).await
    }
}

async fn record(
    tx: &mut Tx,
    conversation: &ConversationRow,
    number: &NumberRow,
    event: &SmsReceived,
) -> Result<Option<MessageId>, HandleError> {
    let id = MessageId::generate();
    let traceparent = telemetry::context::current();
    let text = write::NewInbound {
        id,
        account: conversation.account_id,
        conversation: conversation.id,
        number: number.id,
        peer_raw: &event.from,
        body: &event.body,
        num_media: i16::try_from(event.num_media).unwrap_or(i16::MAX),
        segments: i16::try_from(segments_of(&event.body).count()).unwrap_or(i16::MAX),
        sid: &event.sid,
        traceparent: traceparent.as_deref(),
        at: event.received_at,
    };
    Ok(write::insert_inbound(tx, &text).await?.then_some(id))
}

async fn thread(
    tx: &mut Tx,
    conversation: &ConversationRow,
    now: Timestamp,
) -> Result<Thread, HandleError> {
    let since = now - decide::LOOP_WINDOW;
    Ok(Thread {
        blocked: conversation.conversation_status == "blocked",
        handed_over: conversation.assistant == "handed_over",
        // A statement of its own, after the lock: see `write::opt_out`.
        opted_out: read::is_opted_out(tx, conversation.account_id, &conversation.to_number).await?,
        automatic_answers: read::automatic_replies_since(tx, conversation.id, since).await?,
    })
}

async fn say_started(
    tx: &mut Tx,
    conversation: &ConversationRow,
    now: Timestamp,
) -> diesel::result::QueryResult<()> {
    let started = ConversationStarted {
        account: conversation.account_id,
        conversation: conversation.id,
        contact: conversation.contact_id,
        number: conversation.number_id,
        reason: "written_to".to_owned(),
    };
    outbox::enqueue(tx, &started, now).await
}

async fn say_received(
    tx: &mut Tx,
    conversation: &ConversationRow,
    message: MessageId,
    number: &NumberRow,
    now: Timestamp,
) -> diesel::result::QueryResult<()> {
    let text = TextOf {
        account: conversation.account_id,
        conversation: conversation.id,
        message,
        number: number.id,
    };
    outbox::enqueue(tx, &TextReceived { text }, now).await
}

/// Carries out what was decided.
struct Effects<'a> {
    conversation: &'a ConversationRow,
    message: MessageId,
    epoch: i64,
    body: &'a str,
    now: Timestamp,
}

impl Effects<'_> {
    async fn of(&self, decision: Decision, tx: &mut Tx) -> Result<(), HandleError> {
        match decision {
            Decision::OptOut { confirm } => self.opt_out(confirm, tx).await,
            Decision::OptIn { confirm } => self.opt_in(confirm, tx).await,
            Decision::Help => self.help(tx).await,
            Decision::HandOver => {
                tracing::warn!(conversation.id = %self.conversation.id, "too many answers by machine, a person should look");
                hand_over(tx, self.conversation, "loop", self.now).await
            }
            Decision::RecordOnly => Ok(()),
            Decision::AskForReply => self.ask(tx).await,
        }
    }

    async fn ask(&self, tx: &mut Tx) -> Result<(), HandleError> {
        let manners = read::manners(tx, self.conversation.account_id).await?;
        let debounce = Duration::from_millis(u64::try_from(manners.debounce_ms).unwrap_or(0));
        if debounce.is_zero() {
            let request = ReplyRequested {
                account: self.conversation.account_id,
                conversation: self.conversation.id,
                message: self.message,
                reply_epoch: self.epoch,
            };
            outbox::enqueue(tx, &request, self.now).await?;
        } else {
            let due = self.now + debounce;
            write::ask_for_reply(tx, self.conversation.id, self.message, due).await?;
        }
        Ok(())
    }

    async fn opt_out(&self, confirm: bool, tx: &mut Tx) -> Result<(), HandleError> {
        let conversation = self.conversation;
        let evidence = self.body.trim();
        let message = Some(self.message);
        if !write::opt_out(tx, conversation, "keyword", evidence, message, self.now).await? {
            return Ok(());
        }
        let gone = ContactOptedOut {
            account: conversation.account_id,
            conversation: conversation.id,
            contact: conversation.contact_id,
            source: "keyword".to_owned(),
        };
        outbox::enqueue(tx, &gone, self.now).await?;
        if confirm {
            self.say(decide::opt_out_confirmation, "opt_out_confirmation", tx).await?;
        }
        Ok(())
    }

    async fn opt_in(&self, confirm: bool, tx: &mut Tx) -> Result<(), HandleError> {
        let conversation = self.conversation;
        if !write::opt_in(tx, conversation, self.body.trim(), self.now).await? {
            return Ok(());
        }
        let back = ContactOptedIn {
            account: conversation.account_id,
            conversation: conversation.id,
            contact: conversation.contact_id,
        };
        outbox::enqueue(tx, &back, self.now).await?;
        if confirm {
            self.say(decide::opt_in_confirmation, "opt_in_confirmation", tx).await?;
        }
        Ok(())
    }

    async fn help(&self, tx: &mut Tx) -> Result<(), HandleError> {
        let manners = read::manners(tx, self.conversation.account_id).await?;
        if manners.help_text.is_empty() {
            return self.say(decide::help, "help", tx).await;
        }
        self.queue(&manners.help_text, "help", tx).await
    }

    async fn say(
        &self,
        words: fn(&str, &str) -> String,
        purpose: &str,
        tx: &mut Tx,
    ) -> Result<(), HandleError> {
        let manners = read::manners(tx, self.conversation.account_id).await?;
        let language = self.conversation.contact_language.as_deref().unwrap_or(&manners.language);
        self.queue(&words(language, &manners.account_name), purpose, tx).await
    }

    async fn queue(&self, body: &str, purpose: &str, tx: &mut Tx) -> Result<(), HandleError> {
        let body = TextBody::parse(body).map_err(HandleError::dead)?;
        let text = Outgoing {
            author: "system",
            author_user: None,
            purpose,
            body: &body,
            in_reply_to: Some(self.message),
            reply_epoch: None,
            send_after: self.now,
        };
        queue(tx, self.conversation, text, self.now).await?;
        Ok(())
    }
}
