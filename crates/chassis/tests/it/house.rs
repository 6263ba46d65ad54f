//! A house with a database and a bus behind networks that can be cut, and a service whose reactions
//! are said by the test.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bus::embedded::EmbeddedBus;
use bus::rabbit::{RabbitBus, Settings};
use bus::{Bus, Depth, Envelope, Outgoing, Published, Queue, Routing};
use chassis::settings::Environment;
use chassis::{
    Caller, Context, ContextParts, HandleError, Handler, Meta, Patience, Running, Service,
    Subscription, settings,
};
use chrono::TimeDelta;
use diesel_async::RunQueryDsl;
use domain::store::Tx;
use domain::store::listen::Wakeups;
use domain::{AccountId, ConversationId, EventId, MessageId};
use events::{Event, ReplyRequested};
use secrecy::ExposeSecret;
use testkit::{ManualClock, TcpProxy, TestDb, until};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Longer than anything takes that works, the ladder's twelve seconds included.
pub const PATIENCE: Duration = Duration::from_secs(25);

/// Each of these is a test on either bus.
macro_rules! on_both_buses {
    ($($name:ident,)*) => {
        mod embedded {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::house::House::embedded().await).await;
            })*
        }
        mod rabbit {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::house::House::rabbit().await).await;
            })*
        }
    };
}
pub(crate) use on_both_buses;

pub const SUBSCRIPTION: Subscription =
    Subscription::new("responder.reply_requested").patience(Patience::Seconds).concurrency(2);
pub const HEARD: Queue = SUBSCRIPTION.hears(ReplyRequested::TYPE);

/// Everything around a service under test.
pub struct House {
    /// The test's own way to the bus, which is never cut.
    pub bus: Arc<dyn Bus>,
    pub clock: ManualClock,
    pub database: TcpProxy,
    pub broker: Option<TcpProxy>,
    environment: Environment,
    pub db: TestDb,
}

impl House {
    pub async fn embedded() -> Self {
        let db = testkit::database().await;
        let clock = ManualClock::default();
        let bus = EmbeddedBus::new(db.pool(None), Wakeups::default(), clock.shared());
        Self::with(db, clock, Arc::new(bus), None, Environment::new()).await
    }

    pub async fn rabbit() -> Self {
        let db = testkit::database().await;
        let broker = testkit::rabbit();
        let proxy = TcpProxy::before(&broker.url).await;
        let environment = Environment::from([
            ("AMQP_URL".to_owned(), proxy.url().expose_secret().to_owned()),
            ("HILO_BUS_PREFIX".to_owned(), broker.prefix.clone()),
        ]);
        let bus = RabbitBus::new(Settings {
            prefix: broker.prefix,
            ..Settings::new(broker.url, "the test itself")
        });
        Self::with(db, ManualClock::default(), Arc::new(bus), Some(proxy), environment).await
    }

    async fn with(
        db: TestDb,
        clock: ManualClock,
        bus: Arc<dyn Bus>,
        broker: Option<TcpProxy>,
        mut environment: Environment,
    ) -> Self {
        testkit::world::account(&mut db.conn().await, "Muebles del Valle").await;
        let database = TcpProxy::before(&db.url).await;
        environment.insert("DATABASE_URL".to_owned(), database.url().expose_secret().to_owned());
        // So that what is said before a service has started is not held.
        bus.declare(&[HEARD]).await.unwrap();
        Self { bus, clock, database, broker, environment, db }
    }

    pub fn context(&self) -> Context {
        Context::new(ContextParts {
            service: "conversations",
            house: settings::house(&self.environment).unwrap(),
            clock: self.clock.shared(),
            telemetry: testkit::telemetry(),
            stop: CancellationToken::new(),
        })
        .unwrap()
    }

    /// Starts a service that reacts as the test says.
    pub fn start(&self, reactions: &Reactions) -> Running {
        self.start_service(Service::new().consumes(Reacting(reactions.clone())))
    }

    pub fn start_service(&self, service: Service) -> Running {
        service.start(&self.context(), listener())
    }

    /// Says through the outbox that a reply is wanted.
    pub async fn say(&self, epoch: i64) {
        let (event, now) = (requested(epoch), testkit::clock::noon());
        outbox::enqueue(&mut self.db.conn().await, &event, now).await.unwrap();
    }

    /// Publishes straight to the bus, whatever is in it.
    pub async fn publish(&self, envelope: &Envelope) {
        let outgoing = Outgoing { envelope: envelope.clone(), routing: Routing::Mandatory };
        assert_eq!(self.bus.publish(&[outgoing]).await, [Published::Confirmed]);
    }

    /// How often this epoch's handling was committed.
    pub async fn handled(&self, epoch: i64) -> usize {
        let count = format!("SELECT count(*) FROM opt_outs WHERE evidence = '{epoch}'");
        self.db.ask(&count).await.unwrap().parse().unwrap()
    }

    pub async fn until_handled(&self, epoch: i64) {
        let what = format!("{epoch} is handled");
        until(PATIENCE, &what, async || self.handled(epoch).await > 0).await;
    }

    /// Time goes by until the queue holds so many; RabbitMQ's own time goes by itself.
    pub async fn until_depth(&self, queue: Queue, waiting: u64, dead: u64) {
        let wanted = Depth { waiting, dead };
        until(PATIENCE, &format!("{} holds {wanted:?}", queue.name), async || {
            self.clock.advance(TimeDelta::milliseconds(200));
            self.bus.depth(&queue).await.unwrap() == wanted
        })
        .await;
    }
}

