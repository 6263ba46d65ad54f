//! The journal's far side: entries into the tables, receipts and events in one commit.

use std::collections::HashSet;
use std::time::Duration;

use diesel_async::pooled_connection::deadpool::Object;
use domain::ReceiptId;
use domain::store::ingress::write;
use domain::store::outbox::SaidColumns;
use domain::store::{Pool, StoreError, no_connection};
use telemetry::metrics::{Histogram, Meters};
use tokio::time::timeout;

use crate::journal::Entry;

/// How long a connection, and then a statement, may take. Twilio waits 15 s and a caller of ours
/// 10 s: what takes longer is as good as an outage, and time must be left for the way around it.
const PATIENCE: Duration = Duration::from_secs(3);

/// Upper bounds for the sizes of batches.
const SIZES: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// Writes entries into the journal.
#[derive(Clone)]
pub struct Writer {
    pool: Pool,
    sizes: Histogram,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It is in the journal, and its event in the outbox.
    New,
    /// It was there before; it says nothing again.
    Duplicate,
    /// The database objects to this one.
    Refused,
}

impl Writer {
    /// One that uses the pool when it is asked to write.
    pub fn new(pool: Pool, meters: &Meters) -> Self {
        let help = "How many receipts share a commit.";
        Self { pool, sizes: meters.histogram_with("ingress_batch_size", help, &SIZES) }
    }

    /// Writes entries, all in one commit unless the database objects to one of them; that one must
    /// not take its neighbours with it, so the batch is halved until it stands alone.
    ///
    /// # Errors
    /// When the database is away. Nobody knows then which entries were written; writing them again
    /// does no harm.
    pub async fn write(&self, entries: &[Entry]) -> Result<Vec<Written>, StoreError> {
        let mut written = vec![Written::Duplicate; entries.len()];
        let mut refusal = None;
        let mut to_do = vec![(entries, written.as_mut_slice())];
        while let Some((entries, written)) = to_do.pop() {
            match self.commit(entries).await {
                Ok(new) => {
                    for (entry, written) in entries.iter().zip(written) {
                        if new.contains(&entry.receipt.id) {
                            *written = Written::New;
                        }
                    }
                }
                Err(error) if error.is_outage() => return Err(error),
                Err(error) => match (entries, written) {
                    ([_], [written]) => {
                        *written = Written::Refused;
                        refusal = Some(error);
                    }
                    (entries, written) => {
                        let middle = entries.len() / 2;
                        let (first, second) = entries.split_at(middle);
                        let (of_first, of_second) = written.split_at_mut(middle);
                        to_do.extend([(first, of_first), (second, of_second)]);
                    }
                },
            }
        }
        if let Some(error) = refusal {
            // One line a batch: a database that refuses one may refuse all.
            let receipts = written.iter().filter(|fate| **fate == Written::Refused).count();
            tracing::error!(receipts, error = telemetry::chain(&error), "receipts were refused");
        }
        Ok(written)
    }

    /// One statement, and so one commit. Returns which were new.
    async fn commit(&self, entries: &[Entry]) -> Result<HashSet<ReceiptId>, StoreError> {
        if entries.is_empty() {
            return Ok(HashSet::new());
        }
        let conn = timeout(PATIENCE, self.pool.get()).await;
        let mut conn = conn.map_err(too_late)?.map_err(no_connection)?;
        match timeout(PATIENCE, record(&mut conn, entries)).await {
            Ok(recorded) => {
                let new = recorded?;
                self.sizes
                    .observe(f64::from(u32::try_from(entries.len()).unwrap_or(u32::MAX)), &[]);
                Ok(new.into_iter().collect())
            }
            Err(late) => {
                // A statement is still under way on it: it must not go back to the pool.
                drop(Object::take(conn));
                Err(too_late(late))
            }
        }
    }
}

async fn record(
    conn: &mut domain::store::Tx,
    entries: &[Entry],
) -> Result<Vec<ReceiptId>, StoreError> {
    // In one order for everybody: two batches that hold the same two webhooks would otherwise wait
    // for each other.
    let mut ordered: Vec<&Entry> = entries.iter().collect();
    ordered.sort_unstable_by(|a, b| a.receipt.dedupe_key.cmp(&b.receipt.dedupe_key));
    let mut receipts = Vec::with_capacity(entries.len());
    let (mut said, mut said_of) = (SaidColumns::default(), Vec::with_capacity(entries.len()));
    for entry in ordered {
        // Cloned, because the entry is still needed if this fails.
        if let Some(row) = entry.said.clone() {
            said.push(row);
            said_of.push(entry.receipt.id.as_uuid());
        }
        receipts.push(entry.receipt.clone());
    }
    Ok(write::record(conn, receipts, said, said_of).await?)
}

fn too_late(elapsed: tokio::time::error::Elapsed) -> StoreError {
    StoreError::Connect(Box::new(elapsed))
}
