//! Forgets what nobody will ask for again.

use std::time::Duration;

use chassis::Context;
use chrono::TimeDelta;
use domain::SharedClock;
use domain::store::gateway::write;
use domain::store::{Pool, StoreError, Tx, no_connection};
use tokio_util::sync::CancellationToken;

use crate::access::idle_since;

const EVERY: Duration = Duration::from_secs(10 * 60);
/// Longer than the longest window of a limit.
const FAILURES: TimeDelta = TimeDelta::hours(2);
/// As long as an address stays known.
const ADDRESSES: TimeDelta = TimeDelta::days(30);
/// How long people still see an invitation that has ended.
const INVITATIONS: TimeDelta = TimeDelta::days(90);
/// How far back a screen that was away is told, at least.
const LIVE: TimeDelta = TimeDelta::hours(24);
/// And how many events, however old.
const LIVE_AT_LEAST: i64 = 1_000;

/// The worker.
pub struct Janitor {
    pool: Pool,
    clock: SharedClock,
    audit_retention: Duration,
}

impl Janitor {
    /// That keeps the audit log for so long.
    pub fn new(ctx: &Context, audit_retention: Duration) -> Self {
        Self { pool: ctx.pool.clone(), clock: ctx.clock.clone(), audit_retention }
    }

    /// Forgets until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
            if let Err(error) = self.round().await {
                tracing::warn!(error = %telemetry::chain(&error), "old rows were not forgotten");
            }
        }
    }

    /// Forgets once.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn round(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        write::prune_sessions(conn, now, idle_since(now)).await?;
        write::prune_attempts(conn, now - FAILURES, now - ADDRESSES).await?;
        write::prune_invitations(conn, now - INVITATIONS).await?;
        write::prune_audit(conn, now - self.audit_retention).await?;
        write::prune_live(conn, now - LIVE, LIVE_AT_LEAST).await?;
        Ok(())
    }
}
