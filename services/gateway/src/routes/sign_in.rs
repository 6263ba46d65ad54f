//! `POST /api/session`: an e-mail address, a password and, where there is one, a second factor. Who has
//! no account, a wrong password or is kept out gets the same answer after the same work.

use std::net::IpAddr;

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, post};
use chassis::api::{self, Failure, conn};
use domain::store::Tx;
use domain::store::gateway::write::NewSession;
use domain::store::gateway::{LoginRow, read, write};
use domain::{EmailAddress, SessionId, Timestamp, UserId};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{JsonBody, Problem};

use super::session::{SessionView, set_cookie};
use super::wrong;
use crate::Gateway;
use crate::access::throttle::Attempt;
use crate::access::totp::{Code, step_of};
use crate::access::{LONGEST_SESSION, Secret, address};
use crate::gate::{Asked, session_secret};
use crate::password::{self, Unfit};

/// Who wants in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ana@example.mx", "password": "correct horse battery"}))]
pub struct SignIn {
    /// E-mail address; capital letters make no difference.
    #[schema(max_length = 254, format = "email")]
    email: String,
    /// Password.
    #[schema(value_type = String, max_length = 200)]
    password: SecretString,
    /// Six digits of the authenticator app, or a recovery code. Asked for by 401
    /// `second-factor-required`.
    #[serde(default)]
    code: Option<String>,
}

/// What a browser says of itself is kept up to here.
const USER_AGENT: usize = 200;

/// Sign in
///
/// Opens a session and sets its cookie. Answers 401 `wrong-credentials`, `second-factor-required` or
/// `wrong-code`, and 429 `too-many-attempts` after five failures in a quarter of an hour. An
/// `Idempotency-Key` makes no difference: every sign-in is a session of its own, and its secret is
/// kept nowhere to be given out again.
#[utoipa::path(tag = "session", request_body = SignIn, responses((status = OK, body = SessionView)))]
#[post("/api/session")]
pub async fn sign_in(
    request: HttpRequest,
    body: JsonBody<SignIn>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let SignIn { email, password, code } = body.0;
    is_from_here(&request, &gateway)?;
    let email = EmailAddress::parse(&email).map_err(|_| wrong("email", "not-an-email-address"))?;
    if password::check(&password) == Err(Unfit::TooLong) {
        return Err(wrong("password", Unfit::TooLong.code()));
    }
    let (address, now) = (client(&request, &gateway), gateway.clock.now());
    let (attempt, login) = {
        let mut conn = conn(&gateway.pool).await?;
        let attempt = Attempt::begin(&mut conn, &email, address, now).await?;
        (attempt, read::login(&mut conn, email.as_str()).await?)
    };
    // No connection is held meanwhile: this takes its time, and its turn.
    let hash = login.as_ref().and_then(|login| login.password_hash.clone());
    let is_right = gateway.hasher.verify(password, hash).await?;
    let account = login.as_ref().map(|login| (login.account_id, login.id));
    let Some(login) = login.filter(|login| is_right && !login.disabled) else {
        if let Some((account, user)) = account {
            note(&request, &gateway, account, user, StatusCode::UNAUTHORIZED);
        }
        return Err(Problem::unauthorized("wrong-credentials").into());
    };
    let attempt = match second_factor(&gateway, attempt, &login, code.as_deref(), now).await {
        Ok(attempt) => attempt,
        Err(refusal) => {
            // A code that is still to come is half a sign-in, not a refused one.
            if code.is_some() {
                note(&request, &gateway, login.account_id, login.id, StatusCode::UNAUTHORIZED);
            }
            return Err(refusal);
        }
    };
    let browser = Browser::of(&request, &gateway);
    let secret = api::write(&gateway.pool, async |tx: &mut Tx| {
        attempt.welcome(tx, login.id, now).await?;
        browser.begin_session(tx, login.id, now).await
    })
    .await?;
    note(&request, &gateway, login.account_id, login.id, StatusCode::OK);
    signed_in(&gateway, &secret, StatusCode::OK).await
}

