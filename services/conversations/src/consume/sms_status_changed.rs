//! The provider reported on a text: late, doubled and shuffled reports all end in the same state.

use std::time::Duration;

use chassis::{HandleError, Handler, Meta, Subscription};
use domain::delivery::{DeliveryStatus, StatusReport};
use domain::store::conversations::{StatusRow, read, write};
use domain::store::{StoreError, Tx};
use domain::{MessageSid, SharedClock, Timestamp};
use events::{ContactOptedOut, SmsStatusChanged, TextDelivered, TextFailed, TextOf, TextSent};

use crate::changes::numbers_changed;
use crate::decide::{self, Consequence, Move};

/// How long a number rests that the provider calls misconfigured.
const REST: Duration = Duration::from_secs(5 * 60);

/// Hears `sms.status_changed`.
pub struct OnSmsStatusChanged {
    pub(crate) clock: SharedClock,
    pub(crate) failure: fn(u32) -> Consequence,
}

impl Handler for OnSmsStatusChanged {
    const SUBSCRIPTION: Subscription =
        Subscription::new("conversations.sms_status_changed").concurrency(8);
    type Event = SmsStatusChanged;

    async fn handle(
        &self,
        event: SmsStatusChanged,
        _: Meta,
        tx: &mut Tx,
    ) -> Result<(), HandleError> {
        let Ok(report) = StatusReport::from_twilio(&event.status, event.error_code) else {
            // A word that Twilio has added since: the journal keeps it, and no row moves.
            tracing::warn!(receipt.id = %event.receipt, "a status word that we do not know");
            return Ok(());
        };
        let Some(row) = write::lock_status(tx, event.message, &event.sid).await? else {
            tracing::debug!(receipt.id = %event.receipt, "a report on a text that is not ours");
            return Ok(());
        };
        if row.twilio_sid.as_deref().is_some_and(|known| known != event.sid.as_str()) {
            tracing::error!(message.id = %row.id, "the provider knows one text of ours by two ids");
            return Ok(());
        }
        let known = (known_status(&row)?, code_of(row.error_code));
        let now = self.clock.now();
        let moved = decide::on_report(known, report);
        self.apply(tx, &row, &event.sid, moved, now).await
    }
}

fn known_status(row: &StatusRow) -> Result<DeliveryStatus, StoreError> {
    DeliveryStatus::parse(&row.status)
        .map_err(|_| StoreError::Corrupt { column: "sms_messages.status" })
}

fn code_of(code: Option<i32>) -> Option<u32> {
    code.and_then(|code| u32::try_from(code).ok())
}

fn text_of(row: &StatusRow) -> TextOf {
    TextOf {
        account: row.account_id,
        conversation: row.conversation_id,
        message: row.id,
        number: row.number_id,
    }
}

impl OnSmsStatusChanged {
    async fn apply(
        &self,
        tx: &mut Tx,
        row: &StatusRow,
        sid: &MessageSid,
        moved: Move,
        now: Timestamp,
    ) -> Result<(), HandleError> {
        let (status, code) = match moved {
            Move::None => return Ok(()),
            Move::Quiet(status, code) | Move::Failed(status, code) => (status, code),
            Move::Explained(status, code) => (status, Some(code)),
            Move::Sent(code) => (DeliveryStatus::Sent, code),
            Move::Delivered(status) => (status, None),
        };
        let stored = code.and_then(|code| i32::try_from(code).ok());
        write::set_status(tx, row.id, sid, status, stored, now).await?;
        let text = text_of(row);
        match moved {
            Move::None | Move::Quiet(..) => {}
            Move::Explained(_, code) => self.draw_consequences(tx, row, code, now).await?,
            Move::Sent(_) => {
                outbox::enqueue(tx, &TextSent { text, sid: sid.clone() }, now).await?;
            }
            Move::Delivered(_) => outbox::enqueue(tx, &TextDelivered { text }, now).await?,
            Move::Failed(status, code) => {
                let status = status.as_str().to_owned();
                let failed = TextFailed { text, status, error_code: code, why: String::new() };
                outbox::enqueue(tx, &failed, now).await?;
                if let Some(code) = code {
                    self.draw_consequences(tx, row, code, now).await?;
                }
            }
        }
        Ok(())
    }

    async fn draw_consequences(
        &self,
        tx: &mut Tx,
        row: &StatusRow,
        code: u32,
        now: Timestamp,
    ) -> Result<(), HandleError> {
        let Some(conversation) = read::conversation(tx, row.conversation_id).await? else {
            return Ok(());
        };
        let stored = i32::try_from(code).unwrap_or(i32::MAX);
        match (self.failure)(code) {
            Consequence::Nothing => {}
            Consequence::OptOut => {
                let evidence = code.to_string();
                let new =
                    write::opt_out(tx, &conversation, "provider", &evidence, None, now).await?;
                if new {
                    let gone = ContactOptedOut {
                        account: conversation.account_id,
                        conversation: conversation.id,
                        contact: conversation.contact_id,
                        source: "provider".to_owned(),
                    };
                    outbox::enqueue(tx, &gone, now).await?;
                }
            }
            Consequence::Unreachable => {
                write::mark_unreachable(tx, conversation.contact_id, stored).await?;
            }
            Consequence::PauseNumber => {
                tracing::error!(pool_number.id = %row.number_id, code, "the provider calls this number misconfigured");
                write::pause_number(tx, row.number_id, now + REST, Some(stored)).await?;
                numbers_changed(tx, row.account_id, now).await?;
            }
        }
        Ok(())
    }
}
