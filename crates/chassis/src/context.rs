//! What a service is given: the database, the bus, the clock, and the word to stop.

use std::sync::Arc;

use bus::embedded::EmbeddedBus;
use bus::rabbit::{self, RabbitBus};
use bus::{Bus, BusError, Envelope, Queue};
use domain::store::listen::{Wakeup, Wakeups};
use domain::store::{Pool, PoolSettings, StoreError, pool};
use domain::{EventId, SharedClock};
use telemetry::Telemetry;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use web::identity::{IdentityKey, ShortKey};

use crate::settings::House;

/// Everything that a service takes from the house.
#[derive(Clone)]
pub struct Context {
    /// The service's name; its database role is `hilo_<name>`.
    pub service: &'static str,
    /// Connections, in the service's own role.
    pub pool: Pool,
    /// The time.
    pub clock: SharedClock,
    /// Cancelled when the service is to stop.
    pub stop: CancellationToken,
    /// Where tasks are spawned, so that stopping waits for them.
    pub tasks: TaskTracker,
    /// Metrics.
    pub telemetry: Telemetry,
    /// The key under which the gateway says who asks.
    pub identity: Option<IdentityKey>,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) wakeups: Wakeups,
}

/// What a context is made of.
pub struct ContextParts {
    /// The service's name.
    pub service: &'static str,
    /// Where the house is.
    pub house: House,
    /// The time.
    pub clock: SharedClock,
    /// Metrics.
    pub telemetry: Telemetry,
    /// Cancelled when the process is to stop; the context gets a child of it.
    pub stop: CancellationToken,
}

/// Why a context cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ContextError {
    /// The database's settings cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The identity key cannot be one.
    #[error(transparent)]
    Identity(#[from] ShortKey),
}

impl Context {
    /// Makes the pool and the bus; neither connects before it is first asked.
    pub fn new(parts: ContextParts) -> Result<Self, ContextError> {
        let ContextParts { service, house, clock, telemetry, stop } = parts;
        let identity = house.identity_key.as_ref().map(IdentityKey::new).transpose()?;
        let pool = pool::pool(&PoolSettings {
            url: house.database_url.clone(),
            role: role_of(service),
            size: house.pool_size,
        })?;
        let stop = stop.child_token();
        let tasks = TaskTracker::new();
        let wakeups = Wakeups::default();
        tasks.spawn(wakeups.clone().run(house.database_url.clone(), stop.clone()));
        let bus: Arc<dyn Bus> = match house.amqp_url {
            Some(url) => Arc::new(RabbitBus::new(rabbit::Settings {
                prefix: house.bus_prefix,
                ..rabbit::Settings::new(url, service)
            })),
            None => Arc::new(EmbeddedBus::new(pool.clone(), wakeups.clone(), Arc::clone(&clock))),
        };
        Ok(Self { service, pool, clock, stop, tasks, telemetry, identity, bus, wakeups })
    }

    /// A waiter on one of the channels of [`domain::store::listen`].
    pub fn wakeup(&self, channel: &'static str) -> Wakeup {
        self.wakeups.on(channel)
    }

    /// A way around a database that is down, through a durable queue of the broker.
    pub fn spool(&self, queue: &'static str) -> Spool {
        let queue = Queue { name: queue, event_type: None, prefetch: 50 };
        Spool { bus: Arc::clone(&self.bus), queue, clock: Arc::clone(&self.clock) }
    }
}

/// The role that a service acts in; the grants of the migrations are for it.
fn role_of(service: &str) -> Option<&'static str> {
    match service {
        "gateway" => Some("hilo_gateway"),
        "ingress" => Some("hilo_ingress"),
        "conversations" => Some("hilo_conversations"),
        "responder" => Some("hilo_responder"),
        // Operators' tools act as whoever they sign in as.
        _ => None,
    }
}

/// Puts what cannot be written now into a queue of the broker; see [`crate::Service::drains`].
#[derive(Clone)]
pub struct Spool {
    bus: Arc<dyn Bus>,
    pub(crate) queue: Queue,
    clock: SharedClock,
}

impl Spool {
    /// Returns when the broker has confirmed it.
    pub async fn put(&self, body: Vec<u8>) -> Result<(), BusError> {
        let envelope = Envelope {
            id: EventId::generate(),
            event_type: self.queue.name.to_owned(),
            account: None,
            occurred_at: self.clock.now(),
            traceparent: telemetry::context::current(),
            body,
        };
        self.bus.put(&self.queue, &envelope).await
    }
}
