//! The control API: what a test, the demo or the page may do to this world. JSON, and no
//! authentication: the simulator listens on loopback only.

mod events;
mod people;
mod settings;

use actix_web::web::{self, JsonConfig, ServiceConfig};
use actix_web::{HttpResponse, error};
use serde_json::json;

/// Numbers, faults and texts are small.
const LARGEST_BODY: usize = 64 * 1024;

pub(crate) fn routes(config: &mut ServiceConfig) {
    let body = JsonConfig::default().limit(LARGEST_BODY).error_handler(|why, _request| {
        let answer = bad_request(&why.to_string());
        error::InternalError::from_response(why, answer).into()
    });
    config.service(
        web::scope("/control")
            .app_data(body)
            .route("/texts", web::post().to(people::text))
            .route("/phones", web::get().to(people::phones))
            .route("/phones/{number}", web::get().to(people::phone))
            .route("/recipients/{number}", web::put().to(people::recipient))
            .route("/numbers", web::get().to(settings::numbers))
            .route("/numbers", web::post().to(settings::register))
            .route("/faults", web::get().to(settings::faults))
            .route("/faults", web::put().to(settings::set_faults))
            .route("/pace", web::get().to(settings::pace))
            .route("/pace", web::put().to(settings::set_pace))
            .route("/webhook-base", web::put().to(settings::set_webhook_base))
            .route("/ledger", web::get().to(events::ledger))
            .route("/events", web::get().to(events::list))
            .route("/reset", web::post().to(settings::reset)),
    );
}

fn bad_request(why: &str) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({ "error": why }))
}
