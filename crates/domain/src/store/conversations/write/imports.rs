//! Files of contacts that are read in: chunk after chunk, by one process at a time, with the numbers
//! written in the transaction of the rows that they count.

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{
    BigInt, Binary, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use crate::store::conversations::words::{ImportState, OnDuplicate};
use crate::store::listen;
use crate::store::stmt::stmt;
use crate::{AccountId, ImportId, Timestamp, UserId};

/// A file that was sent.
#[derive(Debug, Clone)]
pub struct NewImport<'a> {
    /// Its id.
    pub id: ImportId,
    /// Whose.
    pub account: AccountId,
    /// Who sent it.
    pub started_by: UserId,
    /// What it is called.
    pub file_name: &'a str,
    /// The column of numbers.
    pub phone_column: &'a str,
    /// The column of names.
    pub name_column: Option<&'a str>,
    /// The column of languages.
    pub language_column: Option<&'a str>,
    /// What becomes of a contact that is there already.
    pub on_duplicate: OnDuplicate,
    /// The cells of its first line.
    pub header: &'a [String],
    /// Rows after that.
    pub rows_total: i32,
    /// Why it cannot be read at all, if so.
    pub failure: Option<&'a str>,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many imports of an account have not ended. Others that ask at once wait for this transaction,
/// so that a bound on the number holds.
pub async fn unfinished_imports(
    conn: &mut AsyncPgConnection,
    account: AccountId,
) -> QueryResult<i64> {
    stmt("SELECT pg_advisory_xact_lock(hashtextextended($1::text, 7318349394477058))")
        .bind::<SqlUuid, _>(account)
        .execute(conn)
        .await?;
    let row: Count = stmt(
        "SELECT count(*) AS count FROM contact_imports WHERE account_id = $1 AND state IN ('waiting', 'running')",
    )
    .bind::<SqlUuid, _>(account)
    .get_result(conn)
    .await?;
    Ok(row.count)
}

/// Keeps a file and wakes whoever reads it. One that cannot be read is only put on record.
pub async fn create_import(
    conn: &mut AsyncPgConnection,
    import: &NewImport<'_>,
    body: &[u8],
    now: Timestamp,
) -> QueryResult<()> {
    let state = if import.failure.is_some() { ImportState::Failed } else { ImportState::Waiting };
    stmt(
        "INSERT INTO contact_imports (id, account_id, file_name, phone_column, name_column, language_column,
           on_duplicate, state, header, rows_total, started_by, failure, created_at, finished_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
           CASE WHEN $8 = 'failed' THEN $13 END)",
    )
    .bind::<SqlUuid, _>(import.id)
    .bind::<SqlUuid, _>(import.account)
    .bind::<Text, _>(import.file_name)
    .bind::<Text, _>(import.phone_column)
    .bind::<Nullable<Text>, _>(import.name_column)
    .bind::<Nullable<Text>, _>(import.language_column)
    .bind::<Text, _>(import.on_duplicate.as_str())
    .bind::<Text, _>(state.as_str())
    .bind::<Jsonb, _>(serde_json::Value::from(import.header.to_vec()))
    .bind::<Integer, _>(import.rows_total)
    .bind::<SqlUuid, _>(import.started_by)
    .bind::<Nullable<Text>, _>(import.failure)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    if import.failure.is_some() {
        return Ok(());
    }
    stmt(
        "WITH kept AS (INSERT INTO contact_import_files (import_id, body) VALUES ($1, $2))
         SELECT pg_notify($3, '')",
    )
    .bind::<SqlUuid, _>(import.id)
    .bind::<Binary, _>(body)
    .bind::<Text, _>(listen::IMPORT)
    .execute(conn)
    .await
    .map(drop)
}

/// An import that is ours to read.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct TakenImport {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: ImportId,
    /// Whose.
    #[diesel(sql_type = SqlUuid)]
    pub account_id: AccountId,
    /// The column of numbers.
    #[diesel(sql_type = Text)]
    pub phone_column: String,
    /// The column of names.
    #[diesel(sql_type = Nullable<Text>)]
    pub name_column: Option<String>,
    /// The column of languages.
    #[diesel(sql_type = Nullable<Text>)]
    pub language_column: Option<String>,
    /// What becomes of a contact that is there already.
    #[diesel(sql_type = Text)]
    pub on_duplicate: OnDuplicate,
    /// Rows that were done before.
    #[diesel(sql_type = Integer)]
    pub rows_done: i32,
    /// How often it was begun since it last got any further.
    #[diesel(sql_type = SmallInt)]
    pub attempts: i16,
}

