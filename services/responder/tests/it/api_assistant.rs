use events::WithheldReason;
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::Api;
use crate::kit::{Said, reply};

const ASSISTANT: &str = "/api/assistant";

fn profile() -> Value {
    json!({
        "enabled": true, "display_name": "Sofía", "instructions": "De usted.", "facts": "Sala: $14,900.",
        "max_segments": 2, "debounce_ms": 2500, "max_replies_per_day": 100, "max_tokens_per_day": 10000,
        "open_days": 63, "open_from_minute": 540, "open_to_minute": 1140, "help_text": "",
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut profile = profile();
    profile[field] = value;
    profile
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_what_is_read() {
    let api = Api::start().await;
    let (_, owner) = api.thread("Luna", 1).await;

    let written = owner.put(ASSISTANT, &profile()).await.is(200);

    let read = owner.get(ASSISTANT).await.is(200);
    assert_eq!(written, read);
    for (field, value) in profile().as_object().unwrap() {
        assert_eq!(&read[field], value, "{field}");
    }
    assert_eq!((&read["model"], &read["replies_today"]), (&json!("fake"), &json!(0)));
    assert_eq!(read["updated_at"], "2026-11-23T18:00:00Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_wrote_none_has_an_assistant_that_is_off() {
    let api = Api::without_model().await;
    let (_, owner) = api.thread("Luna", 1).await;
    api.app.run("DELETE FROM assistant_profiles").await;

    let read = owner.get(ASSISTANT).await.is(200);

    assert_eq!((&read["enabled"], &read["model"]), (&json!(false), &Value::Null));
    assert_eq!(read["display_name"], "Asistente");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_customer_is_answered_by_what_was_written() {
    let api = Api::start().await;
    let (ana, owner) = api.thread("Luna", 1).await;
    owner.put(ASSISTANT, &with("enabled", json!(false))).await.is(200);

    let request = api.app.texts(ana, "¿precio?").await;
    assert_eq!(api.app.hears(&request).await, Said::Withheld(WithheldReason::NoModel));

    owner.put(ASSISTANT, &profile()).await.is(200);
    api.app.model.will_answer(reply("La sala cuesta $14,900."));
    assert!(matches!(api.app.hears(&request).await, Said::Drafted(..)));
    assert!(api.app.model.asked()[0].instructions.contains("You are Sofía"));
    let read = owner.get(ASSISTANT).await.is(200);
    assert_eq!((&read["replies_today"], &read["tokens_today"]), (&json!(1), &json!(120)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_wrong_is_named_and_nothing_is_written() {
    let api = Api::start().await;
    let (_, owner) = api.thread("Luna", 1).await;
    let before = owner.get(ASSISTANT).await.is(200);
    for (field, value, code) in [
        ("display_name", json!(" "), "blank"),
        ("display_name", json!("ñ".repeat(101)), "too-long"),
        ("display_name", json!("a\u{0}b"), "nul-character"),
        ("facts", json!("a".repeat(60_001)), "too-long"),
        ("max_segments", json!(0), "out-of-range"),
        ("max_segments", json!(11), "out-of-range"),
        ("max_segments", json!("2"), "unexpected-value"),
        ("max_segments", json!(1e9), "unexpected-value"),
        ("debounce_ms", json!(-1), "out-of-range"),
        ("open_days", json!(128), "out-of-range"),
        ("open_from_minute", json!(1440), "out-of-range"),
        ("open_to_minute", json!(1441), "out-of-range"),
        ("help_text", json!("a".repeat(481)), "too-long"),
        ("colour", json!("red"), "unexpected-value"),
    ] {
        let answer = owner.put(ASSISTANT, &with(field, value)).await;
        let (status, _, path, found) = answer.problem();
        assert_eq!((status, found), (422, code), "{field}: {answer:?}");
        assert!(path == field || field == "colour", "{field}: {answer:?}");
    }
    assert_eq!(owner.get(ASSISTANT).await.is(200), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_for_another_account() {
    let api = Api::start().await;
    let (_, owner) = api.thread("Luna", 1).await;
    let (_, other) = api.thread("Sol", 2).await;
    let before = other.get(ASSISTANT).await.is(200);

    owner.put(ASSISTANT, &profile()).await.is(200);

    assert_eq!(other.get(ASSISTANT).await.is(200), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_not_admitted_is_asked_who_they_are_at_every_route_but_the_document() {
    let api = Api::start().await;
    let document = api.stranger(Method::GET, "/openapi.json").await.is(200);
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path.replace("{id}", "01980000-0000-7000-8000-000000000001");
            let answer = api.stranger(method.clone(), &path).await;
            assert_eq!(
                (answer.status.as_u16(), &answer.body["code"]),
                (401, &json!("identity-required")),
                "{method} {path}"
            );
        }
    }
    assert_eq!(document["paths"].as_object().unwrap().len(), 5);
}
