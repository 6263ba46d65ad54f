//! Files of contacts that are read in.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Bytes, BytesMut, Data, Json, Path, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chassis::api::{self, Failure, once};
use domain::ImportId;
use domain::store::Tx;
use domain::store::conversations::read;
use domain::store::conversations::views::{ImportView, import_view, import_views};
use domain::store::conversations::words::{ImportState, OnDuplicate};
use domain::store::conversations::write::{self, NewImport};
use events::ContactsImportProgressed;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::body::{Once, Params, Post};
use web::problem::ProblemDocument;
use web::{Identity, Problem};

use super::export::{MARK, file};
use super::fields::{ColumnName, File, FileName};
use super::{Api, NoQuery};
use crate::import::survey;
use crate::spreadsheet::line;

/// The largest file.
const LARGEST: usize = 16 * 1024 * 1024;
/// The most imports of an account that have not ended.
const MOST_UNFINISHED: i64 = 2;
/// How many are listed.
const LATEST: i64 = 50;

/// How to read the file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct How {
    /// What the file is called.
    #[param(value_type = FileName)]
    file_name: FileName,
    /// The column of numbers, as the file's first line names it.
    #[param(value_type = ColumnName)]
    phone_column: ColumnName,
    /// The column of names.
    #[param(value_type = ColumnName, required = false)]
    name_column: Option<ColumnName>,
    /// The column of languages: `es` or `en`.
    #[param(value_type = ColumnName, required = false)]
    language_column: Option<ColumnName>,
    /// What becomes of a contact that is there already; `update` unless set.
    #[param(value_type = OnDuplicate, required = false)]
    on_duplicate: Option<OnDuplicate>,
}

/// Sends a file of contacts to be read in: at most 16 MiB and 200000 rows, in UTF-8 or Windows-1252,
/// separated by commas, semicolons or tabs. What cannot be read is answered with an import that has
/// failed, and why.
#[utoipa::path(
    post, path = "/api/contacts/imports", tag = "contacts", params(How),
    request_body(content = File, content_type = "text/csv"),
    responses(
        (status = 202, description = "It waits to be read", body = ImportView),
        (status = 409, description = "`too-many-imports`: two of the account have not ended", body = ProblemDocument<'_>, content_type = "application/problem+json"),
        (status = 413, description = "`file-too-large`", body = ProblemDocument<'_>, content_type = "application/problem+json"),
    )
)]
#[post("/api/contacts/imports")]
pub(crate) async fn start_import(
    api: Data<Api>,
    identity: Identity,
    Params(how): Params<How>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    if !is_csv(&request) {
        return Err(Problem::unsupported_media_type().into());
    }
    let body = read_whole(payload).await?;
    let key = Once::of(&request, &body)?;
    let (phone, name, language) =
        (how.phone_column.as_str(), text(&how.name_column), text(&how.language_column));
    let surveyed = {
        let (body, phone) = (body.clone(), phone.to_owned());
        let (name, language) = (name.map(str::to_owned), language.map(str::to_owned));
        let look = move || survey(&body, &phone, name.as_deref(), language.as_deref());
        tokio::task::spawn_blocking(look).await.map_err(Problem::internal)?
    };
    let now = api.now();
    let failure = surveyed.failure.map(|failure| failure.to_string());
    once(&api.pool, &identity, &key, now, StatusCode::ACCEPTED, async |tx: &mut Tx| {
        let unfinished = write::unfinished_imports(tx, identity.account).await?;
        if failure.is_none() && unfinished >= MOST_UNFINISHED {
            return Err(Problem::conflict("too-many-imports").into());
        }
        let import = NewImport {
            id: ImportId::generate(),
            account: identity.account,
            started_by: identity.user,
            file_name: how.file_name.as_str(),
            phone_column: phone,
            name_column: name,
            language_column: language,
            on_duplicate: how.on_duplicate.unwrap_or(OnDuplicate::Update),
            header: &surveyed.header,
            rows_total: i32::try_from(surveyed.rows).unwrap_or(i32::MAX),
            failure: failure.as_deref(),
        };
        write::create_import(tx, &import, &body, now).await?;
        view(tx, &identity, import.id).await
    })
    .await
}

fn text(column: &Option<ColumnName>) -> Option<&str> {
    column.as_ref().map(ColumnName::as_str)
}

