//! The queue's other end: claim (commit), call the provider, record (commit).
//!
//! A text leaves at most once: what was claimed and never recorded becomes uncertain, and is sent
//! again only when the provider's own list does not have it ([`Reconciler`]).

mod claim;
mod reconcile;
mod send;
mod settle;

use std::sync::Arc;
use std::time::Duration;

use chassis::Context;
use domain::SharedClock;
use domain::store::Pool;
use domain::store::conversations::Claimed;
use domain::store::listen::{SEND, Wakeup};
use providers::SmsSender;
use telemetry::metrics::{Counter, counter};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use reconcile::Reconciler;

use crate::config::Config;
use crate::wire::Providers;

/// The net under NOTIFY, and how soon a text that was scheduled for later is seen.
const POLL: Duration = Duration::from_secs(1);
/// How soon a number whose bucket was empty is looked at again: a tenth of a segment's time at the
/// usual rate of one a second.
const REFILL: Duration = Duration::from_millis(100);

/// Sends what is queued.
pub struct Worker {
    desk: Arc<Desk>,
    wakeup: Wakeup,
}

/// What claiming, sending and recording share.
struct Desk {
    pool: Pool,
    clock: SharedClock,
    sender: Arc<dyn SmsSender>,
    send_timeout: Duration,
    lease: Duration,
    look_after: Duration,
    answer_expires: Duration,
    in_flight: Arc<Semaphore>,
    settled: Counter,
}

/// What a look at the queue brought.
enum Looked {
    /// These leave now.
    Claimed(Vec<Claimed>),
    /// Some wait for their number's bucket.
    HeldBack,
    /// Nothing waits.
    Empty,
}

impl Worker {
    pub(crate) fn new(ctx: &Context, config: &Config, providers: &Providers) -> Self {
        let desk = Desk {
            pool: ctx.pool.clone(),
            clock: ctx.clock.clone(),
            sender: Arc::clone(&providers.sender),
            send_timeout: config.send_timeout,
            lease: config.lease,
            look_after: config.look_after,
            answer_expires: config.answer_expires,
            in_flight: Arc::new(Semaphore::new(config.in_flight)),
            settled: counter(
                "texts_settled_total",
                "Texts by what came of the attempt to send them",
            ),
        };
        Self { desk: Arc::new(desk), wakeup: ctx.wakeup(SEND) }
    }

    /// Sends until `stop`, and finishes what has left us.
    pub async fn run(mut self, stop: CancellationToken) {
        let in_flight = TaskTracker::new();
        while !stop.is_cancelled() {
            let wait = match self.desk.look().await {
                Ok(Looked::Claimed(texts)) => {
                    for text in texts {
                        // No more were claimed than were free, and the semaphore is never closed.
                        let permit = Arc::clone(&self.desk.in_flight).acquire_owned().await.ok();
                        let sent = Arc::clone(&self.desk).send(text, stop.clone());
                        in_flight.spawn(async move {
                            sent.await;
                            drop(permit);
                        });
                    }
                    continue;
                }
                Ok(Looked::HeldBack) => REFILL,
                Ok(Looked::Empty) => POLL,
                Err(error) => {
                    tracing::warn!(error = %telemetry::chain(&error), "nothing could be claimed");
                    POLL
                }
            };
            stop.run_until_cancelled(self.wakeup.wait(wait)).await;
        }
        // A text that has left us must get its row written: we finish what we began, then go.
        in_flight.close();
        in_flight.wait().await;
    }
}
