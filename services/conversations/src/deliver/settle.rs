//! The commit after the call.

use std::time::Duration;

use diesel_async::AsyncConnection;
use domain::delivery::DeliveryStatus;
use domain::store::conversations::{Claimed, read, write};
use domain::store::{StoreError, Tx, no_connection};
use domain::{MessageSid, Timestamp};
use events::{ContactOptedOut, TextFailed, TextSent};
use providers::SendError;
use tokio_util::sync::CancellationToken;

use super::Desk;
use super::claim::text_of;
use crate::changes::numbers_changed;

/// Between two attempts to write down what came of a send.
const RECORD_AGAIN: Duration = Duration::from_millis(250);
/// How long a number rests that works for nobody until a person acts.
const REST: Duration = Duration::from_secs(5 * 60);
/// The longest wait between two attempts at a text that was certainly not processed.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

impl Desk {
    /// Records what came of a send, as often as it takes: the text has left us. If we die before,
    /// the lease ends and the provider's list is asked.
    pub(super) async fn record(
        &self,
        text: &Claimed,
        outcome: Result<MessageSid, SendError>,
        stop: CancellationToken,
    ) {
        let word = match &outcome {
            Ok(_) => "sent",
            Err(SendError::NotProcessed { .. }) => "not_processed",
            Err(SendError::Unknown) => "uncertain",
            Err(SendError::OptedOut) => "opted_out",
            Err(SendError::Rejected { .. }) => "rejected",
            Err(SendError::Misconfigured { .. }) => "misconfigured",
        };
        self.count(word, 1);
        loop {
            match self.record_once(text, &outcome).await {
                Ok(()) => return,
                Err(error) if error.is_unique_violation() => {
                    // Another text of ours, alike and uncertain, was given this id by the
                    // reconciliation. The lease ends, and this one is looked for in its turn.
                    tracing::error!(message.id = %text.id, "the provider's id is taken by another text");
                    return;
                }
                Err(error) => {
                    tracing::warn!(message.id = %text.id, error = %telemetry::chain(&error), "a send was not recorded, trying again");
                }
            }
            if stop.is_cancelled() {
                // One more attempt was made after we were told to stop; the lease does the rest.
                return;
            }
            tokio::time::sleep(RECORD_AGAIN).await;
        }
    }

    async fn record_once(
        &self,
        text: &Claimed,
        outcome: &Result<MessageSid, SendError>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        conn.transaction(async |tx: &mut Tx| match outcome {
            Ok(sid) => sent(tx, text, sid, now).await,
            Err(SendError::NotProcessed { code, retry_after }) => {
                let wait = retry_after.unwrap_or_else(|| backoff(text.attempts));
                let again = now + wait;
                write::put_back(tx, text.id, DeliveryStatus::Sending, again).await?;
                if let Some(code) = code {
                    // The provider said "slow down" about this sender or account.
                    write::pause_number(tx, text.number_id, again, stored(*code)).await?;
                }
                Ok(())
            }
            Err(SendError::Unknown) => {
                write::uncertain(tx, text.id, now + self.look_after).await?;
                Ok(())
            }
            Err(SendError::OptedOut) => opted_out(tx, text, now).await,
            Err(SendError::Rejected { code, recipient_unusable }) => {
                fail(tx, text, *code, now).await?;
                if *recipient_unusable
                    && let Some(conversation) = read::conversation(tx, text.conversation_id).await?
                {
                    let code = i32::try_from(*code).unwrap_or(i32::MAX);
                    write::mark_unreachable(tx, conversation.contact_id, code).await?;
                }
                Ok(())
            }
            Err(SendError::Misconfigured { code }) => {
                tracing::error!(pool_number.id = %text.number_id, code, "nothing can be sent from this number until a person acts");
                write::put_back(tx, text.id, DeliveryStatus::Sending, now + REST).await?;
                write::pause_number(tx, text.number_id, now + REST, stored(*code)).await?;
                Ok(numbers_changed(tx, text.account_id, now).await?)
            }
        })
        .await
    }
}

fn stored(code: u32) -> Option<i32> {
    i32::try_from(code).ok()
}

async fn sent(
    tx: &mut Tx,
    text: &Claimed,
    sid: &MessageSid,
    now: Timestamp,
) -> Result<(), StoreError> {
    if write::record_sent(tx, text.id, sid, now).await? {
        let event = TextSent { text: text_of(text), sid: sid.clone() };
        outbox::enqueue(tx, &event, now).await?;
    }
    Ok(())
}

async fn fail(tx: &mut Tx, text: &Claimed, code: u32, now: Timestamp) -> Result<(), StoreError> {
    let failed = DeliveryStatus::Failed;
    if write::end(tx, text.id, failed, stored(code), None, now).await? {
        let event = TextFailed {
            text: text_of(text),
            status: failed.as_str().to_owned(),
            error_code: Some(code),
            why: String::new(),
        };
        outbox::enqueue(tx, &event, now).await?;
    }
    Ok(())
}

/// Twilio 21610: what the provider knows and we did not is put on record.
async fn opted_out(tx: &mut Tx, text: &Claimed, now: Timestamp) -> Result<(), StoreError> {
    const CODE: u32 = 21610;
    fail(tx, text, CODE, now).await?;
    let Some(conversation) = read::conversation(tx, text.conversation_id).await? else {
        return Ok(());
    };
    let evidence = CODE.to_string();
    if write::opt_out(tx, &conversation, "provider", &evidence, None, now).await? {
        let event = ContactOptedOut {
            account: conversation.account_id,
            conversation: conversation.id,
            contact: conversation.contact_id,
            source: "provider".to_owned(),
        };
        outbox::enqueue(tx, &event, now).await?;
    }
    Ok(())
}

/// 1 s, 2 s, 4 s, … up to a minute.
fn backoff(attempts: i16) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(10);
    Duration::from_secs(1).saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST_WAIT)
}
