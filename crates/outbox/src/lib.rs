//! State and its announcement commit together: the outbox at the sayer, the inbox at the hearer, and
//! the relay between the outbox and the bus.

mod batch;
mod prune;
mod relay;

use domain::store::outbox::{NewSaid, SaidColumns, write};
use domain::store::{Tx, inbox};
use domain::{EventId, Timestamp};
use events::Event;

pub use batch::{BatchQueue, Batcher, NotTaken};
pub use prune::Pruner;
pub use relay::Relay;

/// Says something, in the transaction that makes it true. The relay is woken by the commit.
pub async fn enqueue<E: Event>(
    tx: &mut Tx,
    event: &E,
    now: Timestamp,
) -> diesel::result::QueryResult<()> {
    enqueue_all(tx, std::slice::from_ref(event), now).await
}

/// Says several things of one kind at once.
pub async fn enqueue_all<E: Event>(
    tx: &mut Tx,
    events: &[E],
    now: Timestamp,
) -> diesel::result::QueryResult<()> {
    if events.is_empty() {
        return Ok(());
    }
    let mut rows = SaidColumns::default();
    for event in events {
        rows.push(said(event, now, telemetry::context::current()));
    }
    write::enqueue(tx, rows).await
}

/// An event as a row of the outbox, for a statement that writes the row itself.
pub fn said<E: Event>(event: &E, now: Timestamp, traceparent: Option<String>) -> NewSaid {
    NewSaid {
        id: EventId::generate().as_uuid(),
        event_type: E::TYPE,
        account_id: event.account().map(domain::Id::as_uuid),
        occurred_at: now,
        traceparent,
        payload: event.encode(),
    }
}

/// Says one thing on behalf of another trace than the current one.
pub async fn enqueue_traced<E: Event>(
    tx: &mut Tx,
    event: &E,
    now: Timestamp,
    traceparent: Option<String>,
) -> diesel::result::QueryResult<()> {
    let mut rows = SaidColumns::default();
    rows.push(said(event, now, traceparent));
    write::enqueue(tx, rows).await
}

/// Whether this consumer sees the event for the first time; marks it as seen. Must be in the
/// transaction of the handling: then a redelivery after a crash between commit and ack does nothing.
pub async fn first_time(
    tx: &mut Tx,
    consumer: &str,
    event: EventId,
) -> diesel::result::QueryResult<bool> {
    inbox::write::first_time(tx, consumer, event).await
}
