//! Windows into long lists that cost the same at any depth, and that tile the list while it moves.
//!
//! A page is walked to from the nearest place that is known: one that this reader was given before
//! ([`frame`]), or an anchor, every thousandth key of the list, which one walk through the index finds
//! for everyone. All of it is in this process's memory and may be forgotten: then a page costs more, and
//! rows that moved meanwhile may shift it.

mod frame;
mod memory;

use std::sync::Arc;
use std::time::Duration;

use chassis::api::Failure;
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use domain::store::conversations::list::{self, ConversationFilter, Key, Scope, Search, Span};
use domain::store::{Pool, StoreError, Tx, no_connection};
use domain::{AccountId, SharedClock, Timestamp};
use telemetry::chain;
use tokio_util::task::TaskTracker;
use web::Problem;
use web::page::Window;

use memory::{Measure, Memory, Reader, Walk};

/// Up to here a list is counted afresh for every reader, and walked from the top.
const SMALL: i64 = 10_000;
/// Distance of the anchors.
const EVERY: u32 = 1_000;
/// Older anchors are walked for anew, while they still serve.
const FRESH: chrono::TimeDelta = chrono::TimeDelta::seconds(10);
/// The most rows by which a reader's list and the anchors' may differ before it is taken for this many:
/// then positions are a little too high, and pages at the seams shorter.
const MOST_SHIFT: i64 = 200_000;

/// How long who comes second waits for who walks first.
const PATIENCE: Duration = Duration::from_secs(4);

/// Which list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ListOf {
    /// Conversations under a filter, and with somebody who is looked for.
    Conversations(ConversationFilter, Option<Search>),
    /// Contacts, or those who are looked for.
    Contacts(Option<Search>),
}

/// A window's rows.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) keys: Vec<Key>,
    /// Rows of the whole list; of a long one perhaps some seconds old.
    pub(crate) total: i64,
    /// The list is as it was then.
    pub(crate) as_of: Timestamp,
}

/// The lists of all accounts.
pub(crate) struct Lists {
    pool: Pool,
    clock: SharedClock,
    tasks: TaskTracker,
    memory: Memory,
    walking: tokio::sync::Mutex<()>,
}

impl ListOf {
    fn scope(&self, account: AccountId) -> Scope {
        match self {
            Self::Conversations(filter, _) => list::conversations(account, filter),
            Self::Contacts(_) => list::contacts(account),
        }
    }

    async fn found(
        &self,
        tx: &mut Tx,
        account: AccountId,
        as_of: Timestamp,
    ) -> Result<Option<Vec<Key>>, Failure> {
        match self {
            Self::Conversations(_, Some(search)) => {
                let (scope, span) = (self.scope(account), Span::as_of(as_of));
                Ok(Some(list::conversations_found(tx, &scope, search, span).await?))
            }
            Self::Contacts(Some(search)) => {
                Ok(Some(list::contacts_found(tx, account, search).await?))
            }
            Self::Conversations(_, None) | Self::Contacts(None) => Ok(None),
        }
    }
}

impl Lists {
    pub(crate) fn new(pool: Pool, clock: SharedClock, tasks: TaskTracker) -> Self {
        Self {
            pool,
            clock,
            tasks,
            memory: Memory::default(),
            walking: tokio::sync::Mutex::default(),
        }
    }

    /// Reads a window of a list as it was at `as_of`, or is now.
    pub(crate) async fn page(
        self: &Arc<Self>,
        tx: &mut Tx,
        (account, of): (AccountId, &ListOf),
        window: Window,
        as_of: Option<Timestamp>,
    ) -> Result<Page, Failure> {
        let now = whole_micros(self.clock.now());
        let as_of = as_of.map_or(now, |as_of| whole_micros(as_of).min(now));
        let reader = (account, of.clone(), as_of);
        if let Some(found) = self.memory.found(&reader) {
            return Ok(slice(&found, window, as_of));
        }
        if let Some(found) = of.found(tx, account, as_of).await? {
            let found = self.memory.keep_found(reader, found);
            return Ok(slice(&found, window, as_of));
        }
        let scope = of.scope(account);
        let measure = match self.memory.measured(&reader) {
            Some(measure) => measure,
            None => {
                let measure = self.measure(tx, &scope, &reader).await?;
                self.memory.open(&reader, measure.clone());
                measure
            }
        };
        let mut keys = Vec::new();
        for piece in self.memory.plan(&reader, &measure, window) {
            let span = Span { as_of, after: piece.after, through: piece.through };
            // One more, the row before: it is where this page began, for who asks for what is above.
            let extra = u32::from(piece.skip > 0);
            let (skip, take) = (i64::from(piece.skip - extra), i64::from(piece.take + extra));
            let mut rows = list::keys(tx, &scope, span, skip, take).await?;
            let before = (extra > 0 && !rows.is_empty()).then(|| rows.remove(0));
            self.memory.remember(&reader, &piece, before, &rows);
            keys.extend(rows);
        }
        Ok(Page { keys, total: measure.total, as_of })
    }

