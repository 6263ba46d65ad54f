//! Nobody sees another account's, and the document says what is served.

use std::collections::HashSet;

use domain::{Clock, SystemClock};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::Visitor;

use crate::app::App;

const ALICE: &str = "+525510000001";

fn document() -> Value {
    serde_json::to_value(conversations::openapi()).unwrap()
}

/// Every operation that names something by an id.
fn by_id() -> Vec<(Method, String, Value)> {
    let document = document();
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if path.contains("{id}") {
                let method = method.to_uppercase().parse().unwrap();
                found.push((method, path.clone(), operation.clone()));
            }
        }
    }
    assert!(found.len() > 25, "{}", found.len());
    found
}

/// A body that each route takes.
fn body_of(path: &str, app: &App) -> Option<Value> {
    let last = path.rsplit('/').next().unwrap();
    Some(match last {
        "messages" => json!({"body": "Hola"}),
        "status" => json!({"conversation_status": "blocked"}),
        "owner" => json!({"user_id": null}),
        "labels" => json!({"label_ids": []}),
        "number" => json!({"number_id": app.numbers[1].0.to_string(), "reason": "porque sí"}),
        "notes" => json!({"body": "x"}),
        "opt-out" | "opt-in" => json!({"evidence": "lo dijo"}),
        _ => json!({}),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_is_answered_as_what_is_not_there() {
    let app = App::start().await;
    app.hears(ALICE, app.number(0), "Hola").await;
    app.shows("SELECT count(*) FROM sms_messages", "1").await;
    let conversation = app.conversation(ALICE).await.to_string();
    app.post(&format!("/api/conversations/{conversation}/notes"), json!({"body": "x"})).await.ok();
    let label = app.post("/api/labels", json!({"name": "Mío", "color": "ink"})).await.ok();
    let import =
        app.upload("file_name=a.csv&phone_column=tel", b"tel\n5510000009\n".to_vec()).await.ok();
    let contact = app.db.ask("SELECT id FROM contacts WHERE name = '' LIMIT 1").await.unwrap();
    let note = app.db.ask("SELECT id FROM conversation_notes").await.unwrap();
    let message = app.db.ask("SELECT id FROM sms_messages").await.unwrap();
    app.shows("SELECT count(*) FROM contact_imports WHERE state = 'finished'", "1").await;
    let before = app.db.ask("SELECT md5(string_agg(c::text, '')) FROM user_conversations c").await;
    let (neighbour, _) = app.neighbour().await;

    let id_of = |path: &str| {
        let resource = path.split('/').nth(2).unwrap();
        match resource {
            "conversations" => conversation.clone(),
            "labels" => label["id"].as_str().unwrap().to_owned(),
            "numbers" => app.numbers[0].0.to_string(),
            "contacts" if path.contains("imports") => import["id"].as_str().unwrap().to_owned(),
            "contacts" => contact.clone(),
            other => panic!("{other}"),
        }
    };
    for (method, path, _) in by_id() {
        let theirs = path
            .replace("{id}", &id_of(&path))
            .replace("{message_id}", &message)
            .replace("{note_id}", &note);
        let nobodys = path
            .replace("{id}", "00000000-0000-7000-8000-000000000000")
            .replace("{message_id}", &message)
            .replace("{note_id}", &note);
        let body =
            (method != Method::GET && method != Method::DELETE).then(|| body_of(&path, &app));
        let body = body.flatten();
        let of_theirs = app.ask(neighbour, method.clone(), &theirs, body.clone(), None).await;
        let of_nobodys = app.ask(neighbour, method.clone(), &nobodys, body, None).await;
        assert_eq!(of_theirs.status, 404, "{method} {path}: {}", of_theirs.text);
        let without_id = |mut body: Value| {
            body.as_object_mut().unwrap().remove("request_id");
            body
        };
        assert_eq!(without_id(of_theirs.body), without_id(of_nobodys.body), "{method} {path}");
    }
    for path in ["/api/conversations/", "/api/contacts", "/api/labels", "/api/contacts/imports"] {
        let listed = app.ask(neighbour, Method::GET, path, None, None).await.ok();
        assert_eq!(listed["items"], json!([]), "{path}");
    }
    let export = app.ask(neighbour, Method::GET, "/api/contacts/export", None, None).await;
    assert_eq!(export.text.lines().count(), 1);
    assert_eq!(
        app.db.ask("SELECT md5(string_agg(c::text, '')) FROM user_conversations c").await,
        before
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_served_without_the_gateways_word() {
    let app = App::start().await;
    let url = format!("http://{}/api/labels", app.address);
    let client = &app.http;

    assert_eq!(client.get(&url).send().await.unwrap().status(), 401);
    let elsewhere = app.me.word("responder", "GET", "/api/labels", SystemClock.now());
    let forged = client.get(&url).header("x-hilo-identity", elsewhere).send().await.unwrap();
    assert_eq!(forged.status(), 401);
    let document = client.get(format!("http://{}/openapi.json", app.address)).send().await.unwrap();
    assert_eq!(document.status(), 200);
    let stranger = Visitor { account: domain::AccountId::generate(), ..app.me };
    let empty = app.ask(stranger, Method::GET, "/api/labels", None, None).await.ok();
    assert_eq!(empty["items"], json!([]));
}

#[test]
fn every_operation_has_a_name_of_its_own_and_says_what_it_answers() {
    let document = document();
    let mut names = HashSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} twice");
            assert!(operation["summary"].is_string() || operation["description"].is_string());
            let responses = operation["responses"].as_object().unwrap();
            let success = responses.keys().any(|status| status.starts_with('2'));
            assert!(success, "{method} {path}");
        }
    }
    assert_eq!(names.len(), 43);
}

/// The schemas that requests refer to, by name.
fn inputs(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for operations in document["paths"].as_object().unwrap().values() {
        for operation in operations.as_object().unwrap().values() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            if let Some(name) = schema["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
                found.push((name.to_owned(), document["components"]["schemas"][name].clone()));
            }
        }
    }
    assert!(found.len() > 12, "{}", found.len());
    found
}

#[test]
fn bodies_take_no_unknown_field_and_every_string_has_a_bound() {
    let document = document();
    for (name, schema) in inputs(&document) {
        assert_eq!(schema["additionalProperties"], false, "{name}");
        for (field, schema) in schema["properties"].as_object().unwrap() {
            let schema = match schema["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
                Some(name) => &document["components"]["schemas"][name],
                None => schema,
            };
            if schema["type"] == "string" && schema["format"].is_null() && schema["enum"].is_null()
            {
                assert!(schema["maxLength"].is_number(), "{name}.{field}: {schema}");
                assert!(schema["pattern"].is_string(), "{name}.{field}");
            }
        }
    }
}

#[test]
fn parameters_are_never_null() {
    for operations in document()["paths"].as_object().unwrap().values() {
        for operation in operations.as_object().unwrap().values() {
            for parameter in operation["parameters"].as_array().unwrap_or(&Vec::new()) {
                let schema = parameter["schema"].to_string();
                assert!(!schema.contains("null"), "{}: {schema}", parameter["name"]);
            }
        }
    }
}
