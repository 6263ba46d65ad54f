//! The gate that every request to the API passes, in one order of refusals for all of them: an unknown
//! path, a wrong method, nobody signed in, too often, a forged page, not permitted. What an owner of
//! the thing itself refuses comes after that.

mod answer;
mod ask;

use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{
    Error, FromRequest, HttpMessage as _, HttpRequest, HttpResponse, ResponseError as _,
};
use actix_web::{dev::Payload, http::Uri};
use domain::store::gateway::Credential;
use std::future::{Ready, ready};
use web::Problem;
use web::identity::{Claims, HEADER as IDENTITY, LIFE_SECONDS};

use crate::Gateway;
use crate::access::Caller;
use crate::permit::{Found, Owner, Route};
use answer::furnish;
pub use ask::{COOKIE, is_safe, session_secret};
use ask::{admit, allow};

/// What is known of a request once it has passed.
#[derive(Clone)]
pub struct Asked {
    /// What for.
    pub route: &'static Route,
    /// Of what: the innermost id of the path.
    pub resource_id: Option<String>,
    /// Who; `None` on a public route.
    pub caller: Option<Arc<Caller>>,
}

/// Who asks, for a handler of the gateway's own. There is always somebody on a route that is not
/// public.
pub struct Actor(pub Arc<Caller>);

impl FromRequest for Actor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = request.extensions().get::<Asked>().and_then(|asked| asked.caller.clone());
        ready(asked.map(Self).ok_or_else(|| Problem::unauthorized("not-signed-in")))
    }
}

/// Lets a request through or refuses it, and sees that what was written is on record.
pub async fn pass(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !is_api(request.path()) {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    let Some(gateway) = request.app_data::<Data<Gateway>>().cloned() else {
        return Err(Problem::internal("the gate stands without a gateway").into());
    };
    let mut asked = match resolve(&gateway, &mut request) {
        Ok(asked) => asked,
        Err(refusal) => return Ok(request.into_response(furnish(refusal, None, false))),
    };
    let accepts_gzip = answer::accepts_gzip(&request);
    let admitted = admit(&gateway, &request, &mut asked).await;
    let rate = admitted.rate;
    let permitted = admitted.outcome.and_then(|()| allow(&request, &asked));
    let response = match permitted {
        Ok(()) => {
            prepare(&gateway, &mut request, &asked);
            next.call(request).await?.map_into_boxed_body()
        }
        Err(failure) => request.into_response(failure.error_response()),
    };
    let status = response.status();
    if let Some(caller) = asked.caller.as_deref() {
        gateway.ledger.on_record(asked.route, caller, asked.resource_id.take(), status).await;
    }
    let (request, response) = response.into_parts();
    Ok(ServiceResponse::new(request, furnish(response, rate, accepts_gzip)))
}

fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// The route; the path becomes the canonical one.
#[expect(clippy::result_large_err, reason = "an answer, which is sent at once")]
fn resolve(gateway: &Gateway, request: &mut ServiceRequest) -> Result<Asked, HttpResponse> {
    let unknown = || Problem::not_found("no-such-route").error_response();
    let (route, canonical, resource_id) =
        match gateway.table.find(request.method().as_str(), request.path()) {
            Found::Route { route, canonical, params } => {
                (route, canonical, params.last().map(str::to_owned))
            }
            Found::WrongMethod { allow } => {
                let mut refusal = Problem::method_not_allowed().error_response();
                if let Ok(allow) = HeaderValue::from_str(&allow.join(", ")) {
                    refusal.headers_mut().insert(header::ALLOW, allow);
                }
                return Err(refusal);
            }
            Found::Nothing => return Err(unknown()),
        };
    if route.owner == Owner::Sandbox && gateway.config.sandbox_url.is_none() {
        return Err(unknown());
    }
    if let Some(canonical) = canonical {
        let uri = rewritten(request.uri(), &canonical).ok_or_else(unknown)?;
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
    }
    Ok(Asked { route, resource_id, caller: None })
}

fn rewritten(uri: &Uri, path: &str) -> Option<Uri> {
    let whole = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    whole.parse().ok()
}

/// What the handler finds: who asks, in our own word, and nothing that the client says of itself.
fn prepare(gateway: &Gateway, request: &mut ServiceRequest, asked: &Asked) {
    let word = asked.caller.as_deref().filter(|_| asked.route.owner.service().is_none());
    let word = word.and_then(|caller| gateway.word_for(caller, "gateway", request.request()));
    let headers = request.headers_mut();
    headers.remove(IDENTITY);
    if let Some(word) = word {
        headers.insert(HeaderName::from_static(IDENTITY), word);
    }
    request.extensions_mut().insert(asked.clone());
}

impl Gateway {
    /// Who asks, as a service believes it for half a minute and for this request alone.
    pub fn word_for(
        &self,
        caller: &Caller,
        service: &str,
        request: &HttpRequest,
    ) -> Option<HeaderValue> {
        let claims = Claims {
            account: caller.identity.account,
            user: caller.identity.user,
            role: caller.identity.role,
            aud: service.to_owned(),
            exp: self.clock.now().timestamp() + LIFE_SECONDS,
            method: request.method().as_str().to_owned(),
            path: request.uri().path_and_query().map_or("", |whole| whole.as_str()).to_owned(),
            rid: web::request_id::current().map(|id| id.to_string()).unwrap_or_default(),
        };
        HeaderValue::from_str(&self.key.sign(&claims)).ok()
    }
}

impl Caller {
    /// The session that a browser asks in; programs have none.
    ///
    /// # Errors
    /// 403 for a token.
    pub fn session(&self) -> Result<domain::SessionId, Problem> {
        match self.credential {
            Credential::Session(id) => Ok(id),
            Credential::Token(_) => Err(Problem::forbidden("session-required")),
        }
    }
}
