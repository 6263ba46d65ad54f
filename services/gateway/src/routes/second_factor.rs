//! `/api/session/second-factor`: codes of an authenticator app.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, post};
use chassis::api::{Failure, conn, once};
use domain::store::Tx;
use domain::store::gateway::{read, write};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{JsonBody, Post, Problem};

use super::password::confirm;
use super::{REPLAYED, is_replayed, wrong};
use crate::Gateway;
use crate::access::totp::{self, Code, base32, otpauth_url, recovery_codes, step_of};
use crate::gate::Actor;

/// What an authenticator app needs.
#[derive(Serialize, ToSchema)]
pub struct SecondFactor {
    /// In base32, to be typed in.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    secret: String,
    /// The same for a QR code.
    #[schema(example = "otpauth://totp/Hilo:ana%40example.mx?secret=JBSWY3DPEHPK3PXP&issuer=Hilo")]
    otpauth_url: String,
}

/// The app's code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeShown {
    /// Six digits.
    #[schema(example = "287082", pattern = "^[0-9]{6}$")]
    code: String,
}

/// Codes for the day on which the telephone is lost.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Ten, each good once. Empty where this answer was given before: they are shown once.
    #[schema(max_items = 10, example = json!(["abcd-efgh-ijkl-mnop"]))]
    recovery_codes: Vec<String>,
}

/// The person's password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "correct horse battery"}))]
pub struct PasswordShown {
    /// The password.
    #[schema(value_type = String, max_length = 200)]
    password: SecretString,
}

/// Prepare a second factor
///
/// It is asked for once a code of it was confirmed; until then this may be repeated, and the secret of
/// the last time counts. 409 `second-factor-exists` when there is one.
#[utoipa::path(
    tag = "session",
    responses((status = CREATED, body = SecondFactor), (status = CONFLICT))
)]
#[post("/api/session/second-factor")]
pub async fn start_second_factor(
    actor: Actor,
    post: Post<()>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    actor.0.session()?;
    let (user, now, fresh) = (actor.0.row.user_id, gateway.clock.now(), totp::secret()?);
    let work = async |tx: &mut Tx| {
        if write::start_second_factor(tx, user, &fresh, now).await? {
            Ok(())
        } else {
            Err(Problem::conflict("second-factor-exists").into())
        }
    };
    let done =
        once(&gateway.pool, &post.identity, &post.once, now, StatusCode::CREATED, work).await?;
    // The secret is in its own table and nowhere else; who asks again is given what is there.
    let factor = read::second_factor(&mut *conn(&gateway.pool).await?, user).await?;
    let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_none()) else {
        return Err(Problem::conflict("second-factor-exists").into());
    };
    let (account, email) = (&actor.0.row.account_name, &actor.0.row.email);
    let mut response = HttpResponse::Created();
    if is_replayed(&done) {
        response.insert_header((REPLAYED, "true"));
    }
    Ok(response.json(SecondFactor {
        secret: base32(&factor.secret),
        otpauth_url: otpauth_url(&factor.secret, account, email),
    }))
}

/// Confirm the second factor
///
/// From then on a code is asked for at every sign-in. Answers with the recovery codes, once.
#[utoipa::path(
    tag = "session",
    request_body = CodeShown,
    responses((status = OK, body = RecoveryCodes), (status = CONFLICT))
)]
#[post("/api/session/second-factor/confirm")]
pub async fn confirm_second_factor(
    actor: Actor,
    post: Post<CodeShown>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    actor.0.session()?;
    let (user, now) = (actor.0.row.user_id, gateway.clock.now());
    let (shown, hashes) = recovery_codes()?;
    let code = post.body.code;
    let work = async |tx: &mut Tx| {
        let factor = read::second_factor(tx, user).await?;
        let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_none()) else {
            return Err(Problem::conflict("no-second-factor-to-confirm").into());
        };
        let step = match Code::read(&code) {
            Some(Code::Digits(digits)) => step_of(&factor.secret, &digits, now),
            Some(Code::Recovery(_)) | None => None,
        };
        let step = step.ok_or_else(|| wrong("code", "wrong-code"))?;
        if !write::confirm_second_factor(tx, user, step, hashes, now).await? {
            return Err(Problem::conflict("no-second-factor-to-confirm").into());
        }
        // Not the codes: what is answered again to the same key is kept in the clear.
        Ok(RecoveryCodes { recovery_codes: Vec::new() })
    };
    let done = once(&gateway.pool, &post.identity, &post.once, now, StatusCode::OK, work).await?;
    gateway.callers.forget_all();
    if is_replayed(&done) {
        return Ok(done);
    }
    Ok(HttpResponse::Ok().json(RecoveryCodes { recovery_codes: shown }))
}

/// Take the second factor away
///
/// Asks for the password once more; a wrong one is 422 with field `password`.
#[utoipa::path(
    tag = "session",
    request_body = PasswordShown,
    responses((status = NO_CONTENT))
)]
#[delete("/api/session/second-factor")]
pub async fn delete_second_factor(
    request: HttpRequest,
    actor: Actor,
    body: JsonBody<PasswordShown>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    actor.0.session()?;
    confirm(&request, &gateway, &actor.0, body.0.password, "password").await?;
    write::drop_second_factor(&mut *conn(&gateway.pool).await?, actor.0.row.user_id).await?;
    gateway.callers.forget_all();
    Ok(HttpResponse::NoContent().finish())
}
