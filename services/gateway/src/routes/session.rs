//! `/api/session`: who is signed in.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get};
use chassis::api::{Failure, conn};
use chrono::{DateTime, Utc};
use domain::store::conversations::words::Language;
use domain::store::gateway::write;
use domain::{AccountId, Role, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Gateway;
use crate::access::{Caller, LONGEST_SESSION, Secret};
use crate::gate::{Actor, COOKIE};

/// Who is signed in, and what they may do.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionView {
    /// Who.
    pub user: SessionUser,
    /// In which account.
    pub account: SessionAccount,
    /// To be sent as `x-csrf-token` with every request that changes something; a token needs none.
    #[schema(required)]
    pub csrf: Option<String>,
    /// What they may do: of the role or, with a token, no more than its scopes.
    #[schema(value_type = Vec<String>)]
    pub permissions: Vec<&'static str>,
    /// Whether texts reach nobody: the provider is simulated.
    pub sandbox: bool,
    /// Whether they sign in with a code as well.
    pub second_factor: bool,
    /// When they must sign in again, whatever happens.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub struct SessionUser {
    /// Who.
    #[schema(value_type = Uuid)]
    pub id: UserId,
    /// Their e-mail address.
    #[schema(example = "ana@example.mx")]
    pub email: String,
    /// Their name.
    #[schema(example = "Ana Ruiz")]
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// In which account.
#[derive(Serialize, ToSchema)]
pub struct SessionAccount {
    /// Which.
    #[schema(value_type = Uuid)]
    pub id: AccountId,
    /// Its name.
    #[schema(example = "Muebles La Esperanza")]
    pub name: String,
    /// IANA name of its business zone.
    #[schema(example = "America/Mexico_City")]
    pub time_zone: String,
    /// Its language.
    #[schema(value_type = Language)]
    pub language: String,
}

impl SessionView {
    /// As the caller sees it.
    pub fn of(gateway: &Gateway, caller: &Caller) -> Self {
        let row = &caller.row;
        Self {
            user: SessionUser {
                id: row.user_id,
                email: row.email.clone(),
                name: row.user_name.clone(),
                role: caller.identity.role,
            },
            account: SessionAccount {
                id: row.account_id,
                name: row.account_name.clone(),
                time_zone: row.time_zone.clone(),
                language: row.language.clone(),
            },
            csrf: caller.csrf.clone(),
            permissions: caller.rights.names(),
            sandbox: gateway.config.sandbox_url.is_some(),
            second_factor: row.second_factor,
            // A token's end is the token's, and said there.
            expires_at: row.expires_at.filter(|_| caller.csrf.is_some()),
        }
    }
}

/// The header that gives a browser its session.
pub fn set_cookie(secret: &Secret) -> (header::HeaderName, String) {
    let (text, age) = (secret.text(), LONGEST_SESSION.num_seconds());
    let value = format!("{COOKIE}={text}; Path=/; Max-Age={age}; Secure; HttpOnly; SameSite=Lax");
    (header::SET_COOKIE, value)
}

/// The header that takes it away.
fn drop_cookie() -> (header::HeaderName, String) {
    (header::SET_COOKIE, format!("{COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"))
}

/// Who is signed in
///
/// With a token: in whose name, and what it may do.
#[utoipa::path(tag = "session", responses((status = OK, body = SessionView)))]
#[get("/api/session")]
pub async fn get_session(actor: Actor, gateway: Data<Gateway>) -> HttpResponse {
    HttpResponse::Ok().json(SessionView::of(&gateway, &actor.0))
}

/// Sign out
///
/// Ends this session. A token has none: 403 `session-required`.
#[utoipa::path(tag = "session", responses((status = NO_CONTENT)))]
#[delete("/api/session")]
pub async fn sign_out(actor: Actor, gateway: Data<Gateway>) -> Result<HttpResponse, Failure> {
    let session = actor.0.session()?;
    let mut conn = conn(&gateway.pool).await?;
    write::end_session(&mut conn, actor.0.row.user_id, session).await?;
    gateway.callers.forget_all();
    Ok(HttpResponse::NoContent().insert_header(drop_cookie()).finish())
}
