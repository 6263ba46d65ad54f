//! `/api/invitations/accept/{secret}`: what somebody does who was sent a link. Nobody is signed in yet;
//! the link is all that they have.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, get, post};
use chassis::api::{self, Failure, conn};
use domain::store::Tx;
use domain::store::conversations::words::Language;
use domain::store::gateway::{OpenInvitationRow, read, write};
use domain::{Role, UserId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{JsonBody, Problem};

use super::session::SessionView;
use super::sign_in::{Browser, is_from_here, signed_in};
use super::{said, wrong};
use crate::Gateway;
use crate::access::Secret;
use crate::gate::Asked;
use crate::password;

/// What one is invited to.
#[derive(Serialize, ToSchema)]
pub struct InvitationOffer {
    /// Who is invited.
    #[schema(example = "luis@example.mx")]
    email: String,
    /// Their name; empty where it is not known.
    #[schema(example = "Luis Ortega")]
    name: String,
    /// What they will be.
    #[schema(value_type = Role)]
    role: String,
    /// In which account.
    #[schema(example = "Muebles La Esperanza")]
    account_name: String,
    /// Its language.
    #[schema(value_type = Language)]
    language: String,
}

/// How one accepts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Luis Ortega", "password": "correct horse battery"}))]
pub struct Acceptance {
    /// One's name.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    name: String,
    /// One's password.
    #[schema(value_type = String, min_length = 10, max_length = 200)]
    password: SecretString,
}

/// What a link invites to
///
/// 404 `no-such-invitation` for one that was used, taken back or is too old.
#[utoipa::path(
    tag = "people",
    params(("secret" = String, Path, description = "The end of the link.")),
    responses((status = OK, body = InvitationOffer))
)]
#[get("/api/invitations/accept/{secret}")]
pub async fn get_invitation(
    secret: Path<String>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let (_, row) = open(&secret, &gateway).await?;
    Ok(HttpResponse::Ok().json(InvitationOffer {
        email: row.email,
        name: row.name,
        role: row.role,
        account_name: row.account_name,
        language: row.language,
    }))
}

/// Accept an invitation
///
/// Makes the person and signs them in. An `Idempotency-Key` makes no difference: the link is good once.
#[utoipa::path(
    tag = "people",
    params(("secret" = String, Path, description = "The end of the link.")),
    request_body = Acceptance,
    responses((status = CREATED, body = SessionView), (status = CONFLICT))
)]
#[post("/api/invitations/accept/{secret}")]
pub async fn accept_invitation(
    request: HttpRequest,
    secret: Path<String>,
    body: JsonBody<Acceptance>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let Acceptance { name, password } = body.0;
    is_from_here(&request, &gateway)?;
    let name = said("name", &name, 200)?;
    password::check(&password).map_err(|unfit| wrong("password", unfit.code()))?;
    // First a look, so that only who holds a link makes us hash.
    let (link, invited) = open(&secret, &gateway).await?;
    let role: Role = invited.role.parse().map_err(Problem::internal)?;
    let hash = gateway.hasher.hash(password).await?;
    let (browser, now) = (Browser::of(&request, &gateway), gateway.clock.now());
    let (user, session): (UserId, Secret) = api::write(&gateway.pool, async |tx: &mut Tx| {
        if write::accept_invitation(tx, &link.hash(), now).await?.is_none() {
            return Err(gone());
        }
        let (account, email) = (invited.account_id, &invited.email);
        let user = write::create_user(tx, account, email, name, role, Some(&hash)).await?;
        let user = user.ok_or_else(|| Problem::conflict("email-taken"))?;
        Ok((user, browser.begin_session(tx, user, now).await?))
    })
    .await?;
    if let Some(route) = request.extensions().get::<Asked>().map(|asked| asked.route) {
        let (account, action) = (invited.account_id, "invitations:accept");
        let mut line = gateway.ledger.line(account, Some(user), action, route, StatusCode::CREATED);
        line.resource_id = Some(invited.id.to_string());
        gateway.ledger.write_later(line);
    }
    signed_in(&gateway, &session, StatusCode::CREATED).await
}

async fn open(secret: &str, gateway: &Gateway) -> Result<(Secret, OpenInvitationRow), Failure> {
    let secret = Secret::parse(secret).ok_or_else(gone)?;
    let mut conn = conn(&gateway.pool).await?;
    let row = read::open_invitation(&mut conn, &secret.hash(), gateway.clock.now()).await?;
    Ok((secret, row.ok_or_else(gone)?))
}

fn gone() -> Failure {
    Problem::not_found("no-such-invitation").into()
}