    /// How long a list is.
    pub(crate) async fn total(
        self: &Arc<Self>,
        tx: &mut Tx,
        account: AccountId,
        of: &ListOf,
    ) -> Result<i64, Failure> {
        let reader = (account, of.clone(), whole_micros(self.clock.now()));
        Ok(self.measure(tx, &of.scope(account), &reader).await?.total)
    }

    async fn measure(
        self: &Arc<Self>,
        tx: &mut Tx,
        scope: &Scope,
        (account, of, as_of): &Reader,
    ) -> Result<Measure, Failure> {
        let known = self.memory.walk(*account, of);
        let walk = match known {
            Some(walk) => {
                if self.clock.now() - walk.as_of > FRESH && self.memory.begin_refresh(*account, of)
                {
                    let (lists, account, of) = (Arc::clone(self), *account, of.clone());
                    self.tasks.spawn(async move { lists.refresh(account, of).await });
                }
                walk
            }
            None => {
                let total = list::count(tx, scope, Span::as_of(*as_of), SMALL + 1).await?;
                if total <= SMALL {
                    return Ok(Measure { walk: None, shift: 0, total });
                }
                self.first_walk(tx, scope, *account, of).await?
            }
        };
        let shift = if *as_of >= walk.as_of {
            list::count_since(tx, scope, walk.as_of, *as_of, MOST_SHIFT).await?
        } else {
            -list::count_since(tx, scope, *as_of, walk.as_of, MOST_SHIFT).await?
        };
        let total = (walk.total + shift).max(0);
        Ok(Measure { walk: Some(walk), shift, total })
    }

    /// Nobody can be told how long the list is before somebody has walked it. One does; others wait.
    async fn first_walk(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        account: AccountId,
        of: &ListOf,
    ) -> Result<Arc<Walk>, Failure> {
        let turn = tokio::time::timeout(PATIENCE, self.walking.lock()).await;
        let Ok(_turn) = turn else {
            return Err(Problem::unavailable("too-slow").retry_after(PATIENCE).into());
        };
        if let Some(walk) = self.memory.walk(account, of) {
            return Ok(walk);
        }
        let walk = walk_through(tx, scope, whole_micros(self.clock.now())).await?;
        Ok(self.memory.keep_walk(account, of, walk))
    }

    async fn refresh(&self, account: AccountId, of: ListOf) {
        let walked = async {
            let mut conn = self.pool.get().await.map_err(no_connection)?;
            let conn: &mut Tx = &mut conn;
            let (scope, now) = (of.scope(account), whole_micros(self.clock.now()));
            conn.transaction(async |tx: &mut Tx| walk_through(tx, &scope, now).await).await
        };
        match walked.await {
            // Short again: it is counted afresh from now on.
            Ok(walk) if walk.total <= SMALL / 2 => self.memory.forget_walk(account, &of),
            Ok(walk) => drop(self.memory.keep_walk(account, &of, walk)),
            Err(error) => {
                tracing::warn!(error = %chain(&error), "a list was not walked through");
                self.memory.end_refresh(account, &of);
            }
        }
    }
}

/// A walk takes some tenths of a second for every million rows, and is made once for everyone.
async fn walk_through(tx: &mut Tx, scope: &Scope, as_of: Timestamp) -> Result<Walk, StoreError> {
    tx.batch_execute("SET LOCAL statement_timeout = '60s'").await?;
    let (keys, total) = list::anchors(tx, scope, as_of, i64::from(EVERY)).await?;
    tx.batch_execute("SET LOCAL statement_timeout = '5s'").await?;
    Ok(Walk { as_of, keys, total })
}

fn slice(found: &[Key], window: Window, as_of: Timestamp) -> Page {
    let offset = usize::try_from(window.offset).unwrap_or(usize::MAX);
    let limit = usize::try_from(window.limit).unwrap_or(usize::MAX);
    let keys = found.iter().skip(offset).take(limit).copied().collect();
    Page { keys, total: i64::try_from(found.len()).unwrap_or(i64::MAX), as_of }
}

/// As the database keeps it.
fn whole_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}
