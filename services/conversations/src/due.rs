//! Asks for the replies whose burst is over.

use std::time::Duration;

use chassis::Context;
use diesel_async::AsyncConnection;
use domain::store::conversations::write;
use domain::store::listen::{REPLY_DUE, Wakeup};
use domain::store::{Pool, StoreError, Tx, no_connection};
use domain::{SharedClock, Timestamp};
use events::ReplyRequested;
use tokio_util::sync::CancellationToken;

/// The net under NOTIFY.
const POLL: Duration = Duration::from_secs(1);
/// Replies a round.
const BATCH: i64 = 200;

/// The worker.
pub(crate) struct Asker {
    pool: Pool,
    clock: SharedClock,
    wakeup: Wakeup,
}

impl Asker {
    pub(crate) fn new(ctx: &Context) -> Self {
        Self { pool: ctx.pool.clone(), clock: ctx.clock.clone(), wakeup: ctx.wakeup(REPLY_DUE) }
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let wait = match self.round().await {
                Ok(next) => self.until(next),
                Err(error) => {
                    tracing::warn!(error = %telemetry::chain(&error), "no replies were asked for");
                    POLL
                }
            };
            stop.run_until_cancelled(self.wakeup.wait(wait)).await;
        }
    }

    fn until(&self, next: Option<Timestamp>) -> Duration {
        next.map_or(POLL, |next| (next - self.clock.now()).to_std().unwrap_or_default().min(POLL))
    }

    async fn round(&self) -> Result<Option<Timestamp>, StoreError> {
        let now = self.clock.now();
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        conn.transaction(async |tx: &mut Tx| {
            let (due, next) = write::take_due_replies(tx, now, BATCH).await?;
            for reply in due {
                let request = ReplyRequested {
                    account: reply.account_id,
                    conversation: reply.id,
                    message: reply.reply_to_message,
                    reply_epoch: reply.reply_epoch,
                };
                outbox::enqueue_traced(tx, &request, now, reply.traceparent).await?;
            }
            Ok(next)
        })
        .await
    }
}
