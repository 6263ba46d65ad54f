//! The handle to one simulated world: shared by the HTTP server, the actors and tests in process.

use std::net::TcpListener;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::now;
use crate::config::Config;
use crate::entry::Entry;
use crate::faults::{Chance, Dice, Faults};
use crate::journal::Journal;
use crate::ledger::{Ledger, Summary};
use crate::world::{Bubble, Number, Pace, Recipient, World};
use crate::{server, twilio};

/// How long background work may go on after the server has stopped.
const DRAIN: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub struct Simulator {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    client: reqwest::Client,
    world: Mutex<World>,
    journal: Mutex<Option<Journal>>,
    dice: Mutex<Dice>,
    happened: watch::Sender<u64>,
    in_flight: AtomicUsize,
    runtime: OnceLock<Handle>,
    life: Mutex<CancellationToken>,
    tasks: TaskTracker,
}

/// A customer's text, and whether Hilo's webhook took it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Texted {
    pub sid: String,
    pub accepted: bool,
}

impl Simulator {
    /// A world as its ledger left it, or a new one.
    pub fn new(config: Config) -> anyhow::Result<Self> {
        crate::install_tls();
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(15))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("TwilioProxy/1.1")
            .build()
            .context("could not build the HTTP client")?;
        let mut world = World::default();
        world.webhook_base = config.webhook_base.clone();
        world.pace = Pace {
            segments_per_second: config.segments_per_second,
            carrier_delay_ms: u64::try_from(config.carrier_delay.as_millis())?,
            max_concurrent: config.max_concurrent,
        };
        for number in &config.numbers {
            world.numbers.insert(number.clone(), Number::new(number, None));
        }
        let journal = match &config.ledger {
            None => None,
            Some(path) => {
                let (journal, entries) = Journal::open(path)?;
                entries.iter().for_each(|entry| world.apply(entry));
                Some(journal)
            }
        };
        let inner = Inner {
            client,
            happened: watch::Sender::new(world.last_event),
            world: Mutex::new(world),
            journal: Mutex::new(journal),
            dice: Mutex::new(Dice::new(config.seed)),
            in_flight: AtomicUsize::new(0),
            runtime: OnceLock::new(),
            life: Mutex::new(CancellationToken::new()),
            tasks: TaskTracker::new(),
            config,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Serves until `stop`, then drains for at most two seconds. May be called again afterwards:
    /// the world goes on where it was.
    pub async fn serve(
        &self,
        listener: TcpListener,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        self.inner.runtime.get_or_init(Handle::current);
        let life = CancellationToken::new();
        *lock(&self.inner.life) = life.clone();
        twilio::queue::resume(self);
        let served = server::run(self.clone(), listener, &stop, &life).await;
        life.cancel();
        self.inner.tasks.close();
        let _drained_in_time = tokio::time::timeout(DRAIN, self.inner.tasks.wait()).await;
        self.inner.tasks.reopen();
        served
    }

    /// A customer texts one of our numbers; returns when the webhook has ended.
    pub async fn texts(&self, from: &str, to: &str, body: &str) -> Texted {
        twilio::inbound::text(self, from, to, body).await
    }

    pub fn ledger(&self) -> Ledger {
        Ledger::of(&self.world().messages)
    }

    pub fn summary(&self) -> Summary {
        Summary::of(&self.world().messages)
    }

    /// What a customer's phone shows, and what is on its way there; oldest first.
    pub fn phone(&self, customer: &str) -> Vec<Bubble> {
        self.world().phone(customer)
    }

    pub fn numbers(&self) -> Vec<Number> {
        self.world().numbers.values().cloned().collect()
    }

    pub fn register(&self, phone_number: &str, friendly_name: Option<&str>) {
        let number = Number::new(phone_number, friendly_name);
        self.world().numbers.insert(phone_number.to_owned(), number);
    }

    pub fn set_webhook_base(&self, base: Option<url::Url>) {
        self.world().webhook_base = base;
    }

    pub fn set_recipient(&self, number: &str, recipient: Recipient) {
        self.world().recipients.insert(number.to_owned(), recipient);
    }

    /// Replaces all faults: what is not named stops happening.
    pub fn set_faults(&self, faults: Faults) {
        lock(&self.inner.dice).faults = faults;
    }

    pub fn faults(&self) -> Faults {
        lock(&self.inner.dice).faults.clone()
    }

    /// Forgets messages, blocks and faults; keeps numbers, pace and the webhook base.
    pub fn reset(&self) {
        self.world().recipients.clear();
        *lock(&self.inner.dice) = Dice::new(self.inner.config.seed);
        self.record(Entry::Reset { at: now() });
    }

    /// Changes whenever something happens; its value is the number of the last event.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.inner.happened.subscribe()
    }

    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.inner.client
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.inner.world)
    }

    pub(crate) fn in_flight(&self) -> &AtomicUsize {
        &self.inner.in_flight
    }

    pub(crate) fn strikes(&self, pick: impl FnOnce(&mut Faults) -> &mut Chance) -> bool {
        lock(&self.inner.dice).strikes(pick)
    }

    /// Cancelled when the present server stops.
    pub(crate) fn life(&self) -> CancellationToken {
        lock(&self.inner.life).clone()
    }

    /// Writes an entry to the ledger, then lets it happen.
    pub(crate) fn record(&self, entry: Entry) {
        let mut world = self.world();
        // Under the world's lock, so that the file has the order in which things happened.
        if let Some(journal) = lock(&self.inner.journal).as_mut()
            && let Err(error) = journal.append(&entry)
        {
            tracing::error!("the ledger could not be written: {error:#}");
        }
        world.apply(&entry);
        let last = world.last_event;
        drop(world);
        self.inner.happened.send_replace(last);
    }

    /// Runs work in the background, on the runtime that serves (an actix worker's own runtime
    /// would end before the drain).
    pub(crate) fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let runtime = self.inner.runtime.get().cloned().unwrap_or_else(Handle::current);
        self.inner.tasks.spawn_on(work, &runtime)
    }
}

/// A poisoned lock means that a thread died in a plain assignment: the data is still sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
