//! `/api/users`: the people of an account.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, patch};
use chassis::api::{self, Failure, conn};
use chrono::{DateTime, Utc};
use domain::store::Tx;
use domain::store::gateway::write::UserChange;
use domain::store::gateway::{UserRow, read, write};
use domain::{Role, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::page::window;
use web::{JsonBody, Params, Problem};

use super::said;
use crate::Gateway;
use crate::gate::Actor;

/// A window into the people.
#[derive(Serialize, ToSchema)]
pub struct UserPage {
    /// The first who came first.
    items: Vec<User>,
    /// How many there are.
    total: i64,
    /// When this was so.
    as_of: DateTime<Utc>,
}

/// A colleague.
#[derive(Serialize, ToSchema)]
pub struct User {
    /// Who.
    #[schema(value_type = Uuid)]
    id: UserId,
    /// E-mail address.
    #[schema(example = "omar@example.mx")]
    email: String,
    /// Name.
    #[schema(example = "Omar Rivas")]
    name: String,
    /// What they may do.
    #[schema(value_type = Role)]
    role: String,
    /// Whether they are kept out.
    disabled: bool,
    /// Whether they sign in with a code as well.
    second_factor: bool,
    /// Since when.
    created_at: DateTime<Utc>,
    /// When they were last here, to the minute.
    #[schema(required)]
    last_seen_at: Option<DateTime<Utc>>,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            role: row.role,
            disabled: row.disabled,
            second_factor: row.second_factor,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
        }
    }
}

/// Which part of the list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UserQuery {
    /// How many to pass over.
    #[param(minimum = 0, maximum = 2_147_483_647)]
    offset: Option<u32>,
    /// How many to give.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// What is to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "admin"}))]
pub struct UserPatch {
    /// A new name.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    #[serde(default)]
    name: Option<String>,
    /// A new role.
    #[serde(default)]
    role: Option<Role>,
    /// Kept out, or let in again.
    #[serde(default)]
    disabled: Option<bool>,
}

/// The people of the account
#[utoipa::path(tag = "people", params(UserQuery), responses((status = OK, body = UserPage)))]
#[get("/api/users")]
pub async fn list_users(
    actor: Actor,
    query: Params<UserQuery>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let window = window(query.0.offset, query.0.limit)?;
    let mut conn = conn(&gateway.pool).await?;
    let account = actor.0.row.account_id;
    let (rows, total) = read::users(&mut conn, account, window.offset, window.limit).await?;
    let items = rows.into_iter().map(User::from).collect();
    Ok(HttpResponse::Ok().json(UserPage { items, total, as_of: gateway.clock.now() }))
}

/// Change a colleague
///
/// Who is kept out is signed out at once. 403 `owners-only` when somebody else touches an owner or
/// makes one; 409 `last-owner` when none would be left.
#[utoipa::path(
    tag = "people",
    params(("id" = Uuid, Path, description = "The colleague.")),
    request_body = UserPatch,
    responses((status = OK, body = User), (status = CONFLICT))
)]
#[patch("/api/users/{id}")]
pub async fn change_user(
    actor: Actor,
    id: Path<UserId>,
    body: JsonBody<UserPatch>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let UserPatch { name, role, disabled } = body.0;
    let name = name.as_deref().map(|name| said("name", name, 200)).transpose()?;
    let change = UserChange { name, role, disabled };
    let work = async |tx: &mut Tx| apply(tx, &gateway, &actor, *id, change).await;
    let user = api::write(&gateway.pool, work).await?;
    gateway.callers.forget_all();
    Ok(HttpResponse::Ok().json(User::from(user)))
}

async fn apply(
    tx: &mut Tx,
    gateway: &Gateway,
    actor: &Actor,
    id: UserId,
    change: UserChange<'_>,
) -> Result<UserRow, Failure> {
    let (account, asks) = (actor.0.row.account_id, actor.0.identity.role);
    let owners = write::lock_owners(tx, account).await?;
    let no_such_user = || Problem::not_found("no-such-user");
    let before = read::user(tx, account, id).await?.ok_or_else(no_such_user)?;
    let touches_owner = before.role == Role::Owner.as_str() || change.role == Some(Role::Owner);
    if touches_owner && asks != Role::Owner {
        return Err(Problem::forbidden("owners-only").into());
    }
    let steps_down = change.role.is_some_and(|role| role != Role::Owner);
    let leaves = steps_down || change.disabled == Some(true);
    if leaves && owners.as_slice() == [id] {
        return Err(Problem::conflict("last-owner").into());
    }
    write::change_user(tx, account, id, change, gateway.clock.now()).await?;
    if change.disabled == Some(true) {
        write::withdraw_invitations_of(tx, id).await?;
    }
    Ok(read::user(tx, account, id).await?.ok_or_else(no_such_user)?)
}
