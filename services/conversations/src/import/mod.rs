//! Reads files of contacts in: chunk after chunk, each with its numbers in one transaction, so that it
//! may be stopped at any moment and goes on where it was.

mod row;

use std::collections::HashSet;
use std::time::Duration;

use chassis::Context;
use chrono::TimeDelta;
use diesel_async::AsyncConnection;
use domain::store::conversations::read;
use domain::store::conversations::words::ImportState;
use domain::store::conversations::write::{self, BadRow, GoodRow, Progress, TakenImport};
use domain::store::listen::{IMPORT, Wakeup};
use domain::store::{Pool, StoreError, Tx, no_connection};
use domain::{PhoneNumber, SharedClock, Timestamp};
use events::ContactsImportProgressed;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::spreadsheet::{MOST_ROWS, Sheet, Unreadable};

pub(crate) use row::Columns;

/// Rows a transaction.
const CHUNK: usize = 1_000;
/// The net under NOTIFY.
const POLL: Duration = Duration::from_secs(5);
/// How long a reader is believed to be at work without a sign of life.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// How often an import is begun anew without getting any further.
const MOST_ATTEMPTS: i16 = 5;
/// How long rows that were not taken can be fetched.
const RETENTION: TimeDelta = TimeDelta::days(30);
const PRUNE_EVERY: TimeDelta = TimeDelta::hours(1);

/// The worker.
pub(crate) struct Importer {
    pool: Pool,
    clock: SharedClock,
    wakeup: Wakeup,
    /// Whoever reads an import is known by this.
    holder: Uuid,
    pruned_at: Timestamp,
}

/// What came of reading as far as it went.
#[derive(Debug, PartialEq, Eq)]
enum Read {
    /// To the end.
    All,
    /// It was cancelled, or somebody else has it.
    Lost,
    /// We are to stop.
    Stopped,
}

/// What is known of a file before any row of it is taken.
pub(crate) struct Survey {
    pub(crate) header: Vec<String>,
    pub(crate) rows: usize,
    pub(crate) failure: Option<Unreadable>,
}

/// Looks at a file that was just sent: a wrong column is said at once.
pub(crate) fn survey(
    body: &[u8],
    phone: &str,
    name: Option<&str>,
    language: Option<&str>,
) -> Survey {
    let sheet = match Sheet::open(body) {
        Ok(sheet) => sheet,
        Err(failure) => {
            return Survey { header: Vec::new(), rows: 0, failure: Some(failure) };
        }
    };
    let header = sheet.header.clone();
    let columns = Columns::find(&sheet, phone, name, language);
    let rows = sheet.count();
    let failure = match columns {
        Err(failure) => Some(failure),
        Ok(_) if rows > MOST_ROWS => Some(Unreadable::TooManyRows),
        Ok(_) => None,
    };
    Survey { header, rows, failure }
}

