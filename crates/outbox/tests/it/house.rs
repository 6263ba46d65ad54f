//! A database, buses that remember what they were given, and relays between them.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bus::{Bus, BusError, Consumer, Depth, Envelope, Outgoing, Published, Queue};
use domain::store::listen::Wakeups;
use domain::store::{Pool, Tx};
use domain::{AccountId, ConversationId, EventId, MessageId, RunId};
use events::{ReplyRequested, ReplyWithheld, WithheldReason};
use outbox::Relay;
use testkit::{ManualClock, TestDb, until};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Longer than anything takes that works.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// The role that the tests act in.
pub const ROLE: Option<&str> = Some("hilo_conversations");

pub struct House {
    pub clock: ManualClock,
    pub pool: Pool,
    pub stop: CancellationToken,
    pub tasks: JoinSet<()>,
    pub db: TestDb,
}

impl House {
    pub async fn new() -> Self {
        let db = testkit::database().await;
        Self {
            clock: ManualClock::default(),
            pool: db.pool(ROLE),
            stop: CancellationToken::new(),
            tasks: JoinSet::new(),
            db,
        }
    }

    pub async fn conn(&self) -> Tx {
        self.db.conn_as("hilo_conversations").await
    }

    /// Notifications reach whoever waits, until the test ends.
    pub fn wakeups(&mut self) -> Wakeups {
        let wakeups = Wakeups::default();
        self.tasks.spawn(wakeups.clone().run(self.db.url.clone(), self.stop.clone()));
        wakeups
    }

    /// A relay to this bus, until `stop`.
    pub fn relay(&mut self, bus: Arc<dyn Bus>) -> tokio::task::AbortHandle {
        let pool = self.pool.clone();
        self.relay_over(pool, bus)
    }

    pub fn relay_over(&mut self, pool: Pool, bus: Arc<dyn Bus>) -> tokio::task::AbortHandle {
        let relay = Relay::new(pool, bus, self.wakeups(), self.clock.shared());
        self.tasks.spawn(relay.run(self.stop.clone()))
    }

    /// Says that a reply is wanted for the n-th epoch.
    pub async fn say(&self, epochs: std::ops::Range<i64>) {
        let said: Vec<ReplyRequested> = epochs.map(requested).collect();
        outbox::enqueue_all(&mut self.conn().await, &said, testkit::clock::noon()).await.unwrap();
    }

    pub async fn in_outbox(&self) -> usize {
        self.db.ask("SELECT count(*) FROM outbox").await.unwrap().parse().unwrap()
    }

    pub async fn until_said(&self) {
        until(PATIENCE, "the outbox is empty", async || self.in_outbox().await == 0).await;
    }
}

pub fn requested(reply_epoch: i64) -> ReplyRequested {
    ReplyRequested {
        account: AccountId::generate(),
        conversation: ConversationId::generate(),
        message: MessageId::generate(),
        reply_epoch,
    }
}

pub fn withheld() -> ReplyWithheld {
    ReplyWithheld {
        account: AccountId::generate(),
        conversation: ConversationId::generate(),
        message: MessageId::generate(),
        reply_epoch: 1,
        reason: WithheldReason::StaySilent,
        note: "a thank-you".to_owned(),
        run: RunId::generate(),
    }
}

/// A bus that remembers what it was given and answers as it is told.
#[derive(Default)]
pub struct RememberingBus {
    published: Mutex<Vec<Envelope>>,
    deaf_to: Mutex<HashSet<&'static str>>,
    is_away: AtomicBool,
    hangs: AtomicBool,
    talker: Mutex<Option<Pool>>,
    pub given: Notify,
}

impl RememberingBus {
    /// Nobody is bound for this type from now on.
    pub fn refuses(&self, event_type: &'static str) {
        self.deaf_to.lock().unwrap().insert(event_type);
    }

    /// Somebody is bound for it again.
    pub fn takes(&self, event_type: &str) {
        self.deaf_to.lock().unwrap().remove(event_type);
    }

    /// Nobody knows what becomes of what is published.
    pub fn is_away(&self, away: bool) {
        self.is_away.store(away, Ordering::SeqCst);
    }

    /// What is published arrives, and the answer does not.
    pub fn hangs_after_publishing(&self, hangs: bool) {
        self.hangs.store(hangs, Ordering::SeqCst);
    }

    /// With everything that is published something new is said.
    pub fn talks_back(&self, pool: Pool) {
        *self.talker.lock().unwrap() = Some(pool);
    }

    pub fn published(&self) -> Vec<Envelope> {
        self.published.lock().unwrap().clone()
    }

    pub fn ids(&self) -> Vec<EventId> {
        self.published().iter().map(|envelope| envelope.id).collect()
    }

    fn take(&self, envelope: &Envelope) -> Published {
        if self.is_away.load(Ordering::SeqCst) {
            return Published::Unknown;
        }
        if self.deaf_to.lock().unwrap().contains(envelope.event_type.as_str()) {
            return Published::Refused;
        }
        self.published.lock().unwrap().push(envelope.clone());
        Published::Confirmed
    }
}

#[async_trait]
impl Bus for RememberingBus {
    async fn declare(&self, _: &[Queue]) -> Result<(), BusError> {
        Ok(())
    }

    async fn publish(&self, batch: &[Outgoing]) -> Vec<Published> {
        let outcomes = batch.iter().map(|outgoing| self.take(&outgoing.envelope)).collect();
        let talker = self.talker.lock().unwrap().clone();
        if let Some(pool) = talker {
            let mut conn = pool.get().await.unwrap();
            outbox::enqueue(&mut conn, &requested(0), testkit::clock::noon()).await.unwrap();
        }
        self.given.notify_one();
        if self.hangs.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        outcomes
    }

    async fn put(&self, _: &Queue, _: &Envelope) -> Result<(), BusError> {
        Err(BusError::Refused { doing: "put" })
    }

    async fn consume(&self, _: &Queue) -> Result<Box<dyn Consumer>, BusError> {
        Err(BusError::Refused { doing: "consume" })
    }

    async fn replay(&self, _: &Queue, _: usize) -> Result<usize, BusError> {
        Ok(0)
    }

    async fn depth(&self, _: &Queue) -> Result<Depth, BusError> {
        Ok(Depth { waiting: 0, dead: 0 })
    }
}
