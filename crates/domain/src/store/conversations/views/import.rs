//! A file of contacts that is being read in, or was.

use chrono::{DateTime, Utc};
use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;

use super::Person;
use crate::store::conversations::words::ImportState;
use crate::store::stmt::stmt;
use crate::{AccountId, ImportId, UserId};

/// A file of contacts and what became of its rows: `created + updated + skipped + rejected` is
/// `rows_done`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Import)]
pub struct ImportView {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub id: ImportId,
    /// What the file is called.
    #[schema(example = "clientes.csv")]
    pub file_name: String,
    /// How far it is.
    pub state: ImportState,
    /// Rows of the file without its header.
    #[schema(minimum = 0)]
    pub rows_total: i32,
    /// Rows that were looked at.
    #[schema(minimum = 0)]
    pub rows_done: i32,
    /// Contacts that are new.
    #[schema(minimum = 0)]
    pub created: i32,
    /// Contacts that were there and are changed.
    #[schema(minimum = 0)]
    pub updated: i32,
    /// Contacts that were there and stay as they were.
    #[schema(minimum = 0)]
    pub skipped: i32,
    /// Rows that were not taken; they can be fetched with the reasons.
    #[schema(minimum = 0)]
    pub rejected: i32,
    /// Who sent it.
    #[schema(required)]
    pub started_by: Option<Person>,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// When it ended, well or not.
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
    /// Why it failed: `no-such-column`, `too-many-rows`, `not-text`, `empty-file`, `interrupted`.
    #[schema(required)]
    pub failure: Option<String>,
}

#[derive(diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: ImportId,
    #[diesel(sql_type = Text)]
    file_name: String,
    #[diesel(sql_type = Text)]
    state: ImportState,
    #[diesel(sql_type = Integer)]
    rows_total: i32,
    #[diesel(sql_type = Integer)]
    rows_done: i32,
    #[diesel(sql_type = Integer)]
    created: i32,
    #[diesel(sql_type = Integer)]
    updated: i32,
    #[diesel(sql_type = Integer)]
    skipped: i32,
    #[diesel(sql_type = Integer)]
    rejected: i32,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    person_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    person_name: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    finished_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    failure: Option<String>,
}

/// One import of an account.
pub async fn import_view(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: ImportId,
) -> QueryResult<Option<ImportView>> {
    let row: Option<Row> = stmt(
        "SELECT i.id, i.file_name, i.state, i.rows_total, i.rows_done, i.created, i.updated, i.skipped,
           i.rejected, u.id AS person_id, u.name AS person_name, i.created_at, i.finished_at, i.failure
         FROM contact_imports i LEFT JOIN users u ON u.id = i.started_by
         WHERE i.account_id = $1 AND i.id = $2",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(id)
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map(view))
}

/// The latest imports of an account, newest first.
pub async fn import_views(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    at_most: i64,
) -> QueryResult<Vec<ImportView>> {
    let rows: Vec<Row> = stmt(
        "SELECT i.id, i.file_name, i.state, i.rows_total, i.rows_done, i.created, i.updated, i.skipped,
           i.rejected, u.id AS person_id, u.name AS person_name, i.created_at, i.finished_at, i.failure
         FROM contact_imports i LEFT JOIN users u ON u.id = i.started_by
         WHERE i.account_id = $1 ORDER BY i.created_at DESC, i.id DESC LIMIT $2",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<BigInt, _>(at_most)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(view).collect())
}

fn view(row: Row) -> ImportView {
    ImportView {
        id: row.id,
        file_name: row.file_name,
        state: row.state,
        rows_total: row.rows_total,
        rows_done: row.rows_done,
        created: row.created,
        updated: row.updated,
        skipped: row.skipped,
        rejected: row.rejected,
        started_by: Person::of(row.person_id, row.person_name),
        created_at: row.created_at,
        finished_at: row.finished_at,
        failure: row.failure,
    }
}
