//! The journal's near side: concurrent webhooks share a commit, and each caller hears what became
//! of its own. While the database is away they go around it, to the spool.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::store::ingress::NewReceipt;
use domain::store::outbox::NewSaid;
use futures_util::future::BoxFuture;
use outbox::{BatchQueue, Batcher};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::spool::Bypass;
use crate::writer::{Writer, Written};

/// How many writers work side by side: while one waits for its commit to reach the disk, the other
/// builds its batch. More would only make the batches smaller.
const WRITERS: usize = 2;

/// How long a caller waits. Twilio gives up after 15 s (contracts, 1.2), and a 503 that it hears is
/// worth more than an answer that it does not.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long after an outage the database is left alone. Without it, each batch would first wait for
/// a database that does not answer; much longer, and the spool takes what could be committed.
const OUTAGE_PAUSE: Duration = Duration::from_secs(2);

/// How long the writers outlive the word to stop: a little longer than the HTTP server, whose last
/// requests still want an answer.
const LAST_REQUESTS: Duration = Duration::from_secs(12);

/// A webhook for the journal, and what it says.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The webhook, as it came.
    pub receipt: NewReceipt,
    /// Its event; `None` when nothing could be made of it.
    pub said: Option<NewSaid>,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// Committed.
    New,
    /// It was in the journal before.
    Duplicate,
    /// The broker holds it until the database is back.
    Spooled,
    /// It is nowhere, or nobody knows: whoever sent it must send it again.
    Unavailable,
}

type Queue = BatchQueue<Entry, Recorded>;

/// The callers' side of the journal.
pub struct Journal {
    writers: Vec<Batcher<Entry, Recorded>>,
}

impl Journal {
    /// A journal in which at most `capacity` entries wait and at most `batch` share a commit, and
    /// the queues that a [`Scribe`] empties.
    pub fn new(capacity: usize, batch: usize) -> (Self, Vec<Queue>) {
        let capacity = capacity.div_ceil(WRITERS).max(1);
        let (writers, queues) = (0..WRITERS).map(|_| Batcher::new(capacity, batch.max(1))).unzip();
        (Self { writers }, queues)
    }

    /// Returns once the entry is durable somewhere, or after 10 s.
    pub async fn record(&self, entry: Entry) -> Recorded {
        // By key, so that the doubles of a webhook meet in one batch instead of waiting for each
        // other's commit.
        let sum =
            entry.receipt.dedupe_key.bytes().fold(0, |sum: usize, byte| sum + usize::from(byte));
        let Some(writer) = self.writers.get(sum % WRITERS) else { return Recorded::Unavailable };
        match timeout(PATIENCE, writer.submit(entry)).await {
            Ok(Ok(recorded)) => recorded,
            Ok(Err(_)) | Err(_) => Recorded::Unavailable,
        }
    }
}

/// Empties the queues of the journal.
pub struct Scribe {
    writer: Writer,
    bypass: Bypass,
    /// Shared by all queues: what one has learnt of an outage spares the others.
    away_until: Mutex<Option<Instant>>,
}

impl Scribe {
    /// One that writes, and spools what it cannot write.
    pub fn new(writer: Writer, bypass: Bypass) -> Arc<Self> {
        Arc::new(Self { writer, bypass, away_until: Mutex::new(None) })
    }

    /// Empties a queue until nobody can put anything in any more.
    pub async fn run(self: Arc<Self>, queue: Queue, stop: CancellationToken) {
        let close = CancellationToken::new();
        let closed = close.clone();
        // Boxed, because the compiler cannot see through an asynchronous closure that what it does
        // may change threads.
        let settle = move |batch: Vec<Entry>| -> BoxFuture<'static, Vec<Recorded>> {
            let scribe = Arc::clone(&self);
            Box::pin(async move { scribe.settle(batch).await })
        };
        let closing = async move {
            stop.cancelled_owned().await;
            sleep(LAST_REQUESTS).await;
            close.cancel();
            std::future::pending().await
        };
        tokio::select! {
            () = queue.run(closed, settle) => {}
            () = closing => {}
        }
    }

    /// Makes a batch durable; one answer an entry, in order.
    pub async fn settle(&self, batch: Vec<Entry>) -> Vec<Recorded> {
        if self.away_until().is_some_and(|until| Instant::now() < until) {
            return self.go_around(batch).await;
        }
        match self.writer.write(&batch).await {
            Ok(written) => self.answers(batch, written).await,
            Err(error) => {
                let error = telemetry::chain(&error);
                tracing::warn!(error, receipts = batch.len(), "the database is away, spooling");
                self.go_around(batch).await
            }
        }
    }

    async fn go_around(&self, batch: Vec<Entry>) -> Vec<Recorded> {
        let spooled = self.bypass.put(&batch).await;
        // Without a way around it the database is asked again at once.
        let all = spooled.iter().all(|recorded| *recorded == Recorded::Spooled);
        *self.away_until() = all.then(|| Instant::now() + OUTAGE_PAUSE);
        spooled
    }

    /// What the database objects to is not dropped either: the spool tries it for hours, and then
    /// sets it aside for a person.
    async fn answers(&self, batch: Vec<Entry>, written: Vec<Written>) -> Vec<Recorded> {
        let pairs = batch.into_iter().zip(&written);
        let refused: Vec<Entry> = pairs
            .filter(|(_, written)| **written == Written::Refused)
            .map(|(entry, _)| entry)
            .collect();
        let mut spooled = self.bypass.put(&refused).await.into_iter();
        let answer = |written| match written {
            Written::New => Recorded::New,
            Written::Duplicate => Recorded::Duplicate,
            Written::Refused => spooled.next().unwrap_or(Recorded::Unavailable),
        };
        written.into_iter().map(answer).collect()
    }

    fn away_until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.away_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
