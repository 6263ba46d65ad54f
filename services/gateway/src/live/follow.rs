//! Reads what is new, once for all listeners of the process.

use std::sync::Arc;
use std::time::Duration;

use chassis::Context;
use domain::store::gateway::{LiveRow, read};
use domain::store::listen::{LIVE, Wakeup};
use domain::store::{Pool, StoreError, Tx, no_connection};
use telemetry::metrics::Gauge;
use tokio_util::sync::CancellationToken;

use super::Hub;
use super::frame::frames;

/// The net under NOTIFY.
const POLL: Duration = Duration::from_secs(1);
/// Rows of an account in one round: fewer than a listener may be behind.
const BATCH: i64 = 128;

/// The worker.
pub struct Follower {
    hub: Arc<Hub>,
    pool: Pool,
    wakeup: Wakeup,
    listeners: Gauge,
}

impl Follower {
    /// Tells this hub.
    pub fn new(ctx: &Context, hub: &Arc<Hub>) -> Self {
        let help = "Live streams that are open";
        Self {
            hub: Arc::clone(hub),
            pool: ctx.pool.clone(),
            wakeup: ctx.wakeup(LIVE),
            listeners: ctx.telemetry.meters().gauge("gateway_live_streams", help),
        }
    }

    /// Tells until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            self.listeners.set(count(self.hub.listeners()), &[]);
            let more = match self.round().await {
                Ok(more) => more,
                Err(error) => {
                    tracing::warn!(error = %telemetry::chain(&error), "screens were not told");
                    false
                }
            };
            if !more {
                stop.run_until_cancelled(self.wakeup.wait(POLL)).await;
            }
        }
    }

    /// Tells what is new; whether there may be more.
    async fn round(&self) -> Result<bool, StoreError> {
        let told = self.hub.told();
        if told.is_empty() {
            return Ok(false);
        }
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        let rows = read::news(conn, &told, BATCH).await?;
        let mut more = false;
        for rows in rows.chunk_by(|one, next| one.account_id == next.account_id) {
            let Some(LiveRow { account_id, .. }) = rows.first() else { continue };
            more |= i64::try_from(rows.len()).is_ok_and(|read| read >= BATCH);
            let frames = frames(conn, *account_id, rows).await?;
            self.hub.tell(*account_id, frames);
        }
        Ok(more)
    }
}

fn count(listeners: usize) -> f64 {
    u32::try_from(listeners).map_or(f64::MAX, f64::from)
}
