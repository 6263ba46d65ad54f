//! Forgetting receipts that nobody asks for any more.

use std::time::Duration;

use domain::SharedClock;
use domain::store::ingress::write;
use domain::store::{Pool, StoreError, no_connection};
use tokio_util::sync::CancellationToken;

/// How often we look.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// How many go in one statement: few enough that it holds its locks for milliseconds.
const AT_ONCE: i64 = 1_000;

/// Prunes the journal.
pub struct Pruner {
    /// Where.
    pub pool: Pool,
    /// When.
    pub clock: SharedClock,
    /// What is older than this goes.
    pub retention: Duration,
}

impl Pruner {
    /// Prunes until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
            match stop.run_until_cancelled(self.once()).await {
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    tracing::warn!(error = telemetry::chain(&error), "the journal was not pruned");
                }
                None => return,
            }
        }
    }

    /// Prunes all that is old; returns how many receipts went.
    ///
    /// # Errors
    /// When the database is away or refuses.
    pub async fn once(&self) -> Result<usize, StoreError> {
        let before = self.clock.now() - self.retention;
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let mut gone = 0;
        loop {
            let pruned = write::prune(&mut conn, before, AT_ONCE).await?;
            gone += pruned;
            if i64::try_from(pruned).is_ok_and(|pruned| pruned < AT_ONCE) {
                return Ok(gone);
            }
        }
    }
}
