//! How many active conversations each number has: counted now and then, because it is a walk through all
//! of an account's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chassis::api::Failure;
use chrono::TimeDelta;
use domain::store::conversations::read;
use domain::store::{Pool, StoreError, Tx, no_connection};
use domain::{AccountId, NumberId, SharedClock, Timestamp};
use tokio_util::task::TaskTracker;

/// How old a count may be before it is counted anew, while it still serves.
const FRESH: TimeDelta = TimeDelta::seconds(30);
/// Accounts whose counts are kept.
const MOST: usize = 1_024;

type Counts = Arc<HashMap<NumberId, i64>>;

struct Kept {
    at: Timestamp,
    counts: Counts,
    refreshing: bool,
}

/// The counts of all accounts that asked lately.
pub(crate) struct ActiveCache {
    pool: Pool,
    clock: SharedClock,
    tasks: TaskTracker,
    kept: Mutex<HashMap<AccountId, Kept>>,
}

impl ActiveCache {
    pub(crate) fn new(pool: Pool, clock: SharedClock, tasks: TaskTracker) -> Self {
        Self { pool, clock, tasks, kept: Mutex::default() }
    }

    /// An account's counts, perhaps half a minute old.
    pub(crate) async fn of(
        self: &Arc<Self>,
        tx: &mut Tx,
        account: AccountId,
    ) -> Result<Counts, Failure> {
        let now = self.clock.now();
        let (known, refresh) = match self.lock().get_mut(&account) {
            None => (None, false),
            Some(kept) => {
                let refresh =
                    now - kept.at > FRESH && !std::mem::replace(&mut kept.refreshing, true);
                (Some(Arc::clone(&kept.counts)), refresh)
            }
        };
        let Some(known) = known else {
            let counts = read::active_conversations(tx, account).await?;
            return Ok(self.keep(account, counts, now));
        };
        if refresh {
            let cache = Arc::clone(self);
            self.tasks.spawn(async move { cache.refresh(account).await });
        }
        Ok(known)
    }

    async fn refresh(&self, account: AccountId) {
        let counted: Result<_, StoreError> = async {
            let mut conn = self.pool.get().await.map_err(no_connection)?;
            Ok(read::active_conversations(&mut conn, account).await?)
        }
        .await;
        match counted {
            Ok(counts) => drop(self.keep(account, counts, self.clock.now())),
            Err(error) => {
                tracing::warn!(error = %telemetry::chain(&error), "active conversations were not counted");
                self.lock().remove(&account);
            }
        }
    }

    fn keep(&self, account: AccountId, counts: Vec<(NumberId, i64)>, at: Timestamp) -> Counts {
        let counts: Counts = Arc::new(counts.into_iter().collect());
        let mut kept = self.lock();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(account, Kept { at, counts: Arc::clone(&counts), refreshing: false });
        counts
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
