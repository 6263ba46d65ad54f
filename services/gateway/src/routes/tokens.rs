//! `/api/tokens`: what one's programs sign in with.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use chassis::api::{Failure, conn, once};
use chrono::{DateTime, Utc};
use domain::TokenId;
use domain::store::Tx;
use domain::store::gateway::write::NewToken;
use domain::store::gateway::{TokenRow, read, write};
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use web::{Post, Problem};

use super::{is_replayed, said, wrong};
use crate::Gateway;
use crate::access::{Caller, Secret};
use crate::gate::Actor;
use crate::permit::Permission;

/// One's tokens.
#[derive(Serialize, ToSchema)]
pub struct TokenList {
    /// The newest first, at most 50.
    items: Vec<Token>,
}

/// A token.
#[derive(Clone, Serialize, ToSchema)]
pub struct Token {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: TokenId,
    /// What one calls it.
    #[schema(example = "Nightly report")]
    name: String,
    /// What it may do, as long as one may oneself.
    #[schema(example = json!(["conversations:read"]))]
    scopes: Vec<String>,
    /// Its beginning, to know it again by.
    #[schema(example = "hilo_Qx7Gm2k")]
    prefix: String,
    /// Since when.
    created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    #[schema(required)]
    last_used_at: Option<DateTime<Utc>>,
    /// Until when it is good.
    #[schema(required)]
    expires_at: Option<DateTime<Utc>>,
    /// The token: given once, in the answer that makes it.
    #[schema(required, example = "hilo_Qx7Gm2kW0dU1c3n8Jt5yB4rVfZ6aE9hLsPoKiMjNqXg")]
    token: Option<String>,
}

impl From<TokenRow> for Token {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            scopes: row.scopes,
            prefix: row.prefix,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            token: None,
        }
    }
}

/// A token to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewToken, example = json!({"name": "Nightly report", "scopes": ["conversations:read", "contacts:read"]}))]
pub struct TokenForm {
    /// What to call it.
    #[schema(min_length = 1, max_length = 80, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    name: String,
    /// What it may do: permissions that one has oneself.
    #[schema(value_type = Vec<Scope>, min_items = 1, max_items = 25)]
    scopes: Vec<String>,
    /// Until when it is good; without it, until it is revoked.
    #[serde(default)]
    expires_at: Option<DateTime<Utc>>,
}

/// A permission's name, as the document has it.
enum Scope {}

impl PartialSchema for Scope {
    fn schema() -> RefOr<Schema> {
        let names: Vec<&str> = Permission::all().map(Permission::as_str).collect();
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build().into()
    }
}

impl ToSchema for Scope {}

/// One's tokens
#[utoipa::path(tag = "session", responses((status = OK, body = TokenList)))]
#[get("/api/tokens")]
pub async fn list_tokens(actor: Actor, gateway: Data<Gateway>) -> Result<HttpResponse, Failure> {
    let mut conn = conn(&gateway.pool).await?;
    let rows = read::tokens(&mut conn, actor.0.row.user_id).await?;
    let items = rows.into_iter().map(Token::from).collect();
    Ok(HttpResponse::Ok().json(TokenList { items }))
}

/// Make a token
///
/// It is shown in this answer and never again. 409 `too-many-tokens` when one has 50.
#[utoipa::path(
    tag = "session",
    request_body = TokenForm,
    responses((status = CREATED, body = Token), (status = CONFLICT))
)]
#[post("/api/tokens")]
pub async fn create_token(
    actor: Actor,
    post: Post<TokenForm>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let (form, now) = (post.body, gateway.clock.now());
    let name = said("name", &form.name, 80)?;
    let scopes = granted(&form.scopes, &actor.0)?;
    if form.expires_at.is_some_and(|end| end <= now) {
        return Err(wrong("expires_at", "in-the-past"));
    }
    let secret = Secret::generate()?;
    let (token, prefix) = secret.token();
    let new = NewToken {
        id: TokenId::generate(),
        account: actor.0.row.account_id,
        user: actor.0.row.user_id,
        name,
        secret_hash: &secret.hash(),
        prefix: &prefix,
        scopes: &scopes,
        at: now,
        expires_at: form.expires_at,
    };
    let view = Token {
        id: new.id,
        name: name.to_owned(),
        scopes: scopes.clone(),
        prefix: prefix.clone(),
        created_at: now,
        last_used_at: None,
        expires_at: form.expires_at,
        // What is answered again to the same key is kept in the clear.
        token: None,
    };
    let work = async |tx: &mut Tx| {
        if write::create_token(tx, &new).await? {
            Ok(view.clone())
        } else {
            Err(Problem::conflict("too-many-tokens").into())
        }
    };
    let done =
        once(&gateway.pool, &post.identity, &post.once, now, StatusCode::CREATED, work).await?;
    if is_replayed(&done) {
        return Ok(done);
    }
    Ok(HttpResponse::Created().json(Token { token: Some(token), ..view }))
}

/// Revoke a token
#[utoipa::path(
    tag = "session",
    params(("id" = Uuid, Path, description = "The token.")),
    responses((status = NO_CONTENT))
)]
#[delete("/api/tokens/{id}")]
pub async fn delete_token(
    actor: Actor,
    id: Path<TokenId>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let mut conn = conn(&gateway.pool).await?;
    let now = gateway.clock.now();
    if !write::revoke_token(&mut conn, actor.0.row.user_id, *id, now).await? {
        return Err(Problem::not_found("no-such-token").into());
    }
    gateway.callers.forget_all();
    Ok(HttpResponse::NoContent().finish())
}

/// The scopes in order, each once. Who asks cannot give away what they do not have: a token that makes
/// tokens makes no stronger ones.
fn granted(scopes: &[String], caller: &Caller) -> Result<Vec<String>, Failure> {
    if scopes.is_empty() {
        return Err(wrong("scopes", "blank"));
    }
    if scopes.len() > Permission::all().count() {
        return Err(wrong("scopes", "too-long"));
    }
    let mut granted = Vec::with_capacity(scopes.len());
    for (index, scope) in scopes.iter().enumerate() {
        let path = format!("scopes[{index}]");
        let permission = Permission::from_name(scope);
        let permission = permission.ok_or_else(|| wrong(&path, "unknown-permission"))?;
        if !caller.rights.include(permission) {
            return Err(wrong(&path, "not-yours"));
        }
        granted.push(permission);
    }
    granted.sort();
    granted.dedup();
    Ok(granted.into_iter().map(|permission| permission.as_str().to_owned()).collect())
}
