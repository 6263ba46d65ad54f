//! From the outbox to the bus: the only one who publishes.
//!
//! One relay a database is active: the seat is an advisory lock of its session, so it falls free
//! when the process or its connection dies. A row goes when its publication is confirmed; dying in
//! between publishes it twice, and the hearers' inboxes drop one.

use std::sync::Arc;
use std::time::Duration;

use bus::{Bus, Envelope, Outgoing, Published, Routing};
use diesel_async::pooled_connection::deadpool::Object;
use domain::store::listen::{OUTBOX, Wakeups};
use domain::store::outbox::{Said, write};
use domain::store::{Pool, StoreError, Tx, no_connection};
use domain::{AccountId, EventId, SharedClock};
use telemetry::metrics::{Counter, counter};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Rows a round; the prototype's rate levels off here.
const BATCH: i64 = 500;
/// The net under NOTIFY.
const POLL: Duration = Duration::from_secs(1);
/// How long one that the bus refused waits.
const HELD_FOR: Duration = Duration::from_secs(5);
/// How long we wait when nothing works.
const BACK_OFF: Duration = Duration::from_millis(500);

/// The relay of one process; of all those that run, one is active.
pub struct Relay {
    pool: Pool,
    bus: Arc<dyn Bus>,
    wakeups: Wakeups,
    clock: SharedClock,
    published: Counter,
}

impl Relay {
    /// A relay from this database to this bus.
    pub fn new(pool: Pool, bus: Arc<dyn Bus>, wakeups: Wakeups, clock: SharedClock) -> Self {
        let published = counter(
            "outbox_published_total",
            "Events that the bus confirmed, refused or lost sight of",
        );
        Self { pool, bus, wakeups, clock, published }
    }

    /// Relays until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.session(&stop).await {
                Ok(()) => {}
                Err(error) => {
                    tracing::warn!(error = %telemetry::chain(&error), "the relay lost its database");
                    stop.run_until_cancelled(tokio::time::sleep(BACK_OFF)).await;
                }
            }
        }
    }

    /// Relays for as long as this connection lives.
    async fn session(&self, stop: &CancellationToken) -> Result<(), StoreError> {
        let pooled = self.pool.get().await.map_err(no_connection)?;
        // Out of the pool for good: given back, it would carry the seat to someone else.
        let mut conn: Tx = Object::take(pooled);
        let mut wakeup = self.wakeups.on(OUTBOX);
        while !write::take_seat(&mut conn).await? {
            if stop.run_until_cancelled(tokio::time::sleep(POLL)).await.is_none() {
                return Ok(());
            }
        }
        let mut released = Instant::now();
        while !stop.is_cancelled() {
            // By the clock, not when idle: a house that never stops talking must not hold for ever
            // what the bus once refused.
            if released.elapsed() >= POLL {
                released = Instant::now();
                write::release(&mut conn, self.clock.now()).await?;
            }
            match self.round(&mut conn).await? {
                Round::Idle => {
                    stop.run_until_cancelled(wakeup.wait(POLL)).await;
                }
                Round::Stuck => {
                    stop.run_until_cancelled(tokio::time::sleep(BACK_OFF)).await;
                }
                Round::Moved => {}
            }
        }
        Ok(())
    }

    /// Publishes the oldest rows; no transaction is open meanwhile.
    async fn round(&self, conn: &mut Tx) -> Result<Round, StoreError> {
        let rows = write::next(conn, BATCH).await?;
        if rows.is_empty() {
            return Ok(Round::Idle);
        }
        let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
        let batch: Vec<Outgoing> = rows.into_iter().map(outgoing).collect();
        let outcomes = self.bus.publish(&batch).await;
        let of = |wanted: Published| -> Vec<i64> {
            let pairs = seqs.iter().zip(&outcomes);
            pairs.filter(|(_, outcome)| **outcome == wanted).map(|(seq, _)| *seq).collect()
        };
        let (confirmed, refused) = (of(Published::Confirmed), of(Published::Refused));
        self.count("confirmed", confirmed.len());
        self.count("refused", refused.len());
        self.count("unknown", seqs.len() - confirmed.len() - refused.len());
        let stuck = confirmed.is_empty() && refused.is_empty();
        if !confirmed.is_empty() {
            write::forget(conn, confirmed).await?;
        }
        if !refused.is_empty() {
            write::hold(conn, refused, self.clock.now() + HELD_FOR).await?;
        }
        Ok(if stuck { Round::Stuck } else { Round::Moved })
    }

    fn count(&self, outcome: &str, n: usize) {
        if n > 0 {
            self.published.add(u64::try_from(n).unwrap_or(u64::MAX), &[("outcome", outcome)]);
        }
    }
}

enum Round {
    Idle,
    Moved,
    Stuck,
}

fn outgoing(row: Said) -> Outgoing {
    let routing = if events::hearers(&row.event_type).is_empty() {
        Routing::Optional
    } else {
        Routing::Mandatory
    };
    Outgoing {
        envelope: Envelope {
            id: EventId::from_uuid(row.id),
            event_type: row.event_type,
            account: row.account_id.map(AccountId::from_uuid),
            occurred_at: row.occurred_at,
            traceparent: row.traceparent,
            body: row.payload,
        },
        routing,
    }
}
