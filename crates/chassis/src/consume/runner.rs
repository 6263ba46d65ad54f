//! One queue's deliveries, as many at once as the subscription says, until told to stop.

use std::sync::Arc;
use std::time::Duration;

use bus::{Bus, Consumer, Envelope, Queue};
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::settle::{Desk, settle};
use super::{HandleError, Meta};

/// How long we wait before we ask a broken bus again.
const RECONNECT: Duration = Duration::from_millis(500);

/// What a kind of consumer does with one message.
pub(crate) trait Job: Send + Sync + 'static {
    fn desk(&self) -> &Desk;

    /// Handles it once; the same message may come again.
    fn attempt<'a>(
        &'a self,
        envelope: &'a Envelope,
        meta: Meta,
    ) -> BoxFuture<'a, Result<(), HandleError>>;
}

pub(crate) struct Runner {
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) queue: Queue,
    pub(crate) concurrency: u16,
    pub(crate) job: Arc<dyn Job>,
    pub(crate) stop: CancellationToken,
}

impl Runner {
    /// Consumes until `stop`; a bus that goes away is asked again until it is back.
    pub(crate) async fn run(self) {
        while !self.stop.is_cancelled() {
            let begun = async {
                self.bus.declare(&[self.queue]).await?;
                self.bus.consume(&self.queue).await
            };
            // Not cut short by `stop`: the broker would know a consumer that nobody here does, and
            // hand it messages that are never settled. A session that begins too late ends at once.
            match begun.await {
                Ok(consumer) => self.session(consumer).await,
                Err(error) => {
                    tracing::warn!(queue = self.queue.name, error = %telemetry::chain(&error), "not consuming, trying again");
                }
            }
            self.stop.run_until_cancelled(tokio::time::sleep(RECONNECT)).await;
        }
    }

    async fn session(&self, mut consumer: Box<dyn Consumer>) {
        let slots = Arc::new(Semaphore::new(usize::from(self.concurrency)));
        let in_hand = TaskTracker::new();
        loop {
            let next = async {
                // Never closed, so a permit always comes.
                let permit = Arc::clone(&slots).acquire_owned().await.ok();
                (permit, consumer.next().await)
            };
            match self.stop.run_until_cancelled(next).await {
                None => break,
                Some((permit, Ok(delivery))) => {
                    let settled = settle(Arc::clone(&self.job), delivery);
                    in_hand.spawn(async move {
                        settled.await;
                        drop(permit);
                    });
                }
                Some((_, Err(error))) => {
                    tracing::warn!(queue = self.queue.name, error = %telemetry::chain(&error), "lost the queue");
                    break;
                }
            }
        }
        // What was begun is finished, then what was not begun is given back.
        in_hand.close();
        in_hand.wait().await;
        consumer.close().await;
    }
}
