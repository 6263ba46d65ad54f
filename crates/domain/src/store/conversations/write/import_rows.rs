//! The rows of a file of contacts, a chunk in a statement.

use diesel::result::QueryResult;
use diesel::sql_types::{
    Array, BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::store::conversations::words::{Language, OnDuplicate};
use crate::store::stmt::stmt;
use crate::{AccountId, ContactId, ImportId, PhoneNumber, Timestamp};

/// A row that can be taken.
#[derive(Debug, Clone)]
pub struct GoodRow {
    /// Canonical.
    pub phone: PhoneNumber,
    /// As it stood in the file.
    pub raw: String,
    /// Empty when the file has none.
    pub name: String,
    /// When the file has one.
    pub language: Option<Language>,
}

/// How many of a chunk's contacts were new, and how many were changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Upserted {
    /// New.
    #[diesel(sql_type = BigInt)]
    pub created: i64,
    /// Changed.
    #[diesel(sql_type = BigInt)]
    pub updated: i64,
}

/// Writes a chunk's contacts; no number may be in it twice. Sorted by number, so that two chunks can't
/// wait for each other.
pub async fn import_rows(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    mut rows: Vec<GoodRow>,
    on_duplicate: OnDuplicate,
    now: Timestamp,
) -> QueryResult<Upserted> {
    rows.sort_by(|a, b| a.phone.cmp(&b.phone));
    let ids: Vec<ContactId> = rows.iter().map(|_| ContactId::generate()).collect();
    let phones: Vec<&str> = rows.iter().map(|row| row.phone.as_e164()).collect();
    let raws: Vec<&str> = rows.iter().map(|row| row.raw.as_str()).collect();
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let languages: Vec<Option<&str>> =
        rows.iter().map(|row| row.language.map(Language::as_str)).collect();
    stmt(
        "WITH done AS (
           INSERT INTO contacts AS p (id, account_id, phone_number, phone_raw, name, language, created_at)
           SELECT u.id, $1, u.phone, u.raw, u.name, u.language, $7
           FROM unnest($2, $3, $4, $5, $6) AS u (id, phone, raw, name, language)
           ON CONFLICT (account_id, phone_number) DO UPDATE SET
             name = CASE WHEN EXCLUDED.name <> '' THEN EXCLUDED.name ELSE p.name END,
             language = COALESCE(EXCLUDED.language, p.language)
           WHERE $8 AND ((EXCLUDED.name <> '' AND EXCLUDED.name <> p.name)
             OR (EXCLUDED.language IS NOT NULL AND EXCLUDED.language IS DISTINCT FROM p.language))
           RETURNING (xmax = 0) AS is_new)
         SELECT count(*) FILTER (WHERE is_new) AS created, count(*) FILTER (WHERE NOT is_new) AS updated
         FROM done",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Text>, _>(phones)
    .bind::<Array<Text>, _>(raws)
    .bind::<Array<Text>, _>(names)
    .bind::<Array<Nullable<Text>>, _>(languages)
    .bind::<Timestamptz, _>(now)
    .bind::<Bool, _>(on_duplicate == OnDuplicate::Update)
    .get_result(conn)
    .await
}

/// A row that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Where it begins in the file.
    pub line: i32,
    /// Why, as a code.
    pub reason: &'static str,
    /// Its cells as they were.
    pub cells: Vec<String>,
}

/// Keeps rows that were not taken.
pub async fn reject_rows(
    conn: &mut AsyncPgConnection,
    id: ImportId,
    rows: &[BadRow],
) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let lines: Vec<i32> = rows.iter().map(|row| row.line).collect();
    let reasons: Vec<&str> = rows.iter().map(|row| row.reason).collect();
    let cells: Vec<serde_json::Value> =
        rows.iter().map(|row| serde_json::Value::from(row.cells.clone())).collect();
    stmt(
        "INSERT INTO contact_import_rejects (import_id, line, reason, cells)
         SELECT $1, * FROM unnest($2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Array<Integer>, _>(lines)
    .bind::<Array<Text>, _>(reasons)
    .bind::<Array<Jsonb>, _>(cells)
    .execute(conn)
    .await
    .map(drop)
}
