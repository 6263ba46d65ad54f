//! From a delivery to an ack, a rung of the ladder, or the dead letters.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bus::{BusError, Delivery, Envelope, Ladder, Settle, Subscription};
use diesel_async::AsyncConnection;
use domain::store::{Pool, Tx, no_connection};
use events::Event;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use telemetry::metrics::Counter;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span, info_span};

use super::{Caller, HandleError, Handler, Job, Meta};

/// How long an event waits in hand between two looks for a database that is away.
const OUTAGE_PAUSE: Duration = Duration::from_secs(1);

/// What every kind of job needs.
pub(crate) struct Desk {
    pub(crate) pool: Pool,
    pub(crate) subscription: Subscription,
    pub(crate) stop: CancellationToken,
    pub(crate) consumed: Counter,
}

pub(crate) struct HandlerJob<H> {
    pub(crate) desk: Desk,
    pub(crate) handler: H,
}

pub(crate) struct CallerJob<C> {
    pub(crate) desk: Desk,
    pub(crate) caller: C,
}

/// Drains a spool: bodies that are not events.
pub(crate) struct DrainJob<F> {
    pub(crate) desk: Desk,
    pub(crate) drain: F,
}

impl<H: Handler> Job for HandlerJob<H> {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn attempt<'a>(
        &'a self,
        envelope: &'a Envelope,
        meta: Meta,
    ) -> BoxFuture<'a, Result<(), HandleError>> {
        Box::pin(async move {
            let event = decode::<H::Event>(envelope)?;
            let mut conn = self.desk.pool.get().await.map_err(no_connection)?;
            let conn: &mut Tx = &mut conn;
            let queue = self.desk.subscription.queue;
            conn.transaction(async |tx: &mut Tx| {
                // A redelivery after a crash between commit and ack is a success.
                if !outbox::first_time(tx, queue, meta.id).await? {
                    return Ok(());
                }
                self.handler.handle(event, meta, tx).await
            })
            .await
        })
    }
}

impl<C: Caller> Job for CallerJob<C> {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn attempt<'a>(
        &'a self,
        envelope: &'a Envelope,
        meta: Meta,
    ) -> BoxFuture<'a, Result<(), HandleError>> {
        Box::pin(async move {
            let event = decode::<C::Event>(envelope)?;
            let outcome = self.caller.call(&event, meta).await?;
            let mut conn = self.desk.pool.get().await.map_err(no_connection)?;
            let conn: &mut Tx = &mut conn;
            let queue = self.desk.subscription.queue;
            conn.transaction(async |tx: &mut Tx| {
                if !outbox::first_time(tx, queue, meta.id).await? {
                    return Ok(());
                }
                self.caller.record(event, outcome, tx).await
            })
            .await
        })
    }
}

impl<F, R> Job for DrainJob<F>
where
    F: Fn(Vec<u8>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<(), HandleError>> + Send + 'static,
{
    fn desk(&self) -> &Desk {
        &self.desk
    }

    fn attempt<'a>(
        &'a self,
        envelope: &'a Envelope,
        _: Meta,
    ) -> BoxFuture<'a, Result<(), HandleError>> {
        Box::pin((self.drain)(envelope.body.clone()))
    }
}

fn decode<E: Event>(envelope: &Envelope) -> Result<E, HandleError> {
    // Trying again won't make it parse.
    E::decode(&envelope.body).map_err(HandleError::dead)
}

/// Settles one delivery, whatever comes of it.
pub(crate) async fn settle(job: Arc<dyn Job>, delivery: Delivery) {
    let desk = job.desk();
    let Delivery { envelope, attempt, settle } = delivery;
    let envelope = match envelope {
        Ok(envelope) => envelope,
        Err(error) => return desk.bury(settle, telemetry::chain(&error)).await,
    };
    let delay = Ladder::default().delay(desk.subscription.patience, attempt);
    let meta =
        Meta { id: envelope.id, occurred_at: envelope.occurred_at, last_attempt: delay.is_none() };
    let queue = desk.subscription.queue;
    let span = info_span!("consume", queue, event.id = %envelope.id, attempt);
    telemetry::context::set_parent(&span, envelope.traceparent.as_deref());
    let handled = until_the_database_is_there(job.as_ref(), &envelope, meta);
    let outcome = handled.instrument(span.clone()).await;
    desk.finish(settle, outcome, delay, &span).await;
}

/// `None` when we were told to stop while we waited: the delivery is then dropped, and comes again.
async fn until_the_database_is_there(
    job: &dyn Job,
    envelope: &Envelope,
    meta: Meta,
) -> Option<Result<(), HandleError>> {
    loop {
        match AssertUnwindSafe(job.attempt(envelope, meta)).catch_unwind().await {
            Ok(Err(HandleError::Outage(error))) => {
                let error = telemetry::chain(error.as_ref());
                tracing::warn!(error, "waiting for the database");
                let pause = tokio::time::sleep(OUTAGE_PAUSE);
                job.desk().stop.run_until_cancelled(pause).await?;
            }
            Ok(outcome) => return Some(outcome),
            // The panic itself was reported by the panic hook.
            Err(_) => return Some(Err(HandleError::retry("the handler panicked"))),
        }
    }
}

impl Desk {
    async fn finish(
        &self,
        settle: Box<dyn Settle>,
        outcome: Option<Result<(), HandleError>>,
        delay: Option<Duration>,
        span: &Span,
    ) {
        let (word, settled) = match (outcome, delay) {
            (None, _) => ("given_back", Ok(())),
            // The ack comes after the commit. The other order loses the event when we die between.
            (Some(Ok(())), _) => ("handled", settle.ack().await),
            (Some(Err(HandleError::Retry(error))), Some(delay)) => {
                let error = telemetry::chain(error.as_ref());
                tracing::warn!(parent: span, error, ?delay, "not handled, trying again");
                ("retried", settle.retry(delay).await)
            }
            (Some(Err(error)), _) => {
                let why = telemetry::chain(&error);
                return self.bury(settle, why).await;
            }
        };
        self.count(word);
        if let Err(error) = settled {
            // It comes again; the inbox knows whether it was handled.
            tracing::warn!(error = %telemetry::chain(&error), "a delivery was not settled");
        }
    }

    async fn bury(&self, settle: Box<dyn Settle>, why: String) {
        tracing::error!(queue = self.subscription.queue, error = %why, "set aside as a dead letter");
        self.count("dead");
        let buried: Result<(), BusError> = settle.bury(&why).await;
        if let Err(error) = buried {
            tracing::warn!(error = %telemetry::chain(&error), "a dead letter was not set aside");
        }
    }

    fn count(&self, outcome: &str) {
        self.consumed.add(1, &[("queue", self.subscription.queue), ("outcome", outcome)]);
    }
}