impl Importer {
    pub(crate) fn new(ctx: &Context) -> Self {
        Self {
            pool: ctx.pool.clone(),
            clock: ctx.clock.clone(),
            wakeup: ctx.wakeup(IMPORT),
            holder: Uuid::now_v7(),
            pruned_at: Timestamp::MIN_UTC,
        }
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.round(&stop).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(error = %telemetry::chain(&error), "an import goes on later");
                }
            }
            stop.run_until_cancelled(self.wakeup.wait(POLL)).await;
        }
    }

    /// Takes one import as far as it goes; `false` when none waits.
    async fn round(&mut self, stop: &CancellationToken) -> Result<bool, StoreError> {
        self.prune().await?;
        let now = self.clock.now();
        let taken = {
            let mut conn = self.pool.get().await.map_err(no_connection)?;
            write::take_import(&mut conn, self.holder, now, now + LEASE).await?
        };
        let Some(import) = taken else { return Ok(false) };
        if import.attempts > MOST_ATTEMPTS {
            self.end(&import, ImportState::Failed, Some("interrupted")).await?;
            return Ok(true);
        }
        match self.read_in(&import, stop).await? {
            Ok(Read::All) => self.end(&import, ImportState::Finished, None).await?,
            Ok(Read::Lost) => {}
            Ok(Read::Stopped) => {
                let mut conn = self.pool.get().await.map_err(no_connection)?;
                write::release_import(&mut conn, import.id, self.holder).await?;
            }
            Err(failure) => {
                let why = failure.to_string();
                self.end(&import, ImportState::Failed, Some(&why)).await?;
            }
        }
        Ok(true)
    }

    async fn read_in(
        &self,
        import: &TakenImport,
        stop: &CancellationToken,
    ) -> Result<Result<Read, Unreadable>, StoreError> {
        let body = {
            let mut conn = self.pool.get().await.map_err(no_connection)?;
            read::import_file(&mut conn, import.id).await?
        };
        let Some(body) = body else { return Ok(Ok(Read::Lost)) };
        let opened = Sheet::open(&body).and_then(|sheet| {
            let (name, language) =
                (import.name_column.as_deref(), import.language_column.as_deref());
            let columns = Columns::find(&sheet, &import.phone_column, name, language)?;
            Ok((sheet, columns))
        });
        let (mut sheet, columns) = match opened {
            Ok(opened) => opened,
            Err(failure) => return Ok(Err(failure)),
        };
        drop(body);
        let mut seen = HashSet::new();
        // What was done before is only looked at: a number must not be taken a second time.
        let mut done = import.rows_done;
        chunk(&mut sheet, &columns, &mut seen, usize::try_from(done).unwrap_or(0));
        loop {
            if stop.is_cancelled() {
                return Ok(Ok(Read::Stopped));
            }
            let rows = chunk(&mut sheet, &columns, &mut seen, CHUNK);
            let count = rows.good.len() + rows.bad.len();
            if count == 0 {
                return Ok(Ok(Read::All));
            }
            if !self.write(import, done, rows).await? {
                return Ok(Ok(Read::Lost));
            }
            done += i32::try_from(count).unwrap_or(0);
        }
    }

    /// One chunk; `false` when the import is not ours any more.
    async fn write(&self, import: &TakenImport, done: i32, rows: Rows) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        conn.transaction(async |tx: &mut Tx| {
            if !write::lock_import(tx, import.id, self.holder, done).await? {
                return Ok(false);
            }
            let good = count(rows.good.len());
            let rejected = count(rows.bad.len());
            write::reject_rows(tx, import.id, &rows.bad).await?;
            let account = import.account_id;
            let upserted =
                write::import_rows(tx, account, rows.good, import.on_duplicate, now).await?;
            let created = i32::try_from(upserted.created).unwrap_or(0);
            let updated = i32::try_from(upserted.updated).unwrap_or(0);
            let skipped = good - created - updated;
            let progress = Progress { created, updated, skipped, rejected };
            write::progress_import(tx, import.id, progress, now + LEASE).await?;
            let progressed = ContactsImportProgressed { account, import: import.id };
            outbox::enqueue(tx, &progressed, now).await?;
            Ok(true)
        })
        .await
    }

    async fn end(
        &self,
        import: &TakenImport,
        state: ImportState,
        failure: Option<&str>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        conn.transaction(async |tx: &mut Tx| {
            let of = (import.account_id, import.id);
            if write::end_import(tx, of, state, failure, now).await? {
                let (account, import) = of;
                let ended = ContactsImportProgressed { account, import };
                outbox::enqueue(tx, &ended, now).await?;
            }
            Ok(())
        })
        .await
    }

    async fn prune(&mut self) -> Result<(), StoreError> {
        let now = self.clock.now();
        if now - self.pruned_at < PRUNE_EVERY {
            return Ok(());
        }
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        write::prune_rejects(&mut conn, now - RETENTION).await?;
        self.pruned_at = now;
        Ok(())
    }
}

/// Rows of a file, judged.
#[derive(Default)]
struct Rows {
    good: Vec<GoodRow>,
    bad: Vec<BadRow>,
}

fn chunk(
    sheet: &mut Sheet,
    columns: &Columns,
    seen: &mut HashSet<PhoneNumber>,
    at_most: usize,
) -> Rows {
    let width = sheet.header.len();
    let mut rows = Rows::default();
    for _ in 0..at_most {
        let Some(row) = sheet.next() else { break };
        match row::judge(&row, columns, width, seen) {
            Ok(good) => rows.good.push(good),
            Err(reason) => {
                rows.bad.push(BadRow { line: row.line, reason, cells: row.cells() });
            }
        }
    }
    rows
}

fn count(rows: usize) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX)
}