/// Takes the import that waits longest, or one whose reader has given no sign of life.
pub async fn take_import(
    conn: &mut AsyncPgConnection,
    holder: Uuid,
    now: Timestamp,
    lease_until: Timestamp,
) -> QueryResult<Option<TakenImport>> {
    stmt(
        "UPDATE contact_imports SET state = 'running', holder = $1, lease_until = $3, attempts = attempts + 1
         WHERE id = (SELECT id FROM contact_imports
           WHERE state IN ('waiting', 'running') AND (lease_until IS NULL OR lease_until < $2)
           ORDER BY created_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
         RETURNING id, account_id, phone_column, name_column, language_column, on_duplicate, rows_done, attempts",
    )
    .bind::<SqlUuid, _>(holder)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(lease_until)
    .get_result(conn)
    .await
    .optional()
}

/// Locks an import for a chunk; `false` when it is not ours any more, was cancelled, or is not where we
/// believe it to be.
pub async fn lock_import(
    conn: &mut AsyncPgConnection,
    id: ImportId,
    holder: Uuid,
    rows_done: i32,
) -> QueryResult<bool> {
    let locked = stmt(
        "SELECT 1 FROM contact_imports WHERE id = $1 AND holder = $2 AND state = 'running' AND rows_done = $3
         FOR NO KEY UPDATE",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(holder)
    .bind::<Integer, _>(rows_done)
    .execute(conn)
    .await?;
    Ok(locked == 1)
}

/// What became of a chunk's rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// New contacts.
    pub created: i32,
    /// Changed ones.
    pub updated: i32,
    /// Ones that stay as they were.
    pub skipped: i32,
    /// Rows not taken.
    pub rejected: i32,
}

/// Counts a chunk, in its transaction, and keeps the import ours for longer.
pub async fn progress_import(
    conn: &mut AsyncPgConnection,
    id: ImportId,
    chunk: Progress,
    lease_until: Timestamp,
) -> QueryResult<()> {
    stmt(
        "UPDATE contact_imports SET created = created + $2, updated = updated + $3, skipped = skipped + $4,
           rejected = rejected + $5, rows_done = rows_done + $2 + $3 + $4 + $5, lease_until = $6, attempts = 0
         WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Integer, _>(chunk.created)
    .bind::<Integer, _>(chunk.updated)
    .bind::<Integer, _>(chunk.skipped)
    .bind::<Integer, _>(chunk.rejected)
    .bind::<Timestamptz, _>(lease_until)
    .execute(conn)
    .await
    .map(drop)
}

/// Gives an import up for whoever comes next.
pub async fn release_import(
    conn: &mut AsyncPgConnection,
    id: ImportId,
    holder: Uuid,
) -> QueryResult<()> {
    stmt(
        "UPDATE contact_imports SET holder = NULL, lease_until = NULL, attempts = 0
         WHERE id = $1 AND holder = $2 AND state = 'running'",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(holder)
    .execute(conn)
    .await
    .map(drop)
}

/// Ends an import that goes on and forgets its file; `false` when it had ended, or was never there.
pub async fn end_import(
    conn: &mut AsyncPgConnection,
    (account, id): (AccountId, ImportId),
    state: ImportState,
    failure: Option<&str>,
    now: Timestamp,
) -> QueryResult<bool> {
    let ended = stmt(
        "WITH ended AS (
           UPDATE contact_imports SET state = $3, failure = $4, finished_at = $5, holder = NULL, lease_until = NULL
           WHERE id = $2 AND account_id = $1 AND state IN ('waiting', 'running') RETURNING id),
         forgotten AS (DELETE FROM contact_import_files f USING ended WHERE f.import_id = ended.id)
         SELECT 1 FROM ended",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(state.as_str())
    .bind::<Nullable<Text>, _>(failure)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(ended == 1)
}

/// Forgets the rejected rows of imports that ended before; returns how many rows went.
pub async fn prune_rejects(conn: &mut AsyncPgConnection, before: Timestamp) -> QueryResult<usize> {
    stmt(
        "DELETE FROM contact_import_rejects r USING contact_imports i
         WHERE i.id = r.import_id AND i.finished_at < $1",
    )
    .bind::<Timestamptz, _>(before)
    .execute(conn)
    .await
}
