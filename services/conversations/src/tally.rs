//! Counts texts by number in passing, so that nobody waits for a count of millions.

use std::time::Duration;

use chassis::Context;
use chrono::TimeDelta;
use diesel_async::AsyncConnection;
use domain::SharedClock;
use domain::store::conversations::write;
use domain::store::{Pool, StoreError, Tx, no_connection};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(30);
/// Longer than any transaction lasts: whoever made a text before then has committed it.
const SETTLED: TimeDelta = TimeDelta::seconds(60);
/// Texts a transaction.
const BATCH: i64 = 50_000;

/// The worker.
pub(crate) struct Teller {
    pool: Pool,
    clock: SharedClock,
}

impl Teller {
    pub(crate) fn new(ctx: &Context) -> Self {
        Self { pool: ctx.pool.clone(), clock: ctx.clock.clone() }
    }

    pub(crate) async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.round().await {
                Ok(BATCH..) => continue,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(error = %telemetry::chain(&error), "texts were not tallied");
                }
            }
            stop.run_until_cancelled(tokio::time::sleep(EVERY)).await;
        }
    }

    async fn round(&self) -> Result<i64, StoreError> {
        let before = self.clock.now() - SETTLED;
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        conn.transaction(async |tx: &mut Tx| Ok(write::tally(tx, before, BATCH).await?)).await
    }
}
