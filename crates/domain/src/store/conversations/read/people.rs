//! Contacts one by one and as a file, and the rows of a file that were not taken.

use diesel::OptionalExtension;
use diesel::result::QueryResult;
use diesel::sql_types::{
    BigInt, Binary, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::store::stmt::stmt;
use crate::{AccountId, ContactId, ImportId, Timestamp};

#[derive(diesel::QueryableByName)]
struct ContactKey {
    #[diesel(sql_type = SqlUuid)]
    id: ContactId,
}

/// The contact of an account with this number.
pub async fn contact_by_number(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    phone_number: &str,
) -> QueryResult<Option<ContactId>> {
    let row: Option<ContactKey> =
        stmt("SELECT id FROM contacts WHERE account_id = $1 AND phone_number = $2")
            .bind::<SqlUuid, _>(account)
            .bind::<Text, _>(phone_number)
            .get_result(conn)
            .await
            .optional()?;
    Ok(row.map(|row| row.id))
}

/// A contact as a line of a file.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct ExportRow {
    /// Their id.
    #[diesel(sql_type = SqlUuid)]
    pub id: ContactId,
    /// E.164.
    #[diesel(sql_type = Text)]
    pub phone_number: String,
    /// Empty when unknown.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// When it is known.
    #[diesel(sql_type = Nullable<Text>)]
    pub language: Option<String>,
    /// The provider's code, when it says that the number takes no texts.
    #[diesel(sql_type = Nullable<Integer>)]
    pub unreachable_code: Option<i32>,
    /// Since when they are to be left alone.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub opted_out_at: Option<Timestamp>,
    /// Our number that they see.
    #[diesel(sql_type = Nullable<Text>)]
    pub from_twilio_number: Option<String>,
    /// Since when we know them.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
}

/// An account's contacts after one of them, newest first: a file is written from as many of these as it
/// takes, and no statement lasts as long as the file.
pub async fn export_rows(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    after: Option<(Timestamp, ContactId)>,
    at_most: i64,
) -> QueryResult<Vec<ExportRow>> {
    let (at, id) = after.unzip();
    stmt(
        "SELECT p.id, p.phone_number, p.name, p.language, p.unreachable_code, o.opted_out_at,
           c.from_twilio_number, p.created_at
         FROM (SELECT * FROM contacts
               WHERE account_id = $1 AND (created_at, id) <
                 (COALESCE($2, 'infinity'::timestamptz), COALESCE($3, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
               ORDER BY created_at DESC, id DESC LIMIT $4) AS p
         LEFT JOIN user_conversations c ON c.to_number = p.phone_number AND c.account_id = p.account_id
         LEFT JOIN opt_outs o ON o.account_id = p.account_id AND o.phone_number = p.phone_number
           AND o.revoked_at IS NULL
         ORDER BY p.created_at DESC, p.id DESC",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Nullable<Timestamptz>, _>(at)
    .bind::<Nullable<SqlUuid>, _>(id)
    .bind::<BigInt, _>(at_most)
    .load(conn)
    .await
}

/// The file of an import, while it is being read.
pub async fn import_file(
    conn: &mut AsyncPgConnection,
    id: ImportId,
) -> QueryResult<Option<Vec<u8>>> {
    #[derive(diesel::QueryableByName)]
    struct File {
        #[diesel(sql_type = Binary)]
        body: Vec<u8>,
    }
    let file: Option<File> = stmt("SELECT body FROM contact_import_files WHERE import_id = $1")
        .bind::<SqlUuid, _>(id)
        .get_result(conn)
        .await
        .optional()?;
    Ok(file.map(|file| file.body))
}

/// The first line of an import's file, as a JSON array.
pub async fn import_header(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    id: ImportId,
) -> QueryResult<Option<serde_json::Value>> {
    #[derive(diesel::QueryableByName)]
    struct Header {
        #[diesel(sql_type = Jsonb)]
        header: serde_json::Value,
    }
    let row: Option<Header> =
        stmt("SELECT header FROM contact_imports WHERE id = $2 AND account_id = $1")
            .bind::<SqlUuid, _>(account)
            .bind::<SqlUuid, _>(id)
            .get_result(conn)
            .await
            .optional()?;
    Ok(row.map(|row| row.header))
}

/// A row that was not taken.
#[derive(Debug, Clone, diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct RejectedRow {
    /// Where it began in the file.
    #[diesel(sql_type = Integer)]
    pub line: i32,
    /// Why, as a code.
    #[diesel(sql_type = Text)]
    pub reason: String,
    /// Its cells, a JSON array.
    #[diesel(sql_type = Jsonb)]
    pub cells: serde_json::Value,
}

/// Rows of an import that were not taken, after a line of the file.
pub async fn rejected_rows(
    conn: &mut AsyncPgConnection,
    id: ImportId,
    after_line: i32,
    at_most: i64,
) -> QueryResult<Vec<RejectedRow>> {
    stmt(
        "SELECT line, reason, cells FROM contact_import_rejects WHERE import_id = $1 AND line > $2
         ORDER BY line LIMIT $3",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Integer, _>(after_line)
    .bind::<BigInt, _>(at_most)
    .load(conn)
    .await
}
