//! Requests go on to the service that owns them: with our word for who asks, and with nothing of the
//! client's that it does not need; answers come back as they are made.

mod body;
mod upstream;

use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, SizedStream};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use awc::error::SendRequestError;
use web::identity::HEADER as IDENTITY;
use web::{Problem, body as bodies, request_id};

use crate::Gateway;
use crate::gate::{Asked, is_safe};
use crate::permit::Route;

pub use body::Imports;
pub use upstream::{Answer, Services, Upstream, fetch};

/// What a service is told of the client's request beside method, path, query and body.
const TOLD: [HeaderName; 4] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
    HeaderName::from_static(bodies::IDEMPOTENCY_KEY),
];

/// What the client is told of the service's answer beside status and body.
const TOLD_BACK: [HeaderName; 6] = [
    header::CONTENT_TYPE,
    header::CONTENT_DISPOSITION,
    header::CONTENT_LANGUAGE,
    header::LOCATION,
    header::RETRY_AFTER,
    HeaderName::from_static("idempotency-replayed"),
];

/// When to ask again where a service did not answer.
const AGAIN: Duration = Duration::from_secs(2);

/// The handler of every route that a service owns.
pub async fn forward(
    request: HttpRequest,
    payload: Payload,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Problem> {
    let asked = request.extensions().get::<Asked>().cloned();
    let Some(Asked { route, caller: Some(caller), .. }) = asked else {
        return Err(Problem::internal("a request was forwarded that nobody let through"));
    };
    let (Some(service), Some(upstream)) =
        (route.owner.service(), request.app_data::<Data<Upstream>>())
    else {
        return Err(Problem::internal("a route without a service was forwarded"));
    };
    let identity = gateway.word_for(&caller, service, &request);
    let identity = identity.ok_or_else(|| Problem::internal("an identity that fits no header"))?;
    let (body, patience, _turn) = if is_import(route) {
        let turn = gateway.imports.turn()?;
        let patience = gateway.config.import_timeout;
        (body::read(&request, payload, body::IMPORT_LIMIT, patience).await?, patience, Some(turn))
    } else {
        let patience = gateway.config.forward_timeout;
        let body = match is_safe(request.method()) {
            true => Bytes::new(),
            false => body::read(&request, payload, web::extract::BODY_LIMIT, patience).await?,
        };
        (body, patience, None)
    };
    let call = Call { request: &request, service, identity, body, patience };
    let begun = Instant::now();
    let outcome = call.made(upstream, &gateway).await;
    let status = outcome
        .as_ref()
        .map_or("none", |answer| telemetry::metrics::status_class(answer.status().as_u16()));
    gateway.forwarded.record(begun.elapsed(), &[("service", service), ("status", status)]);
    outcome
        .map_err(|error| unanswered(service, &error))
        .and_then(|it| passed_on(service, it, patience))
}

fn is_import(route: &Route) -> bool {
    route.method == "POST" && route.path == "/api/contacts/imports"
}

/// One request to a service.
struct Call<'a> {
    request: &'a HttpRequest,
    service: &'static str,
    identity: HeaderValue,
    body: Bytes,
    patience: Duration,
}

impl Call<'_> {
    /// Makes it; once more where that can do no harm, because a service that is just being replaced
    /// closes connections under us.
    async fn made(
        &self,
        upstream: &Upstream,
        gateway: &Gateway,
    ) -> Result<Answer, SendRequestError> {
        match self.attempt(upstream, gateway).await {
            Err(SendRequestError::Timeout) => Err(SendRequestError::Timeout),
            Err(_) if self.request.method() == Method::GET => self.attempt(upstream, gateway).await,
            outcome => outcome,
        }
    }

    async fn attempt(
        &self,
        upstream: &Upstream,
        gateway: &Gateway,
    ) -> Result<Answer, SendRequestError> {
        let path = self.request.uri().path_and_query();
        let uri = gateway.services.uri(self.service, path.map_or("/", |whole| whole.as_str()));
        let mut call = upstream.request(self.request.method().clone(), uri).timeout(self.patience);
        let headers = call.headers_mut();
        for name in TOLD {
            if let Some(value) = self.request.headers().get(&name) {
                headers.insert(name, value.clone());
            }
        }
        headers.insert(HeaderName::from_static(IDENTITY), self.identity.clone());
        let id = request_id::current().and_then(|id| HeaderValue::from_str(&id.to_string()).ok());
        if let Some(id) = id {
            headers.insert(request_id::HEADER, id);
        }
        let trace = telemetry::context::current();
        if let Some(trace) = trace.and_then(|text| HeaderValue::from_str(&text).ok()) {
            headers.insert(HeaderName::from_static(telemetry::context::TRACEPARENT), trace);
        }
        match is_safe(self.request.method()) {
            true => call.send().await,
            false => call.send_body(self.body.clone()).await,
        }
    }
}

/// The client learns that something of ours does not answer, and nothing of what.
fn unanswered(service: &'static str, error: &SendRequestError) -> Problem {
    let why = match error {
        SendRequestError::Timeout => "timeout",
        SendRequestError::Connect(_) => "connect",
        _ => "broken",
    };
    tracing::warn!(peer = service, why, "a service did not answer");
    Problem::unavailable("service-unavailable").retry_after(AGAIN)
}

fn passed_on(
    service: &'static str,
    answer: Answer,
    patience: Duration,
) -> Result<HttpResponse, Problem> {
    if answer.status() == StatusCode::UNAUTHORIZED {
        // It is us whom the service does not believe: signing in again would not help.
        tracing::error!(
            peer = service,
            "a service does not accept our identity: keys or clocks differ"
        );
        return Err(Problem::unavailable("service-unavailable").retry_after(AGAIN));
    }
    let mut response = HttpResponse::build(answer.status());
    for name in TOLD_BACK {
        if let Some(value) = answer.headers().get(&name) {
            response.insert_header((name, value.clone()));
        }
    }
    let length = answer.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let has_no_body = matches!(answer.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let body = body::relayed(answer, patience);
    Ok(match length {
        _ if has_no_body => response.finish(),
        Some(length) => response.body(BoxBody::new(SizedStream::new(length, body))),
        None => response.streaming(body),
    })
}