pub fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

pub fn requested(reply_epoch: i64) -> ReplyRequested {
    ReplyRequested {
        account: AccountId::generate(),
        conversation: ConversationId::generate(),
        message: MessageId::generate(),
        reply_epoch,
    }
}

pub fn envelope(event: &ReplyRequested) -> Envelope {
    Envelope {
        id: EventId::generate(),
        event_type: ReplyRequested::TYPE.to_owned(),
        account: event.account(),
        occurred_at: testkit::clock::noon(),
        traceparent: None,
        body: event.encode(),
    }
}

/// What a handler does with the event of an epoch.
#[derive(Clone)]
pub enum Reaction {
    Panics,
    Retries,
    Dies,
    /// Waits for a permit, then handles it.
    Waits(Arc<Semaphore>),
    /// Writes, waits for a permit, writes again.
    WaitsInMidWrite(Arc<Semaphore>),
}

/// How a service reacts; whatever is not listed is handled.
#[derive(Clone, Default)]
pub struct Reactions {
    to: Arc<Mutex<HashMap<i64, Reaction>>>,
    began: Arc<Mutex<Vec<(i64, bool)>>>,
    outages: Arc<Mutex<Vec<bool>>>,
    halfway: Arc<AtomicUsize>,
}

impl Reactions {
    pub fn when(self, epoch: i64, reaction: Reaction) -> Self {
        self.to.lock().unwrap().insert(epoch, reaction);
        self
    }

    /// From now on it is handled.
    pub fn forget(&self, epoch: i64) {
        self.to.lock().unwrap().remove(&epoch);
    }

    /// For each time that the handling of this epoch began: was it the last attempt?
    pub fn began(&self, epoch: i64) -> Vec<bool> {
        let began = self.began.lock().unwrap();
        began.iter().filter(|(of, _)| *of == epoch).map(|(_, last)| *last).collect()
    }

    pub async fn until_began(&self, epochs: std::ops::RangeInclusive<i64>) {
        until(PATIENCE, "they have begun", async || {
            epochs.clone().all(|epoch| !self.began(epoch).is_empty())
        })
        .await;
    }

    /// How often a handling has waited in mid-write.
    pub fn halfway(&self) -> usize {
        AtomicUsize::load(&self.halfway, Ordering::SeqCst)
    }

    /// For each write that failed: was it taken for an outage?
    pub fn outages(&self) -> Vec<bool> {
        self.outages.lock().unwrap().clone()
    }

    async fn react(&self, epoch: i64, tx: &mut Tx) -> Result<(), HandleError> {
        let reaction = self.to.lock().unwrap().get(&epoch).cloned();
        match reaction {
            None => {}
            Some(Reaction::Panics) => panic!("as the test said"),
            Some(Reaction::Retries) => return Err(HandleError::retry("not now")),
            Some(Reaction::Dies) => return Err(HandleError::dead("never")),
            Some(Reaction::Waits(permit)) => permit.acquire().await.unwrap().forget(),
            Some(Reaction::WaitsInMidWrite(permit)) => {
                write(tx, epoch + 1_000_000).await?;
                self.halfway.fetch_add(1, Ordering::SeqCst);
                permit.acquire().await.unwrap().forget();
            }
        }
        write(tx, epoch).await.map_err(|error| {
            let error = HandleError::from(error);
            self.outages.lock().unwrap().push(matches!(error, HandleError::Outage(_)));
            error
        })
    }
}

/// An effect that shows if it happens twice: rows of a table of this role without a unique key.
async fn write(tx: &mut Tx, epoch: i64) -> diesel::QueryResult<()> {
    let insert = "INSERT INTO opt_outs (id, account_id, phone_number, evidence, source, opted_out_at, revoked_at)
                  SELECT gen_random_uuid(), id, '', $1, 'person', now(), now() FROM accounts";
    diesel::sql_query(insert)
        .bind::<diesel::sql_types::Text, _>(epoch.to_string())
        .execute(tx)
        .await
        .map(drop)
}

pub struct Reacting(pub Reactions);

impl Handler for Reacting {
    const SUBSCRIPTION: Subscription = SUBSCRIPTION;
    type Event = ReplyRequested;

    async fn handle(
        &self,
        event: ReplyRequested,
        meta: Meta,
        tx: &mut Tx,
    ) -> Result<(), HandleError> {
        self.0.began.lock().unwrap().push((event.reply_epoch, meta.last_attempt));
        self.0.react(event.reply_epoch, tx).await
    }
}

/// Asks the outside as the test says, and always records.
pub struct Calling(pub Reactions);

impl Caller for Calling {
    const SUBSCRIPTION: Subscription = SUBSCRIPTION;
    type Event = ReplyRequested;
    type Outcome = i64;

    async fn call(&self, event: &ReplyRequested, meta: Meta) -> Result<i64, HandleError> {
        self.0.began.lock().unwrap().push((event.reply_epoch, meta.last_attempt));
        let reaction = self.0.to.lock().unwrap().get(&event.reply_epoch).cloned();
        match reaction {
            Some(Reaction::Retries) => Err(HandleError::retry("the model is busy")),
            Some(Reaction::Dies) => Err(HandleError::dead("the model refuses")),
            _ => Ok(event.reply_epoch),
        }
    }

    async fn record(
        &self,
        _: ReplyRequested,
        outcome: i64,
        tx: &mut Tx,
    ) -> Result<(), HandleError> {
        Ok(write(tx, outcome).await?)
    }
}