/// Whether the second factor is there, where one is needed.
async fn second_factor(
    gateway: &Gateway,
    attempt: Attempt,
    login: &LoginRow,
    code: Option<&str>,
    now: Timestamp,
) -> Result<Attempt, Failure> {
    if !login.second_factor {
        return Ok(attempt);
    }
    let mut conn = conn(&gateway.pool).await?;
    let Some(code) = code else {
        attempt.forgive(&mut conn).await?;
        return Err(Problem::unauthorized("second-factor-required").into());
    };
    let is_right = match Code::read(code) {
        Some(Code::Digits(digits)) => {
            let factor = read::second_factor(&mut conn, login.id).await?;
            match factor.and_then(|factor| step_of(&factor.secret, &digits, now)) {
                Some(step) => write::take_code(&mut conn, login.id, step).await?,
                None => false,
            }
        }
        Some(Code::Recovery(hash)) => {
            write::take_recovery_code(&mut conn, login.id, &hash, now).await?
        }
        None => false,
    };
    if is_right { Ok(attempt) } else { Err(Problem::unauthorized("wrong-code").into()) }
}

/// The browser that a session is opened in.
pub struct Browser {
    user_agent: String,
    address: IpAddr,
    /// The session that it had.
    before: Option<Secret>,
}

impl Browser {
    /// That sends this request.
    pub fn of(request: &HttpRequest, gateway: &Gateway) -> Self {
        let user_agent = request.headers().get(header::USER_AGENT);
        let user_agent = user_agent.and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self {
            user_agent: user_agent.chars().take(USER_AGENT).collect(),
            address: client(request, gateway),
            before: session_secret(request.headers()),
        }
    }

    /// Opens a session with a secret of its own; whichever one the browser had before has ended.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn begin_session(
        &self,
        tx: &mut Tx,
        user: UserId,
        now: Timestamp,
    ) -> Result<Secret, Failure> {
        let secret = Secret::generate()?;
        let session = NewSession {
            id: SessionId::generate(),
            secret_hash: &secret.hash(),
            user,
            at: now,
            expires_at: now + LONGEST_SESSION,
            user_agent: &self.user_agent,
            address: &self.address.to_string(),
        };
        write::open_session(tx, &session).await?;
        if let Some(before) = &self.before {
            write::end_session_of_secret(tx, &before.hash()).await?;
        }
        Ok(secret)
    }
}

/// What somebody is answered who has just come in.
pub async fn signed_in(
    gateway: &Gateway,
    secret: &Secret,
    status: StatusCode,
) -> Result<HttpResponse, Failure> {
    let caller = gateway.callers.by_session(secret).await?;
    let caller = caller.ok_or_else(|| Problem::unavailable("service-unavailable"))?;
    let view = SessionView::of(gateway, &caller);
    Ok(HttpResponse::build(status).insert_header(set_cookie(secret)).json(view))
}

/// Refuses what another site's page makes a browser send: nobody is to be signed in as somebody else
/// without noticing.
pub fn is_from_here(request: &HttpRequest, gateway: &Gateway) -> Result<(), Problem> {
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or(""));
    let refused = || Err(Problem::forbidden("cross-site"));
    if header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return refused();
    }
    let Some(origin) = header("origin") else { return Ok(()) };
    let ours = gateway.config.public_base.origin().ascii_serialization();
    let host = origin.split_once("://").map(|(_, host)| host);
    if origin == ours || (host.is_some() && host == header("host")) { Ok(()) } else { refused() }
}

fn client(request: &HttpRequest, gateway: &Gateway) -> IpAddr {
    address::client(request.peer_addr(), request.headers(), gateway.config.trusted_proxies)
}

/// A line for the log of an account whose person tried.
fn note(
    request: &HttpRequest,
    gateway: &Gateway,
    account: domain::AccountId,
    user: UserId,
    status: StatusCode,
) {
    let Some(route) = request.extensions().get::<Asked>().map(|asked| asked.route) else { return };
    let action = if status.is_success() { "session:sign-in" } else { "session:refused" };
    let line = gateway.ledger.line(account, Some(user), action, route, status);
    gateway.ledger.write_later(line);
}
