//! One document of several, and what is true of every operation because the gate says so.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::gate::COOKIE;
use crate::permit::{Access, ROUTES, Route};

/// What the gate may answer in an operation's place: status, name, and an example of the problem.
const REFUSALS: [(u16, &str, &str); 11] = [
    (400, "BadRequest", "malformed-query"),
    (401, "Unauthorized", "not-signed-in"),
    (403, "Forbidden", "not-permitted"),
    (404, "NotFound", "no-such-route"),
    (408, "RequestTimeout", "request-timeout"),
    (409, "Conflict", "request-in-progress"),
    (413, "TooLarge", "body-too-large"),
    (415, "UnsupportedMediaType", "unsupported-media-type"),
    (422, "Unprocessable", "unexpected-json"),
    (429, "TooManyRequests", "too-many-requests"),
    (503, "Unavailable", "service-unavailable"),
];

/// Merges documents. What is not in the table of routes is left out: it cannot be asked. Of two schemas
/// of one name the first stays.
pub fn merge(own: Value, others: impl IntoIterator<Item = Value>) -> Value {
    let (mut paths, mut schemas, mut tags) = (Map::new(), Map::new(), Vec::new());
    let mut names = BTreeSet::new();
    for mut document in std::iter::once(own).chain(others) {
        for (name, schema) in object(document.pointer_mut("/components/schemas")) {
            if schemas.get(&name).is_some_and(|known| *known != schema) {
                tracing::warn!(schema = name, "two services mean different things by one name");
            }
            schemas.entry(name).or_insert(schema);
        }
        if let Some(Value::Array(more)) = document.get_mut("tags").map(Value::take) {
            for tag in more {
                if !tags.iter().any(|known: &Value| known.get("name") == tag.get("name")) {
                    tags.push(tag);
                }
            }
        }
        for (path, mut item) in object(document.get_mut("paths")) {
            let operations = object(Some(&mut item));
            for (method, mut operation) in operations {
                let Some(route) = route(&method, &path) else {
                    tracing::warn!(method, path, "an operation that no route leads to");
                    continue;
                };
                dress(&mut operation, route);
                unique(&mut operation, route, &mut names);
                let item = paths.entry(path.clone()).or_insert_with(|| json!({}));
                if let Some(item) = item.as_object_mut() {
                    item.insert(method, operation);
                }
            }
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Hilo",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Conversations by SMS: every recipient always sees the same number.",
            "description": "JSON in snake_case, ids are UUIDs, times are RFC 3339 in UTC. What is wrong is \
                a problem document (RFC 9457) whose `code` never changes. Unknown fields and parameters are refused.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": refusals(),
            "parameters": { "IdempotencyKey": idempotency_key() },
            "securitySchemes": security_schemes(),
        },
    })
}

fn object(value: Option<&mut Value>) -> Map<String, Value> {
    match value.map(Value::take) {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

fn route(method: &str, path: &str) -> Option<&'static Route> {
    let is_it = |route: &&Route| route.path == path && route.method.eq_ignore_ascii_case(method);
    ROUTES.iter().find(is_it)
}

/// Adds to an operation who may ask it and how else it may be answered.
fn dress(operation: &mut Value, route: &Route) {
    let has_body = operation.get("requestBody").is_some();
    let has_names = route.path.contains('{');
    let is_write = route.method != "GET";
    let Some(operation) = operation.as_object_mut() else { return };
    let (permission, security) = match route.access {
        Access::Public => ("public", json!([])),
        Access::Needs(it) if is_write => {
            (it.as_str(), json!([{ "session": [], "csrf": [] }, { "token": [] }]))
        }
        Access::Needs(it) => (it.as_str(), json!([{ "session": [] }, { "token": [] }])),
    };
    operation.insert("security".to_owned(), security);
    operation.insert("x-hilo-permission".to_owned(), permission.into());
    let needs_somebody = matches!(route.access, Access::Needs(_));
    let remembers = route.method == "POST" && needs_somebody;
    if remembers {
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        if let Some(parameters) = parameters.as_array_mut() {
            parameters.push(json!({ "$ref": "#/components/parameters/IdempotencyKey" }));
        }
    }
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let Some(responses) = responses.as_object_mut() else { return };
    for (status, name, _) in REFUSALS {
        let may_be = match status {
            401 => needs_somebody,
            403 => needs_somebody || is_write,
            404 => has_names,
            408 | 413 | 415 | 422 => has_body || remembers,
            409 => remembers,
            _ => true,
        };
        if may_be {
            let status = status.to_string();
            responses.entry(status).or_insert_with(|| refusal(name));
        }
    }
    responses.entry("default").or_insert_with(|| refusal("Unavailable"));
    // A refusal that a handler only names is a problem like all others.
    for (status, response) in responses.iter_mut() {
        let is_refusal = status.starts_with('4') || status.starts_with('5');
        let is_bare = response.get("content").is_none() && response.get("$ref").is_none();
        if is_refusal
            && is_bare
            && let Some(response) = response.as_object_mut()
        {
            response.insert("content".to_owned(), problem(None));
        }
    }
}

/// Two services may call different things alike; a name in the document is unique.
fn unique(operation: &mut Value, route: &Route, names: &mut BTreeSet<String>) {
    let given = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = if given.is_empty() || names.contains(&given) {
        let words = route.path.replace(['/', '{', '}', '-', '.'], " ");
        let words: Vec<&str> = words.split_whitespace().filter(|word| *word != "api").collect();
        format!("{}_{}", route.method.to_ascii_lowercase(), words.join("_"))
    } else {
        given
    };
    names.insert(name.clone());
    if let Some(operation) = operation.as_object_mut() {
        operation.insert("operationId".to_owned(), name.into());
    }
}

fn refusal(name: &str) -> Value {
    json!({ "$ref": format!("#/components/responses/{name}") })
}

fn refusals() -> Value {
    let response = |(status, name, code): (u16, &str, &str)| {
        let title = actix_web::http::StatusCode::from_u16(status).ok();
        let title = title.and_then(|status| status.canonical_reason()).unwrap_or(name);
        let example = json!({
            "type": format!("urn:hilo:{code}"),
            "title": title,
            "status": status,
            "code": code,
            "request_id": "01989e2c-5b7e-7d10-9f3a-6f5d8c1b2a34",
        });
        let mut response = json!({ "description": title, "content": problem(Some(example)) });
        if status == 429 || status == 503 {
            let header =
                json!({ "description": "Seconds to wait.", "schema": { "type": "integer" } });
            if let Some(response) = response.as_object_mut() {
                response.insert("headers".to_owned(), json!({ "retry-after": header }));
            }
        }
        (name.to_owned(), response)
    };
    Value::Object(REFUSALS.into_iter().map(response).collect())
}

fn problem(example: Option<Value>) -> Value {
    let mut media = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
    if let (Some(example), Some(media)) = (example, media.as_object_mut()) {
        media.insert("example".to_owned(), example);
    }
    json!({ "application/problem+json": media })
}

fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "Made up by the client and kept across retries: the same request under the same key \
            is done once, and answered again with `idempotency-replayed: true`. Kept for a day.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
        "example": "5f0c7f7e-0c1d-4c0b-9a55-6a6d9d0c1e11",
    })
}

fn security_schemes() -> Value {
    json!({
        "session": { "type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Set by `POST /api/session`." },
        "csrf": { "type": "apiKey", "in": "header", "name": "x-csrf-token", "description": "Of `GET /api/session`." },
        "token": { "type": "http", "scheme": "bearer", "description": "Made by `POST /api/tokens`." },
    })
}
