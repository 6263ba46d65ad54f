//! Claude's Messages API: `POST /v1/messages`, strict about requests and deterministic in answers.

pub mod answer;

mod error;
mod facts;
mod language;
mod reply;
mod schema;
mod tools;
mod validate;

use std::time::Duration;

use actix_web::http::header;
use actix_web::web::{self, Bytes, Data, PayloadConfig, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;
use tokio::time::sleep;

use crate::claude::error::Failure;
use crate::clock::now;
use crate::entry::Entry;
use crate::simulator::Simulator;

/// The provider's own limit on a request.
const LARGEST_BODY: usize = 32 * 1024 * 1024;

const VERSIONS: [&str; 2] = ["2023-06-01", "2026-10-21"];

pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(
        web::resource("/v1/messages")
            .app_data(PayloadConfig::new(LARGEST_BODY))
            .route(web::post().to(create)),
    );
}

async fn create(
    request: HttpRequest,
    body: Bytes,
    sim: Data<Simulator>,
) -> Result<HttpResponse, Failure> {
    let parsed = authenticate(&sim, &request).and_then(|()| read(&request, &body));
    let model = parsed.as_ref().ok().and_then(|body| body.get("model")?.as_str()).unwrap_or("?");
    let model = model.to_owned();
    let outcome = match parsed {
        Ok(body) => respond(&sim, &body).await,
        Err(failure) => Err(failure),
    };
    let (http_status, label) = match &outcome {
        Ok(answer) => (200, answer.get("stop_reason").and_then(Value::as_str).unwrap_or("?")),
        Err(failure) => (failure.status, failure.kind),
    };
    sim.record(Entry::Claude { model, http_status, outcome: label.to_owned(), at: now() });
    outcome.map(|answer| reply::ok(&answer))
}

/// `x-api-key` counts if both are sent.
fn authenticate(sim: &Simulator, request: &HttpRequest) -> Result<(), Failure> {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let bearer = text(header::AUTHORIZATION.as_str()).and_then(|v| v.strip_prefix("Bearer "));
    match text("x-api-key").or(bearer) {
        None => Err(Failure::authentication("x-api-key header is required")),
        Some(key) if key != sim.config().claude_key => {
            Err(Failure::authentication("invalid x-api-key"))
        }
        Some(_) => Ok(()),
    }
}

fn read(request: &HttpRequest, body: &[u8]) -> Result<Value, Failure> {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match text("anthropic-version") {
        None => return Err(Failure::invalid("anthropic-version: header is required")),
        Some(version) if !VERSIONS.contains(&version) => {
            let why = format!("anthropic-version: \"{version}\" is not a valid version");
            return Err(Failure::invalid(why));
        }
        Some(_) => {}
    }
    if !text("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
        return Err(Failure::invalid("content-type: must be application/json"));
    }
    let body = serde_json::from_slice(body).map_err(|error| {
        Failure::invalid(format!("The request body is not valid JSON: {error}"))
    })?;
    validate::validate(&body)?;
    Ok(body)
}

async fn respond(sim: &Simulator, body: &Value) -> Result<Value, Failure> {
    let delay = Duration::from_millis(sim.faults().claude.delay_ms);
    let _stopped = sim.life().run_until_cancelled(sleep(delay)).await;
    if sim.strikes(|faults| &mut faults.claude.http_529) {
        return Err(Failure::overloaded());
    }
    if sim.strikes(|faults| &mut faults.claude.http_500) {
        return Err(Failure::internal());
    }
    if sim.strikes(|faults| &mut faults.claude.http_429) {
        return Err(Failure::rate_limited());
    }
    if sim.strikes(|faults| &mut faults.claude.http_429_spend_limit) {
        return Err(Failure::spend_limit());
    }
    if sim.strikes(|faults| &mut faults.claude.refusal) {
        return Ok(reply::refusal(body));
    }
    if sim.strikes(|faults| &mut faults.claude.max_tokens) {
        return Ok(reply::truncated(body));
    }
    Ok(reply::answer(body))
}
