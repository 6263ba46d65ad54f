//! The account's labels.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, delete, get, patch, post};
use chassis::api::{self, Failure, once};
use domain::LabelId;
use domain::store::conversations::views::{LabelView, labels};
use domain::store::conversations::words::Color;
use domain::store::conversations::write;
use domain::store::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::body::{JsonBody, Post};
use web::problem::ProblemDocument;
use web::{Identity, Problem};

use super::fields::LabelName;
use super::{Api, NoQuery};

/// The most labels of an account; more are no order but a new disorder.
const MOST: usize = 200;

/// The account's labels.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Labels {
    /// By name; at most 200.
    items: Vec<LabelView>,
}

/// The account's labels, by name.
#[utoipa::path(
    get, path = "/api/labels", tag = "labels",
    responses((status = 200, description = "By name", body = Labels))
)]
#[get("/api/labels")]
pub(crate) async fn list_labels(
    api: Data<Api>,
    identity: Identity,
    _: NoQuery,
) -> Result<Json<Labels>, Failure> {
    let found = api::read(&api.pool, async |tx: &mut Tx| Ok(labels(tx, identity.account).await?));
    Ok(Json(Labels { items: found.await? }))
}

/// A label.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLabel {
    name: LabelName,
    color: Color,
}

/// Makes a label.
#[utoipa::path(
    post, path = "/api/labels", tag = "labels",
    request_body = NewLabel,
    responses(
        (status = 201, description = "The label", body = LabelView),
        (status = 409, description = "`label-exists`, or `too-many-labels` beyond 200", body = ProblemDocument<'_>, content_type = "application/problem+json"),
    )
)]
#[post("/api/labels")]
pub(crate) async fn create_label(
    api: Data<Api>,
    _: NoQuery,
    post: Post<NewLabel>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, body: new, once: key } = post;
    let now = api.now();
    once(&api.pool, &identity, &key, now, StatusCode::CREATED, async |tx: &mut Tx| {
        let name = new.name.as_str().trim();
        if labels(tx, identity.account).await?.len() >= MOST {
            return Err(Problem::conflict("too-many-labels").into());
        }
        let id = LabelId::generate();
        if !write::create_label(tx, id, identity.account, (name, new.color), now).await? {
            return Err(exists());
        }
        Ok(LabelView { id, name: name.to_owned(), color: new.color })
    })
    .await
}

/// What changes about a label.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LabelEdit {
    name: Option<LabelName>,
    color: Option<Color>,
}

/// Renames or recolours a label.
#[utoipa::path(
    patch, path = "/api/labels/{id}", tag = "labels",
    params(("id" = Uuid, Path, description = "The label")),
    request_body = LabelEdit,
    responses(
        (status = 200, description = "The label", body = LabelView),
        (status = 409, description = "`label-exists`", body = ProblemDocument<'_>, content_type = "application/problem+json"),
    )
)]
#[patch("/api/labels/{id}")]
pub(crate) async fn edit_label(
    api: Data<Api>,
    identity: Identity,
    id: Path<LabelId>,
    _: NoQuery,
    JsonBody(new): JsonBody<LabelEdit>,
) -> Result<Json<LabelView>, Failure> {
    let edited = api::write(&api.pool, async |tx: &mut Tx| {
        let change = (new.name.as_ref().map(|name| name.as_str().trim()), new.color);
        let edited = write::edit_label(tx, identity.account, *id, change).await;
        match edited.map_err(StoreError::from) {
            Ok(true) => {}
            Ok(false) => return Err(no_such_label()),
            Err(error) if error.is_unique_violation() => return Err(exists()),
            Err(error) => return Err(error.into()),
        }
        let mut all = labels(tx, identity.account).await?.into_iter();
        all.find(|label| label.id == *id).ok_or_else(no_such_label)
    });
    Ok(Json(edited.await?))
}

/// Takes a label away, also from every conversation.
#[utoipa::path(
    delete, path = "/api/labels/{id}", tag = "labels",
    params(("id" = Uuid, Path, description = "The label")),
    responses((status = 204, description = "It is gone"))
)]
#[delete("/api/labels/{id}")]
pub(crate) async fn delete_label(
    api: Data<Api>,
    identity: Identity,
    id: Path<LabelId>,
    _: NoQuery,
) -> Result<HttpResponse, Failure> {
    let deleted = api::write(&api.pool, async |tx: &mut Tx| {
        Ok(write::delete_label(tx, identity.account, *id).await?)
    });
    if !deleted.await? {
        return Err(no_such_label());
    }
    Ok(HttpResponse::NoContent().finish())
}

fn exists() -> Failure {
    Problem::conflict("label-exists").field("name", "label-exists").into()
}

fn no_such_label() -> Failure {
    Problem::not_found("no-such-label").into()
}
