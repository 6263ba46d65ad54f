//! What became of the sends that nobody knows about: the provider's own list is asked.
//!
//! Found: adopted. Absent twice, well after the request can still be under way: it was never taken,
//! and is sent again.

use std::sync::Arc;
use std::time::Duration;

use chassis::Context;
use chrono::TimeDelta;
use diesel_async::AsyncConnection;
use domain::delivery::DeliveryStatus;
use domain::store::conversations::{Uncertain, read, write};
use domain::store::{Pool, StoreError, Tx, no_connection};
use domain::{MessageSid, PhoneNumber, SharedClock};
use events::{TextOf, TextSent};
use providers::{SmsLog, SmsQuery, SmsRecord};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::wire::Providers;

/// How often we look for leases that ended and for texts that are due.
const EVERY: Duration = Duration::from_secs(1);
/// Texts looked for a round; each is a request to the provider.
const BATCH: i64 = 20;
/// The list's entries that could be the text: those of one recipient since its claim.
const LISTED: usize = 100;
/// How much the provider's clock and ours may differ.
const SKEW: TimeDelta = TimeDelta::minutes(2);
/// Looks in vain before a text counts as never taken.
const ABSENCES: i16 = 2;

/// The worker.
pub struct Reconciler {
    pool: Pool,
    clock: SharedClock,
    log: Arc<dyn SmsLog>,
    look_after: Duration,
}

impl Reconciler {
    pub(crate) fn new(ctx: &Context, config: &Config, providers: &Providers) -> Self {
        Self {
            pool: ctx.pool.clone(),
            clock: ctx.clock.clone(),
            log: Arc::clone(&providers.log),
            look_after: config.look_after,
        }
    }

    /// Looks until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.round().await {
                tracing::warn!(error = %telemetry::chain(&error), "uncertain texts stay so");
            }
            stop.run_until_cancelled(tokio::time::sleep(EVERY)).await;
        }
    }

    /// Looks once for everything that is due.
    pub async fn round(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let look_at = now + self.look_after;
        let due = {
            let mut conn = self.pool.get().await.map_err(no_connection)?;
            let expired = write::expire_leases(&mut conn, now, look_at).await?;
            if expired > 0 {
                tracing::warn!(expired, "sends were claimed and never recorded");
            }
            write::adopt(&mut conn, now, look_at, BATCH).await?
        };
        for text in due {
            self.look_for(&text).await?;
        }
        Ok(())
    }

    async fn look_for(&self, text: &Uncertain) -> Result<(), StoreError> {
        let query = SmsQuery {
            from: PhoneNumber::parse(&text.from_number).ok(),
            to: PhoneNumber::parse(&text.to_number).ok(),
            since: Some(text.claimed_at - SKEW),
            limit: LISTED,
        };
        let listed = match self.log.list(&query).await {
            Ok(listed) => listed,
            Err(error) => {
                // Not an absence: we could not look. It comes up again when its new lease ends.
                tracing::warn!(message.id = %text.id, error = %telemetry::chain(&error), "the provider's list could not be read");
                return Ok(());
            }
        };
        let found = self.find(text, &listed).await?;
        let now = self.clock.now();
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        conn.transaction(async |tx: &mut Tx| match found {
            Some(sid) => {
                if write::record_sent(tx, text.id, &sid, now).await? {
                    tracing::info!(message.id = %text.id, "an uncertain text was found at the provider");
                    outbox::enqueue(tx, &TextSent { text: text_of(text), sid }, now).await?;
                }
                Ok(())
            }
            None if text.absences + 1 >= ABSENCES => {
                tracing::info!(message.id = %text.id, "an uncertain text was never taken, sending it again");
                write::put_back(tx, text.id, DeliveryStatus::Uncertain, now).await.map(drop)
            }
            None => write::still_absent(tx, text.id, now + self.look_after).await,
        })
        .await
        .map_err(|error: diesel::result::Error| error.into())
    }

    /// The oldest entry that is this text and no other of ours.
    async fn find(
        &self,
        text: &Uncertain,
        listed: &[SmsRecord],
    ) -> Result<Option<MessageSid>, StoreError> {
        let is_it = |record: &&SmsRecord| {
            !record.inbound
                && record.from == text.from_number
                && record.to == text.to_number
                && record.body == text.body
                && record.created_at >= text.claimed_at - SKEW
        };
        let alike: Vec<&SmsRecord> = listed.iter().filter(is_it).collect();
        if alike.is_empty() {
            return Ok(None);
        }
        let sids = alike.iter().map(|record| record.sid.as_str()).collect();
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let known = read::known_sids(&mut conn, sids).await?;
        let free = |record: &&&SmsRecord| !known.iter().any(|sid| sid == record.sid.as_str());
        let oldest = alike.iter().filter(free).min_by_key(|record| record.created_at);
        Ok(oldest.map(|record| record.sid.clone()))
    }
}

fn text_of(text: &Uncertain) -> TextOf {
    TextOf {
        account: text.account_id,
        conversation: text.conversation_id,
        message: text.id,
        number: text.number_id,
    }
}
