//! Who asks, how often, and whether they may.

use std::sync::Arc;

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap};
use chassis::api::Failure;
use domain::store::StoreError;
use web::Problem;

use super::Asked;
use crate::Gateway;
use crate::access::rate::Verdict;
use crate::access::secret::same;
use crate::access::{Caller, Secret, address};
use crate::permit::Access;

/// The cookie that holds a session's secret. The prefix makes browsers insist on `Secure`, on `Path=/`
/// and on no `Domain`: no other host of the domain can plant one.
pub const COOKIE: &str = "__Host-hilo_session";
const CSRF: &str = "x-csrf-token";

/// Whether somebody was admitted, and how often they may still ask.
pub(super) struct Admitted {
    pub outcome: Result<(), Failure>,
    pub rate: Option<Verdict>,
}

/// Finds out who asks, and how often they do.
pub(super) async fn admit(
    gateway: &Gateway,
    request: &ServiceRequest,
    asked: &mut Asked,
) -> Admitted {
    let now = gateway.clock.now();
    let address =
        address::client(request.peer_addr(), request.headers(), gateway.config.trusted_proxies);
    let stranger = address::subscriber(address);
    if asked.route.access == Access::Public {
        let verdict = gateway.strangers.draw(stranger, now);
        return Admitted { outcome: pace(verdict), rate: None };
    }
    // Who guesses is slowed down before each guess costs a question to the database.
    let may_guess = || pace(gateway.strangers.peek(&stranger, now));
    match caller(gateway, request.headers(), may_guess).await {
        Ok(Some(caller)) => {
            let verdict = gateway.requests.draw(caller.row.credential_id, now);
            asked.caller = Some(caller);
            Admitted { outcome: pace(verdict), rate: Some(verdict) }
        }
        Ok(None) => {
            let verdict = gateway.strangers.draw(stranger, now);
            let refusal = Problem::unauthorized("not-signed-in").into();
            Admitted { outcome: pace(verdict).and(Err(refusal)), rate: None }
        }
        Err(failure) => Admitted { outcome: Err(failure), rate: None },
    }
}

fn pace(verdict: Verdict) -> Result<(), Failure> {
    match verdict.wait {
        None => Ok(()),
        Some(wait) => Err(Problem::too_many_requests("too-many-requests").retry_after(wait).into()),
    }
}

/// A token beats a cookie: who sends one is a program, and needs no protection from pages.
async fn caller(
    gateway: &Gateway,
    headers: &HeaderMap,
    may_guess: impl Fn() -> Result<(), Failure>,
) -> Result<Option<Arc<Caller>>, Failure> {
    if let Some(authorization) = headers.get(header::AUTHORIZATION) {
        let Some(secret) = authorization.to_str().ok().and_then(bearer) else { return Ok(None) };
        if let Some(caller) = gateway.callers.remembered(&secret) {
            return Ok(Some(caller));
        }
        may_guess()?;
        return gateway.callers.by_token(&secret).await.map_err(StoreError::into);
    }
    let Some(secret) = session_secret(headers) else { return Ok(None) };
    if let Some(caller) = gateway.callers.remembered(&secret) {
        return Ok(Some(caller));
    }
    may_guess()?;
    gateway.callers.by_session(&secret).await.map_err(StoreError::into)
}

fn bearer(authorization: &str) -> Option<Secret> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::parse_token(token.trim()))?
}

/// What the session's cookie holds.
pub fn session_secret(headers: &HeaderMap) -> Option<Secret> {
    headers
        .get_all(header::COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .and_then(|(_, value)| Secret::parse(value))
}

/// Whether a method changes nothing (RFC 9110, 9.2.1).
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

/// Whether they may: a page must prove that it is ours, and the role and the token must allow it.
pub(super) fn allow(request: &ServiceRequest, asked: &Asked) -> Result<(), Failure> {
    let (Access::Needs(permission), Some(caller)) = (asked.route.access, &asked.caller) else {
        return Ok(());
    };
    if let Some(expected) = &caller.csrf
        && !is_safe(request.method())
    {
        let said = request.headers().get(CSRF).and_then(|value| value.to_str().ok());
        if !said.is_some_and(|said| same(said, expected)) {
            return Err(Problem::forbidden("csrf").into());
        }
    }
    if !caller.rights.include(permission) {
        return Err(Problem::forbidden("not-permitted").into());
    }
    Ok(())
}
