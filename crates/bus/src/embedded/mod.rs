//! The same queues in Postgres: fan-out in SQL, claims with SKIP LOCKED in batches, NOTIFY to wake.
//!
//! A claim is a lease, so what a dead process held becomes visible again by itself.

mod consumer;

use async_trait::async_trait;
use diesel_async::pooled_connection::deadpool::Object;
use domain::store::bus::{FanOut, Kind, write};
use domain::store::listen::Wakeups;
use domain::store::{Pool, Tx, no_connection};
use domain::{EventId, SharedClock};

use crate::{Bus, BusError, Consumer, Depth, Envelope, Outgoing, Published, Queue, Routing};

/// A bus in the database.
#[derive(Clone)]
pub struct EmbeddedBus {
    pool: Pool,
    wakeups: Wakeups,
    clock: SharedClock,
}

impl EmbeddedBus {
    /// A bus over a pool; `wakeups` must be running for it to be quick.
    pub fn new(pool: Pool, wakeups: Wakeups, clock: SharedClock) -> Self {
        Self { pool, wakeups, clock }
    }

    async fn conn(&self, doing: &'static str) -> Result<Object<Tx>, BusError> {
        let conn = self.pool.get().await.map_err(no_connection);
        conn.map_err(|error| BusError::Unavailable { doing, source: Box::new(error) })
    }
}

fn failed(doing: &'static str) -> impl Fn(diesel::result::Error) -> BusError {
    move |error| BusError::Unavailable { doing, source: Box::new(error) }
}

#[async_trait]
impl Bus for EmbeddedBus {
    async fn declare(&self, queues: &[Queue]) -> Result<(), BusError> {
        let mut conn = self.conn("declare").await?;
        for queue in queues {
            if let Some(event_type) = queue.event_type {
                write::bind(&mut conn, queue.name, event_type).await.map_err(failed("declare"))?;
            }
        }
        Ok(())
    }

    async fn publish(&self, batch: &[Outgoing]) -> Vec<Published> {
        match self.fan_out(batch).await {
            Ok(outcomes) => outcomes,
            Err(error) => {
                tracing::warn!(error = %telemetry::chain(&error), "nothing was published");
                vec![Published::Unknown; batch.len()]
            }
        }
    }

    /// The queues are in the very database that is down when this would be of use.
    async fn put(&self, _queue: &Queue, _envelope: &Envelope) -> Result<(), BusError> {
        Err(BusError::Refused { doing: "spool" })
    }

    async fn consume(&self, queue: &Queue) -> Result<Box<dyn Consumer>, BusError> {
        Ok(Box::new(consumer::EmbeddedConsumer::new(
            self.clone(),
            *queue,
            self.wakeups.on(domain::store::listen::BUS),
        )))
    }

    async fn replay(&self, queue: &Queue, at_most: usize) -> Result<usize, BusError> {
        let mut conn = self.conn("replay").await?;
        let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
        write::replay(&mut conn, queue.name, at_most, self.clock.now())
            .await
            .map_err(failed("replay"))
    }

    async fn depth(&self, queue: &Queue) -> Result<Depth, BusError> {
        let mut conn = self.conn("count").await?;
        let mut count = [0_u64; 2];
        for (slot, kind) in count.iter_mut().zip([Kind::Waiting, Kind::Dead]) {
            let rows = write::count(&mut conn, queue.name, kind).await.map_err(failed("count"))?;
            *slot = u64::try_from(rows).unwrap_or(0);
        }
        let [waiting, dead] = count;
        Ok(Depth { waiting, dead })
    }
}

impl EmbeddedBus {
    async fn fan_out(&self, batch: &[Outgoing]) -> Result<Vec<Published>, BusError> {
        let mut conn = self.conn("publish").await?;
        let bound = write::bound(&mut conn).await.map_err(failed("publish"))?;
        let mut rows = FanOut::default();
        let mut outcomes = Vec::with_capacity(batch.len());
        for Outgoing { envelope, routing } in batch {
            let heard = bound.contains(&envelope.event_type);
            outcomes.push(match (heard, routing) {
                (false, Routing::Mandatory) => Published::Refused,
                (true, _) | (false, Routing::Optional) => Published::Confirmed,
            });
            if heard {
                rows.ids.push(envelope.id.as_uuid());
                rows.event_types.push(envelope.event_type.clone());
                rows.accounts.push(envelope.account.map(domain::Id::as_uuid));
                rows.occurred.push(envelope.occurred_at);
                rows.traceparents.push(envelope.traceparent.clone());
                rows.payloads.push(envelope.body.clone());
            }
        }
        if !rows.ids.is_empty() {
            write::fan_out(&mut conn, rows).await.map_err(failed("publish"))?;
        }
        Ok(outcomes)
    }
}

fn envelope(row: domain::store::bus::Queued) -> Envelope {
    Envelope {
        id: EventId::from_uuid(row.id),
        event_type: row.event_type,
        account: row.account_id.map(domain::AccountId::from_uuid),
        occurred_at: row.occurred_at,
        traceparent: row.traceparent,
        body: row.payload,
    }
}
