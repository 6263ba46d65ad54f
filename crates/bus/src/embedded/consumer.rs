//! Claims in batches and keeps its leases while the handlers work.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::store::bus::{Queued, write};
use domain::store::listen::Wakeup;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::{EmbeddedBus, envelope, failed};
use crate::{BusError, Consumer, Delivery, Queue, Settle};

/// How long a claimed message stays ours without being renewed: what a killed process held is
/// handled by another this much later.
const LEASE: Duration = Duration::from_secs(30);
/// How often leases are renewed; twice may fail before one is lost.
const RENEW: Duration = Duration::from_secs(10);
/// The net under NOTIFY, and how finely retries are timed.
const POLL: Duration = Duration::from_millis(250);

pub(super) struct EmbeddedConsumer {
    bus: EmbeddedBus,
    queue: Queue,
    wakeup: Wakeup,
    claimed: VecDeque<Queued>,
    shared: Arc<Shared>,
    renewed: Instant,
}

#[derive(Default)]
struct Shared {
    hands: Mutex<Hands>,
    settled: Notify,
}

/// What is being handled, and what was handled but not yet taken away. Taking away is batched: an
/// ack that is lost brings a redelivery, which the inbox drops.
#[derive(Default)]
struct Hands {
    unsettled: HashSet<i64>,
    acked: Vec<i64>,
}

impl Shared {
    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settle(&self, seq: i64) {
        self.hands().unsettled.remove(&seq);
        self.settled.notify_one();
    }
}

impl EmbeddedConsumer {
    pub(super) fn new(bus: EmbeddedBus, queue: Queue, wakeup: Wakeup) -> Self {
        Self {
            bus,
            queue,
            wakeup,
            claimed: VecDeque::new(),
            shared: Arc::default(),
            renewed: Instant::now(),
        }
    }

    async fn forget_acked(&self) -> Result<(), BusError> {
        let acked = std::mem::take(&mut self.shared.hands().acked);
        if acked.is_empty() {
            return Ok(());
        }
        let mut conn = self.bus.conn("ack").await?;
        write::ack(&mut conn, acked).await.map(drop).map_err(failed("ack"))
    }

    async fn renew(&mut self) -> Result<(), BusError> {
        if self.renewed.elapsed() < RENEW {
            return Ok(());
        }
        self.renewed = Instant::now();
        let mut held: Vec<i64> = self.shared.hands().unsettled.iter().copied().collect();
        held.extend(self.claimed.iter().map(|row| row.seq));
        if held.is_empty() {
            return Ok(());
        }
        let mut conn = self.bus.conn("renew").await?;
        let until = self.bus.clock.now() + LEASE;
        write::renew(&mut conn, held, until).await.map(drop).map_err(failed("renew"))
    }

    async fn claim(&mut self) -> Result<(), BusError> {
        let room =
            usize::from(self.queue.prefetch).saturating_sub(self.shared.hands().unsettled.len());
        if room == 0 {
            return Ok(());
        }
        let room = i64::try_from(room).unwrap_or(1);
        let now = self.bus.clock.now();
        let mut conn = self.bus.conn("claim").await?;
        let rows = write::claim(&mut conn, self.queue.name, room, now, now + LEASE)
            .await
            .map_err(failed("claim"))?;
        self.claimed.extend(rows);
        Ok(())
    }

    fn hand_out(&mut self) -> Option<Delivery> {
        let row = self.claimed.pop_front()?;
        self.shared.hands().unsettled.insert(row.seq);
        let attempt = u32::try_from(row.attempt).unwrap_or(0);
        let settle = EmbeddedSettle {
            bus: self.bus.clone(),
            shared: Arc::clone(&self.shared),
            seq: row.seq,
            attempt: row.attempt,
        };
        Some(Delivery { attempt, settle: Box::new(settle), envelope: Ok(envelope(row)) })
    }
}

#[async_trait]
impl Consumer for EmbeddedConsumer {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        loop {
            self.renew().await?;
            if let Some(delivery) = self.hand_out() {
                return Ok(delivery);
            }
            self.forget_acked().await?;
            self.claim().await?;
            if self.claimed.is_empty() {
                tokio::select! {
                    () = self.wakeup.wait(POLL) => {}
                    () = self.shared.settled.notified() => {}
                }
            }
        }
    }

    async fn close(self: Box<Self>) {
        let unhandled: Vec<i64> = self.claimed.iter().map(|row| row.seq).collect();
        let given_back = async {
            self.forget_acked().await?;
            let mut conn = self.bus.conn("close").await?;
            let now = self.bus.clock.now();
            write::renew(&mut conn, unhandled, now).await.map_err(failed("close"))
        };
        if let Err(error) = given_back.await {
            tracing::warn!(error = %telemetry::chain(&error), "leases were left to end by themselves");
        }
    }
}

struct EmbeddedSettle {
    bus: EmbeddedBus,
    shared: Arc<Shared>,
    seq: i64,
    attempt: i32,
}

#[async_trait]
impl Settle for EmbeddedSettle {
    async fn ack(self: Box<Self>) -> Result<(), BusError> {
        self.shared.hands().acked.push(self.seq);
        Ok(())
    }

    async fn retry(self: Box<Self>, after: Duration) -> Result<(), BusError> {
        let mut conn = self.bus.conn("retry").await?;
        let at = self.bus.clock.now() + after;
        write::put_back(&mut conn, self.seq, self.attempt + 1, at)
            .await
            .map(drop)
            .map_err(failed("retry"))
    }

    async fn bury(self: Box<Self>, why: &str) -> Result<(), BusError> {
        let mut conn = self.bus.conn("bury").await?;
        write::bury(&mut conn, self.seq, why).await.map(drop).map_err(failed("bury"))
    }
}

/// However it ends, settled or dropped by a handler that panicked, the hand is free again. One that
/// was dropped comes back when its lease ends.
impl Drop for EmbeddedSettle {
    fn drop(&mut self) {
        self.shared.settle(self.seq);
    }
}
