//! `/api/live`: what happens, as it happens.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use chassis::api::Failure;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use web::Params;

use crate::Gateway;
use crate::gate::Actor;
use crate::live;

/// Where to go on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LiveQuery {
    /// The last event that was seen, for who cannot set a header; `Last-Event-ID` beats it. One that is
    /// not known, whatever it looks like, is answered with `resync`.
    last_event_id: Option<String>,
}

/// An event as it stands in the stream.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read by the document alone: `frame` writes the lines")]
pub struct LiveEvent {
    /// Its name.
    #[schema(example = "conversation_changed")]
    event: String,
    /// Its number, where it has one: a heartbeat has none.
    #[schema(value_type = String, nullable = false, required = false)]
    id: Option<String>,
    /// JSON.
    data: String,
}

const LAST_EVENT_ID: &str = "last-event-id";

/// What happens, as it happens
///
/// Server-sent events, numbered in one order for the account: `conversation_changed`
/// (`ConversationChange`), `import_progressed` (`ImportProgress`), `numbers_changed`, `session_revoked`
/// (the stream ends), `hb` every 15 s, and `resync` where the last event that was seen is not known any
/// more: everything must be read anew, and the stream goes on from its id.
#[utoipa::path(
    tag = "live",
    params(
        LiveQuery,
        ("last-event-id" = Option<String>, Header, description = "The last event that was seen.")
    ),
    responses((status = OK, content_type = "text/event-stream", body = LiveEvent))
)]
#[get("/api/live")]
pub async fn listen(
    request: HttpRequest,
    actor: Actor,
    query: Params<LiveQuery>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let header = request.headers().get(LAST_EVENT_ID);
    let last = match header {
        // One that cannot be read is one that is not known.
        Some(value) => Some(value.to_str().unwrap_or("?")),
        None => query.0.last_event_id.as_deref(),
    };
    let events = live::open(&gateway.live, &actor.0, last).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // For proxies that would wait until there is more to send.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(events))
}
