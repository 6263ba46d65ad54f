//! The document of the API, for programs and for people.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use web::Problem;

use crate::Gateway;
use crate::forward::Upstream;

/// The document of the API
///
/// OpenAPI 3.1: what every service serves, with who may ask it.
#[utoipa::path(
    tag = "documents",
    responses((status = OK, content_type = "application/json", body = Object))
)]
#[get("/api/openapi.json")]
pub async fn openapi_json(
    request: HttpRequest,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Problem> {
    let edition = gateway.documents.edition(&gateway, upstream(&request)?).await;
    Ok(HttpResponse::Ok().content_type("application/json").body(edition.json))
}

/// The same to read
#[utoipa::path(
    tag = "documents",
    responses((status = OK, content_type = "text/html", body = String))
)]
#[get("/api/docs")]
pub async fn docs(request: HttpRequest, gateway: Data<Gateway>) -> Result<HttpResponse, Problem> {
    let edition = gateway.documents.edition(&gateway, upstream(&request)?).await;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, gateway.documents.policy()))
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .body(edition.page))
}

fn upstream(request: &HttpRequest) -> Result<&Data<Upstream>, Problem> {
    request
        .app_data::<Data<Upstream>>()
        .ok_or_else(|| Problem::internal("a worker without connections"))
}
