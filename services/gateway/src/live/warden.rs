//! Sees streams out whose session or token has ended: as soon as any process ends one, and every few
//! seconds for those that end by themselves. One question to the database for all streams of the
//! process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chassis::Context;
use domain::SharedClock;
use domain::store::gateway::read;
use domain::store::listen::{SESSIONS, Wakeup};
use domain::store::{Pool, StoreError, Tx, no_connection};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::access::{Callers, idle_since};

/// How long a stream may outlive a session that ended by itself.
const EVERY: Duration = Duration::from_secs(15);

/// The streams of this process, by the session or token that they were opened with.
#[derive(Default)]
pub struct Listeners(Mutex<HashMap<Uuid, Party>>);

/// All streams of one session or token.
struct Party {
    ended: CancellationToken,
    streams: usize,
}

/// Keeps a stream among those that are seen out.
pub struct Guest {
    /// Cancelled when the session has ended.
    pub ended: CancellationToken,
    credential: Uuid,
    listeners: Arc<Listeners>,
}

impl Listeners {
    /// Adds a stream.
    pub fn welcome(self: &Arc<Self>, credential: Uuid) -> Guest {
        let mut parties = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let party = parties
            .entry(credential)
            .or_insert_with(|| Party { ended: CancellationToken::new(), streams: 0 });
        party.streams += 1;
        Guest { ended: party.ended.clone(), credential, listeners: Arc::clone(self) }
    }

    fn credentials(&self) -> Vec<Uuid> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }

    fn see_out(&self, credential: Uuid) {
        let mut parties = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(party) = parties.remove(&credential) {
            party.ended.cancel();
        }
    }

    fn leave(&self, credential: Uuid) {
        let mut parties = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(party) = parties.get_mut(&credential) else { return };
        party.streams = party.streams.saturating_sub(1);
        if party.streams == 0 {
            parties.remove(&credential);
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        // Who was seen out is not in the book any more, and another party of the same name is not ours.
        if !self.ended.is_cancelled() {
            self.listeners.leave(self.credential);
        }
    }
}

/// The worker.
pub struct Warden {
    callers: Arc<Callers>,
    listeners: Arc<Listeners>,
    pool: Pool,
    clock: SharedClock,
    wakeup: Wakeup,
}

impl Warden {
    /// Of these.
    pub fn new(ctx: &Context, callers: &Arc<Callers>, listeners: &Arc<Listeners>) -> Self {
        Self {
            callers: Arc::clone(callers),
            listeners: Arc::clone(listeners),
            pool: ctx.pool.clone(),
            clock: ctx.clock.clone(),
            wakeup: ctx.wakeup(SESSIONS),
        }
    }

    /// Watches until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        while stop.run_until_cancelled(self.wakeup.wait(EVERY)).await.is_some() {
            self.callers.forget_all();
            if let Err(error) = self.round().await {
                tracing::warn!(error = %telemetry::chain(&error), "no stream was seen out");
            }
        }
    }

    async fn round(&self) -> Result<(), StoreError> {
        let listening = self.listeners.credentials();
        if listening.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        let good = read::in_force(conn, listening.clone(), now, idle_since(now)).await?;
        for credential in listening.into_iter().filter(|credential| !good.contains(credential)) {
            self.listeners.see_out(credential);
        }
        Ok(())
    }
}
