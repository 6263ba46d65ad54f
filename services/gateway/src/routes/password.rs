//! `/api/session/password`.

use actix_web::http::header::HeaderName;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, put};
use chassis::api::{self, Failure, conn};
use domain::store::Tx;
use domain::store::gateway::{read, write};
use domain::{EmailAddress, UserId};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{JsonBody, Problem};

use super::session::set_cookie;
use super::wrong;
use crate::Gateway;
use crate::access::throttle::Attempt;
use crate::access::{Caller, Secret, address};
use crate::gate::Actor;
use crate::password;

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current": "correct horse battery", "new": "staple battery horse"}))]
pub struct PasswordChange {
    /// The one before.
    #[schema(value_type = String, max_length = 200)]
    current: SecretString,
    /// The one from now on.
    #[schema(value_type = String, min_length = 10, max_length = 200)]
    new: SecretString,
}

const CSRF: HeaderName = HeaderName::from_static("x-csrf-token");

/// Change one's password
///
/// All other sessions end. This one goes on with a new cookie, and with the `x-csrf-token` that the
/// answer carries. A wrong current password is 422 with field `current`.
#[utoipa::path(
    tag = "session",
    request_body = PasswordChange,
    responses((status = NO_CONTENT, headers(("x-csrf-token" = String, description = "From now on."))))
)]
#[put("/api/session/password")]
pub async fn change_password(
    request: HttpRequest,
    actor: Actor,
    body: JsonBody<PasswordChange>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let PasswordChange { current, new } = body.0;
    let session = actor.0.session()?;
    password::check(&new).map_err(|unfit| wrong("new", unfit.code()))?;
    confirm(&request, &gateway, &actor.0, current, "current").await?;
    let hash = gateway.hasher.hash(new).await?;
    let (user, secret): (UserId, _) = (actor.0.row.user_id, Secret::generate()?);
    api::write(&gateway.pool, async |tx: &mut Tx| {
        write::set_password(tx, user, &hash).await?;
        write::end_sessions(tx, user, Some(session)).await?;
        write::renew_session(tx, session, &secret.hash()).await?;
        Ok(())
    })
    .await?;
    gateway.callers.forget_all();
    let mut response = HttpResponse::NoContent();
    Ok(response.insert_header(set_cookie(&secret)).insert_header((CSRF, secret.csrf())).finish())
}

/// Asks for the password once more. Who sits down at somebody's open browser may guess as often as who
/// signs in.
pub async fn confirm(
    request: &HttpRequest,
    gateway: &Gateway,
    caller: &Caller,
    password: SecretString,
    field: &str,
) -> Result<(), Failure> {
    if password::check(&password) == Err(password::Unfit::TooLong) {
        return Err(wrong(field, password::Unfit::TooLong.code()));
    }
    let email = EmailAddress::parse(&caller.row.email).map_err(Problem::internal)?;
    let trusted = gateway.config.trusted_proxies;
    let address = address::client(request.peer_addr(), request.headers(), trusted);
    let (user, now) = (caller.row.user_id, gateway.clock.now());
    let (attempt, hash) = {
        let mut conn = conn(&gateway.pool).await?;
        let attempt = Attempt::begin(&mut conn, &email, address, now).await?;
        (attempt, read::password_hash(&mut conn, user).await?)
    };
    if !gateway.hasher.verify(password, hash).await? {
        return Err(wrong(field, "wrong-password"));
    }
    attempt.forgive(&mut *conn(&gateway.pool).await?).await
}
