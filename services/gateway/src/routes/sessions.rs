//! `/api/sessions`: the browsers in which one is signed in.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get};
use chassis::api::{Failure, conn};
use chrono::{DateTime, Utc};
use domain::SessionId;
use domain::store::gateway::{Credential, SessionRow, read, write};
use serde::Serialize;
use utoipa::ToSchema;
use web::Problem;

use crate::Gateway;
use crate::access::idle_since;
use crate::gate::Actor;

/// One's sessions.
#[derive(Serialize, ToSchema)]
pub struct SessionList {
    /// The latest used first, at most 50.
    items: Vec<UserSession>,
}

/// A browser in which one is signed in.
#[derive(Serialize, ToSchema)]
pub struct UserSession {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: SessionId,
    /// Whether it is this one.
    current: bool,
    /// When one signed in.
    created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    last_seen_at: DateTime<Utc>,
    /// What the browser calls itself.
    #[schema(example = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")]
    user_agent: String,
    /// From where one signed in.
    #[schema(example = "203.0.113.7")]
    address: String,
}

impl UserSession {
    fn of(row: SessionRow, asks: Credential) -> Self {
        Self {
            id: row.id,
            current: asks == Credential::Session(row.id),
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            user_agent: row.user_agent,
            address: row.address,
        }
    }
}

/// Where one is signed in
#[utoipa::path(tag = "session", responses((status = OK, body = SessionList)))]
#[get("/api/sessions")]
pub async fn list_sessions(actor: Actor, gateway: Data<Gateway>) -> Result<HttpResponse, Failure> {
    let now = gateway.clock.now();
    let mut conn = conn(&gateway.pool).await?;
    let rows = read::sessions(&mut conn, actor.0.row.user_id, now, idle_since(now)).await?;
    let items = rows.into_iter().map(|row| UserSession::of(row, actor.0.credential)).collect();
    Ok(HttpResponse::Ok().json(SessionList { items }))
}

/// Sign out everywhere else
#[utoipa::path(tag = "session", responses((status = NO_CONTENT)))]
#[delete("/api/sessions")]
pub async fn end_other_sessions(
    actor: Actor,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let session = actor.0.session()?;
    let mut conn = conn(&gateway.pool).await?;
    write::end_sessions(&mut conn, actor.0.row.user_id, Some(session)).await?;
    gateway.callers.forget_all();
    Ok(HttpResponse::NoContent().finish())
}

/// Sign out in one browser
#[utoipa::path(
    tag = "session",
    params(("id" = Uuid, Path, description = "The session.")),
    responses((status = NO_CONTENT))
)]
#[delete("/api/sessions/{id}")]
pub async fn end_session(
    actor: Actor,
    id: Path<SessionId>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    actor.0.session()?;
    let mut conn = conn(&gateway.pool).await?;
    if !write::end_session(&mut conn, actor.0.row.user_id, *id).await? {
        return Err(Problem::not_found("no-such-session").into());
    }
    gateway.callers.forget_all();
    Ok(HttpResponse::NoContent().finish())
}
