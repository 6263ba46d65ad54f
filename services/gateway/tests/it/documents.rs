//! The document of the API.

use std::collections::BTreeSet;

use gateway::permit::{Access, Owner, ROUTES};
use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, ResponseTemplate};

use crate::app::App;

/// Every operation of a document, as `GET /api/…`.
fn operations(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().unwrap().iter();
    let of_path = |(path, item): (&String, &Value)| -> Vec<String> {
        let methods = item.as_object().unwrap().keys();
        methods.map(|method| format!("{} {path}", method.to_uppercase())).collect()
    };
    paths.flat_map(of_path).collect()
}

fn routes(of: impl Fn(Owner) -> bool) -> BTreeSet<String> {
    let routes = ROUTES.iter().filter(|route| of(route.owner));
    routes.map(|route| format!("{} {}", route.method, route.path)).collect()
}

#[test]
fn our_own_part_and_the_table_of_routes_are_the_same() {
    let document = serde_json::to_value(gateway::openapi()).unwrap();
    assert_eq!(operations(&document), routes(|owner| owner.service().is_none()));
}

#[test]
fn every_operation_says_who_may_ask_and_how_it_may_be_refused() {
    let document = gateway::openapi::merge(serde_json::to_value(gateway::openapi()).unwrap(), []);
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for route in ROUTES.iter().filter(|route| route.owner.service().is_none()) {
        let operation = &document["paths"][route.path][route.method.to_lowercase()];
        let name = format!("{} {}", route.method, route.path);
        assert!(operation["summary"].is_string(), "{name}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{name}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.contains_key("default") && responses.contains_key("429"), "{name}");
        let is_public = route.access == Access::Public;
        assert_eq!(operation["security"] == json!([]), is_public, "{name}");
        assert_eq!(responses.contains_key("403"), !is_public || route.method == "POST", "{name}");
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let has_key =
            parameters.contains(&json!({"$ref": "#/components/parameters/IdempotencyKey"}));
        assert_eq!(has_key, route.method == "POST" && !is_public, "{name}");
        for status in ["200", "201", "202"] {
            let has_content = responses.get(status).is_none_or(|it| it["content"].is_object());
            assert!(has_content, "{name} answers {status} with nothing");
        }
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_body_has_an_example() {
    let document = gateway::openapi::merge(serde_json::to_value(gateway::openapi()).unwrap(), []);
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap())
    {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
    for operation in document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|it| it.as_object().unwrap().values())
    {
        let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema/$ref")
        else {
            continue;
        };
        let schema = document.pointer(&schema.as_str().unwrap()[1..]).unwrap();
        let of_fields = schema["properties"]
            .as_object()
            .unwrap()
            .values()
            .all(|it| it.get("example").is_some());
        assert!(schema.get("example").is_some() || of_fields, "{schema}");
    }
}

#[tokio::test]
async fn the_document_is_merged_from_what_the_services_serve_and_outlives_one_that_is_down() {
    let app = App::start().await;
    let part = json!({
        "openapi": "3.1.0",
        "tags": [{"name": "labels"}],
        "paths": {
            "/api/labels": {"get": {"operationId": "list_labels", "responses": {"200": {"description": "All"}}}},
            "/api/internal": {"get": {"responses": {}}},
        },
        "components": {"schemas": {"Label": {"type": "object"}}},
    });
    let served = ResponseTemplate::new(200).set_body_json(&part);
    Mock::given(path("/openapi.json")).respond_with(served).mount(&app.conversations).await;

    let document = app.stranger().get("/api/openapi.json").await.expect(200).json();

    let labels = &document["paths"]["/api/labels"]["get"];
    assert_eq!(labels["x-hilo-permission"], "conversations:read");
    assert_eq!(document["components"]["schemas"]["Label"]["type"], "object");
    assert!(document["paths"].get("/api/internal").is_none());
    assert!(document["paths"].get("/api/assistant").is_none());
    let mut expected = routes(|owner| owner == Owner::Gateway);
    expected.insert("GET /api/labels".to_owned());
    assert_eq!(operations(&document), expected);
}

#[tokio::test]
async fn the_page_for_people_runs_nothing_and_shows_every_route() {
    let app = App::start().await;
    let page = app.stranger().get("/api/docs").await.expect(200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!page.text.contains("<script") && !page.text.contains(" style="));
    for route in ROUTES.iter().filter(|route| route.owner == Owner::Gateway) {
        assert!(page.text.contains(&format!("<code>{}</code>", route.path)), "{}", route.path);
    }
}
