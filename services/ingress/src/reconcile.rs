//! Texts that Twilio has on record and whose webhook never reached us: by default Twilio tells us
//! once and never again.

use std::sync::Arc;
use std::time::Duration;

use domain::store::StoreError;
use domain::{ReceiptId, SharedClock, Timestamp};
use providers::{ReadError, SmsLog, SmsQuery, SmsRecord};
use telemetry::metrics::{Counter, Meters};
use tokio_util::sync::CancellationToken;

use crate::journal::Entry;
use crate::twilio::{Arrived, Kind, inbound_sms};
use crate::writer::{Writer, Written};

/// The most messages that one look reads: five pages of Twilio's.
const AT_MOST: usize = 5_000;

/// How many of them share a commit: as few as keep a webhook behind them from waiting.
const BATCH: usize = 500;

/// How long a webhook may be on its way: 15 s with all of Twilio's retries, and then the fallback
/// URL. A text that is younger is not missing yet.
const ON_ITS_WAY: Duration = Duration::from_secs(60);

/// Compares Twilio's record with the journal. Any number of processes may do it: whoever is second
/// finds nothing missing.
pub struct Reconciler {
    /// Twilio's record.
    pub log: Arc<dyn SmsLog>,
    /// The journal.
    pub writer: Writer,
    /// The time.
    pub clock: SharedClock,
    /// The account, for the receipts.
    pub account: String,
    /// How often.
    pub every: Duration,
    /// How far back.
    pub window: Duration,
    /// How many were found missing; see [`counter`].
    pub recovered: Counter,
}

/// Why the record was not compared with the journal.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// Twilio could not be asked.
    #[error("Twilio's record was not read")]
    Read(#[from] ReadError),
    /// The database is away.
    #[error("what is missing could not be recorded")]
    Store(#[from] StoreError),
}

/// Counts what was recovered.
pub fn counter(meters: &Meters) -> Counter {
    meters.counter("ingress_recovered_total", "Texts whose webhook never came.")
}

impl Reconciler {
    /// Compares until `stop`, and first of all now: we may have been away.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            match stop.run_until_cancelled(self.once()).await {
                Some(Ok(0)) => {}
                Some(Ok(recovered)) => {
                    tracing::warn!(recovered, "texts were recorded whose webhook never came");
                }
                Some(Err(error)) => {
                    tracing::warn!(error = telemetry::chain(&error), "not reconciled");
                }
                None => return,
            }
            if stop.run_until_cancelled(tokio::time::sleep(self.every)).await.is_none() {
                return;
            }
        }
    }

    /// Compares once; returns how many texts were missing and are recorded now.
    ///
    /// # Errors
    /// When Twilio or the database is away.
    pub async fn once(&self) -> Result<usize, ReconcileError> {
        let now = self.clock.now();
        let (since, until) = (now - self.window, now - ON_ITS_WAY);
        let query = SmsQuery { since: Some(since), limit: AT_MOST, ..SmsQuery::default() };
        let listed = self.log.list(&query).await?;
        self.notice_gap(&listed, now);
        let entries: Vec<Entry> = listed
            .into_iter()
            // Twilio cuts its list by whole days.
            .filter(|text| text.inbound && (since..until).contains(&text.created_at))
            .map(|text| self.entry(&text, now))
            .collect();
        let mut recovered = 0;
        for entries in entries.chunks(BATCH) {
            let written = self.writer.write(entries).await?;
            let new = written.iter().filter(|written| **written == Written::New).count();
            self.recovered.add(u64::try_from(new).unwrap_or(u64::MAX), &[]);
            recovered += new;
        }
        Ok(recovered)
    }

    /// A full list that does not reach back to the look before this one leaves out texts that no
    /// look has seen.
    fn notice_gap(&self, listed: &[SmsRecord], now: Timestamp) {
        let oldest = listed.last().map(|text| text.created_at);
        if listed.len() >= AT_MOST && oldest.is_some_and(|oldest| oldest > now - self.every) {
            tracing::warn!(at_most = AT_MOST, "Twilio's record was not read far enough back");
        }
    }

    fn entry(&self, text: &SmsRecord, now: Timestamp) -> Entry {
        let arrived = Arrived {
            id: ReceiptId::generate(),
            kind: Kind::SmsInbound,
            source: "reconciliation",
            request_target: "reconciliation".to_owned(),
            body: inbound_sms::listed(text, &self.account),
            received_at: now,
            traceparent: None,
        };
        arrived.into_entry()
    }
}