fn is_csv(request: &HttpRequest) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("text/csv")
}

async fn read_whole(mut payload: Payload) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(|_| Problem::bad_request("malformed-request"))?;
        if body.len() + part.len() > LARGEST {
            return Err(Problem::too_large("file-too-large").into());
        }
        body.extend_from_slice(&part);
    }
    Ok(body.freeze())
}

async fn view(tx: &mut Tx, identity: &Identity, id: ImportId) -> Result<ImportView, Failure> {
    import_view(tx, identity.account, id).await?.ok_or_else(no_such_import)
}

fn no_such_import() -> Failure {
    Problem::not_found("no-such-import").into()
}

/// The latest imports.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Imports {
    /// Newest first; at most 50.
    items: Vec<ImportView>,
}

/// The latest imports, newest first.
#[utoipa::path(
    get, path = "/api/contacts/imports", tag = "contacts",
    responses((status = 200, description = "At most 50", body = Imports))
)]
#[get("/api/contacts/imports")]
pub(crate) async fn list_imports(
    api: Data<Api>,
    identity: Identity,
    _: NoQuery,
) -> Result<Json<Imports>, Failure> {
    let found = api::read(&api.pool, async |tx: &mut Tx| {
        Ok(import_views(tx, identity.account, LATEST).await?)
    });
    Ok(Json(Imports { items: found.await? }))
}

/// One import.
#[utoipa::path(
    get, path = "/api/contacts/imports/{id}", tag = "contacts",
    params(("id" = Uuid, Path, description = "The import")),
    responses((status = 200, description = "How far it is", body = ImportView))
)]
#[get("/api/contacts/imports/{id}")]
pub(crate) async fn get_import(
    api: Data<Api>,
    identity: Identity,
    id: Path<ImportId>,
    _: NoQuery,
) -> Result<Json<ImportView>, Failure> {
    let found = api::read(&api.pool, async |tx: &mut Tx| view(tx, &identity, *id).await);
    Ok(Json(found.await?))
}

/// Stops an import; what was read in stays. One that has ended stays as it is.
#[utoipa::path(
    post, path = "/api/contacts/imports/{id}/cancel", tag = "contacts",
    params(("id" = Uuid, Path, description = "The import")),
    responses((status = 200, description = "The import", body = ImportView))
)]
#[post("/api/contacts/imports/{id}/cancel")]
pub(crate) async fn cancel_import(
    api: Data<Api>,
    id: Path<ImportId>,
    _: NoQuery,
    post: Post<()>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, once: key, .. } = post;
    let (now, of) = (api.now(), (identity.account, *id));
    once(&api.pool, &identity, &key, now, StatusCode::OK, async |tx: &mut Tx| {
        if write::end_import(tx, of, ImportState::Cancelled, None, now).await? {
            let (account, import) = of;
            outbox::enqueue(tx, &ContactsImportProgressed { account, import }, now).await?;
        }
        view(tx, &identity, *id).await
    })
    .await
}

/// The rows that were not taken, as they were, each with its line and the reason: to be mended and sent
/// again. They are kept for 30 days.
#[utoipa::path(
    get, path = "/api/contacts/imports/{id}/rejected", tag = "contacts",
    params(("id" = Uuid, Path, description = "The import")),
    responses((status = 200, description = "The file", body = File, content_type = "text/csv"))
)]
#[get("/api/contacts/imports/{id}/rejected")]
pub(crate) async fn download_rejected_rows(
    api: Data<Api>,
    identity: Identity,
    id: Path<ImportId>,
    _: NoQuery,
) -> Result<HttpResponse, Failure> {
    let header = api::read(&api.pool, async |tx: &mut Tx| {
        read::import_header(tx, identity.account, *id).await?.ok_or_else(no_such_import)
    });
    let header: Vec<String> = serde_json::from_value(header.await?).unwrap_or_default();
    let width = header.len();
    let mut first = MARK.as_bytes().to_vec();
    first.extend(line(header.into_iter().chain(["line".to_owned(), "reason".to_owned()])));
    let rows = super::rejected::rows(api.pool.clone(), *id, width);
    let first = futures_util::stream::once(async move { Ok::<_, Failure>(Bytes::from(first)) });
    Ok(file("rejected.csv").streaming(first.chain(rows)))
}
