//! All contacts as a file, written while it is sent.

use actix_web::http::header::{CONTENT_DISPOSITION, CacheControl, CacheDirective};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, get};
use chassis::api::{self, Failure};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::store::conversations::read::{self, ExportRow};
use domain::store::{Pool, Tx};
use domain::{AccountId, ContactId};
use futures_util::stream::{self, Stream};
use web::Identity;

use super::fields::File;
use super::{Api, NoQuery};
use crate::spreadsheet::line;

/// Contacts a statement.
const CHUNK: i64 = 1_000;

const HEADER: [&str; 7] = [
    "phone_number",
    "name",
    "language",
    "unreachable_code",
    "opted_out_at",
    "from_twilio_number",
    "created_at",
];

/// Without it Excel takes UTF-8 for Windows-1252.
pub(super) const MARK: &str = "\u{feff}";

/// All contacts, newest first, as a file. Cells that a spreadsheet would take for a formula have a quote
/// before them.
#[utoipa::path(
    get, path = "/api/contacts/export", tag = "contacts",
    responses((status = 200, description = "The file", body = File, content_type = "text/csv"))
)]
#[get("/api/contacts/export")]
pub(crate) async fn export_contacts(
    api: Data<Api>,
    identity: Identity,
    _: NoQuery,
) -> Result<HttpResponse, Failure> {
    let header = format!("{MARK}{}", String::from_utf8_lossy(&line(HEADER)));
    let rows = pages(api.pool.clone(), identity.account);
    let first = stream::once(async move { Ok::<_, Failure>(Bytes::from(header)) });
    Ok(file("contacts.csv").streaming(stream::StreamExt::chain(first, rows)))
}

/// An answer that a browser saves.
pub(super) fn file(name: &str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header(CacheControl(vec![CacheDirective::NoStore]));
    response
}

fn pages(pool: Pool, account: AccountId) -> impl Stream<Item = Result<Bytes, Failure>> {
    stream::try_unfold(Some(None), move |after: Option<Option<(DateTime<Utc>, ContactId)>>| {
        let pool = pool.clone();
        async move {
            let Some(after) = after else { return Ok(None) };
            // A transaction a chunk: a file that is fetched slowly holds none open.
            let rows = api::read(&pool, async |tx: &mut Tx| {
                Ok(read::export_rows(tx, account, after, CHUNK).await?)
            })
            .await?;
            let Some(last) = rows.last() else { return Ok(None) };
            let next = Some((last.created_at, last.id));
            let bytes: Vec<u8> = rows.iter().flat_map(|row| line(cells(row))).collect();
            Ok(Some((Bytes::from(bytes), Some(next))))
        }
    })
}

fn cells(row: &ExportRow) -> [String; 7] {
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    [
        row.phone_number.clone(),
        row.name.clone(),
        row.language.clone().unwrap_or_default(),
        row.unreachable_code.map(|code| code.to_string()).unwrap_or_default(),
        row.opted_out_at.map(time).unwrap_or_default(),
        row.from_twilio_number.clone().unwrap_or_default(),
        time(row.created_at),
    ]
}
