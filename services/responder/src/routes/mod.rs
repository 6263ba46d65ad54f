//! The account's assistant and its rules over HTTP, as the gateway forwards them.

mod assistant;
mod fields;
mod runs;
mod static_responses;
mod try_out;

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Data, ServiceConfig};
use domain::SharedClock;
use domain::store::Pool;
use utoipa::OpenApi;

use crate::answer::Finder;
use crate::config::TurnsInPrompt;

/// What the routes are made of.
#[derive(Clone)]
pub struct Desk {
    /// Connections.
    pub pool: Pool,
    /// The time.
    pub clock: SharedClock,
    /// The same that finds answers for customers.
    pub finder: Arc<Finder>,
    /// How much of a conversation the model sees.
    pub turns_in_prompt: TurnsInPrompt,
}

#[derive(OpenApi)]
#[openapi(
    info(title = "responder"),
    tags((name = "assistant", description = "How customers are answered: rules, then the model")),
    paths(
        assistant::get_assistant,
        assistant::put_assistant,
        try_out::try_assistant,
        runs::list_assistant_runs,
        static_responses::list_static_responses,
        static_responses::create_static_response,
        static_responses::change_static_response,
        static_responses::delete_static_response,
    )
)]
struct Document;

/// What is served, from the handlers themselves.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig, desk: &Desk) {
    config
        .app_data(Data::new(desk.clone()))
        .service(document)
        .service(assistant::get_assistant)
        .service(assistant::put_assistant)
        .service(try_out::try_assistant)
        .service(runs::list_assistant_runs)
        .service(static_responses::list_static_responses)
        .service(static_responses::create_static_response)
        .service(static_responses::change_static_response)
        .service(static_responses::delete_static_response);
}

/// For the gateway, which needs no identity to read what is no secret.
#[actix_web::get("/openapi.json")]
async fn document() -> HttpResponse {
    HttpResponse::Ok().json(openapi())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::openapi;

    /// Follows the document down; `look` gets every object in it.
    fn each(value: &Value, look: &mut impl FnMut(&serde_json::Map<String, Value>)) {
        match value {
            Value::Object(fields) => {
                look(fields);
                fields.values().for_each(|value| each(value, look));
            }
            Value::Array(items) => items.iter().for_each(|value| each(value, look)),
            _ => {}
        }
    }

    #[test]
    fn what_is_taken_is_bounded_and_what_is_given_is_whole() {
        let document = serde_json::to_value(openapi()).unwrap();
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            if name.starts_with("New") {
                assert_eq!(schema["additionalProperties"], false, "{name}");
            }
            for (field, of) in schema["properties"].as_object().into_iter().flatten() {
                let is_open = name.starts_with("New") && of["type"] == "string";
                let is_bounded =
                    ["maxLength", "format", "enum"].iter().any(|key| of.get(*key).is_some());
                assert!(!is_open || is_bounded, "{name}.{field} has no end");
            }
        }
        // A doc comment on an inlined field is merged in as a schema of its own, which nothing fits.
        each(&document, &mut |fields| assert!(!fields.contains_key("allOf"), "{fields:?}"));
    }
}
