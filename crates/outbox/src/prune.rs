//! Forgetting what no redelivery can bring up again.

use std::time::Duration;

use domain::SharedClock;
use domain::store::{Pool, StoreError, inbox, no_connection};
use tokio_util::sync::CancellationToken;

/// How long we remember that an event was handled.
///
/// Longer than the broker can hold one back: the retry ladder ends after six hours, and an operator
/// replays dead letters within the month. A row forgotten too early would text a person twice.
const INBOX_RETENTION: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How often we look.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Prunes the inbox.
pub struct Pruner {
    /// Where.
    pub pool: Pool,
    /// When.
    pub clock: SharedClock,
}

impl Pruner {
    /// Prunes until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
            if let Err(error) = self.once().await {
                tracing::warn!(error = %telemetry::chain(&error), "the inbox was not pruned");
            }
        }
    }

    /// Prunes once; returns how many rows went.
    pub async fn once(&self) -> Result<usize, StoreError> {
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        Ok(inbox::write::prune(&mut conn, self.clock.now() - INBOX_RETENTION).await?)
    }
}
