//! A bus under test, and the verbs of its tests.

use std::sync::Arc;
use std::time::Duration;

use bus::embedded::EmbeddedBus;
use bus::rabbit::{RabbitBus, Settings};
use bus::{Bus, Consumer, Delivery, Depth, Envelope, Ladder, Outgoing, Published, Queue, Routing};
use chrono::TimeDelta;
use domain::store::listen::Wakeups;
use domain::{AccountId, EventId};
use testkit::{ManualClock, TcpProxy, TestDb, until};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// Longer than anything takes that works.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The first rung of the tests' ladder.
pub const UNIT: Duration = Duration::from_millis(20);

/// A queue that hears `type`.
pub const fn queue(name: &'static str, event_type: &'static str) -> Queue {
    Queue { name, event_type: Some(event_type), prefetch: 50 }
}

/// A bus, reached through a network that can be cut.
pub struct House {
    pub bus: Arc<dyn Bus>,
    pub proxy: TcpProxy,
    clock: ManualClock,
    _stop: DropGuard,
    // Last, so that it is dropped after all that is connected to it.
    _db: Option<TestDb>,
}

impl House {
    pub async fn embedded() -> Self {
        let db = testkit::database().await;
        let proxy = TcpProxy::before(&db.url).await;
        let (clock, stop, wakeups) =
            (ManualClock::default(), CancellationToken::new(), Wakeups::default());
        TaskTracker::new().spawn(wakeups.clone().run(proxy.url(), stop.clone()));
        let pool = db.pool_through(&proxy, Some("hilo_conversations"));
        let bus = Arc::new(EmbeddedBus::new(pool, wakeups, clock.shared()));
        Self { bus, proxy, clock, _stop: stop.drop_guard(), _db: Some(db) }
    }

    pub async fn rabbit() -> Self {
        Self::rabbit_with(|_| {}).await
    }

    pub async fn rabbit_with(change: impl FnOnce(&mut Settings)) -> Self {
        let broker = testkit::rabbit();
        let proxy = TcpProxy::before(&broker.url).await;
        let mut settings = Settings {
            prefix: broker.prefix,
            ladder: Ladder::of(UNIT),
            ..Settings::new(proxy.url(), "contract")
        };
        change(&mut settings);
        Self {
            bus: Arc::new(RabbitBus::new(settings)),
            proxy,
            clock: ManualClock::default(),
            _stop: CancellationToken::new().drop_guard(),
            _db: None,
        }
    }

    /// Time goes by, for the bus that is told the time; RabbitMQ has its own.
    pub fn pass(&self, time: Duration) {
        self.clock.advance(TimeDelta::from_std(time).unwrap());
    }

    /// Whether [`House::pass`] has an effect.
    pub fn is_told_the_time(&self) -> bool {
        self._db.is_some()
    }

    pub async fn declare(&self, queues: &[Queue]) {
        self.bus.declare(queues).await.unwrap();
    }

    pub async fn consume(&self, queue: Queue) -> Box<dyn Consumer> {
        self.bus.consume(&queue).await.unwrap()
    }

    /// Publishes one of this type that must be heard; the body is the type and a number.
    pub async fn say(&self, event_type: &str, numbers: std::ops::Range<u32>) -> Vec<Envelope> {
        let said: Vec<Envelope> = numbers.map(|number| envelope(event_type, number)).collect();
        let batch: Vec<Outgoing> = said.iter().cloned().map(mandatory).collect();
        let published = self.bus.publish(&batch).await;
        assert_eq!(published, vec![Published::Confirmed; batch.len()]);
        said
    }

    pub async fn until_depth(&self, queue: Queue, waiting: u64, dead: u64) {
        let wanted = Depth { waiting, dead };
        until(PATIENCE, &format!("{} holds {wanted:?}", queue.name), async || {
            self.bus.depth(&queue).await.unwrap() == wanted
        })
        .await;
    }
}

pub fn envelope(event_type: &str, number: u32) -> Envelope {
    Envelope {
        id: EventId::generate(),
        event_type: event_type.to_owned(),
        account: Some(AccountId::generate()),
        occurred_at: testkit::clock::noon(),
        traceparent: None,
        body: number.to_be_bytes().to_vec(),
    }
}

pub fn mandatory(envelope: Envelope) -> Outgoing {
    Outgoing { envelope, routing: Routing::Mandatory }
}

/// The next delivery, and its envelope.
pub async fn next(consumer: &mut Box<dyn Consumer>) -> (Delivery, Envelope) {
    let delivery = tokio::time::timeout(PATIENCE, consumer.next()).await.unwrap().unwrap();
    let envelope = match &delivery.envelope {
        Ok(envelope) => envelope.clone(),
        Err(error) => panic!("not an envelope: {error}"),
    };
    (delivery, envelope)
}

/// Takes and acknowledges the next one.
pub async fn handle(consumer: &mut Box<dyn Consumer>) -> Envelope {
    let (delivery, envelope) = next(consumer).await;
    delivery.settle.ack().await.unwrap();
    envelope
}

/// Takes and acknowledges as many.
pub async fn handle_all(consumer: &mut Box<dyn Consumer>, n: usize) -> Vec<Envelope> {
    let mut handled = Vec::with_capacity(n);
    for _ in 0..n {
        handled.push(handle(consumer).await);
    }
    handled
}
