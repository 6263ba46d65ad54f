//! `/api/audit`: who changed what.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chassis::api::{Failure, conn};
use chrono::{DateTime, Utc};
use domain::UserId;
use domain::store::conversations::views::Person;
use domain::store::gateway::read::AuditFilter;
use domain::store::gateway::{AuditRow, read};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::page::window;
use web::{Params, Problem};

use crate::Gateway;
use crate::gate::Actor;

/// A window into the log.
#[derive(Serialize, ToSchema)]
pub struct AuditPage {
    /// The newest first.
    items: Vec<AuditEntry>,
    /// How many there are.
    total: i64,
    /// When this was so.
    as_of: DateTime<Utc>,
}

/// Something that somebody did, or was not allowed to do.
#[derive(Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its id.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// Who.
    #[schema(required)]
    user: Option<Person>,
    /// The permission that it needed, or `session:sign-in`, `session:refused`, `invitations:accept`.
    #[schema(example = "contacts:write")]
    action: String,
    /// HTTP method.
    #[schema(example = "PATCH")]
    method: String,
    /// The route.
    #[schema(example = "/api/contacts/{id}")]
    path: String,
    /// The innermost id of the path.
    #[schema(required)]
    resource_id: Option<String>,
    /// HTTP status of the answer.
    #[schema(example = 200)]
    status: i16,
    /// The id of the request, as its answer carried it.
    request_id: String,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        let user = row.user_id.zip(row.user_name);
        Self {
            id: row.id,
            at: row.at,
            user: user.map(|(id, name)| Person { id, name }),
            action: row.action,
            method: row.method,
            path: row.path,
            resource_id: row.resource_id,
            status: row.status,
            request_id: row.request_id,
        }
    }
}

/// Which lines.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// How many to pass over.
    #[param(minimum = 0, maximum = 2_147_483_647)]
    offset: Option<u32>,
    /// How many to give.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Of this person.
    #[param(value_type = Option<Uuid>)]
    user_id: Option<UserId>,
    /// Of this permission.
    #[param(max_length = 60)]
    action: Option<String>,
}

/// More than the longest action has.
const LONGEST_ACTION: usize = 60;

/// Who changed what
///
/// Every write that somebody who was signed in asked for, granted or refused, and every sign-in. Never
/// what was written.
#[utoipa::path(tag = "account", params(AuditQuery), responses((status = OK, body = AuditPage)))]
#[get("/api/audit")]
pub async fn list_audit(
    actor: Actor,
    query: Params<AuditQuery>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let AuditQuery { offset, limit, user_id, action } = query.0;
    if action.as_ref().is_some_and(|action| action.chars().count() > LONGEST_ACTION) {
        return Err(Problem::bad_request("malformed-query").field("action", "too-long").into());
    }
    let window = window(offset, limit)?;
    let filter = AuditFilter {
        user: user_id,
        action: action.as_deref(),
        offset: window.offset,
        limit: window.limit,
    };
    let mut conn = conn(&gateway.pool).await?;
    let (rows, total) = read::audit(&mut conn, actor.0.row.account_id, filter).await?;
    let items = rows.into_iter().map(AuditEntry::from).collect();
    Ok(HttpResponse::Ok().json(AuditPage { items, total, as_of: gateway.clock.now() }))
}
