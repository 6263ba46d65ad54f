use events::ReplySource;
use serde_json::{Value, json};

use crate::api::Api;
use crate::kit::Said;

const RULES: &str = "/api/static-responses";

fn rule(name: &str) -> Value {
    json!({
        "name": name, "kind": "keyword", "pattern": "horario", "body": "De 9 a 19 h.", "language": null,
        "priority": 10, "hours": "always", "enabled": true,
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut rule = rule("horario");
    rule[field] = value;
    rule
}

fn path(rule: &Value) -> String {
    format!("{RULES}/{}", rule["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_made_changed_and_taken_away_and_customers_are_answered_accordingly() {
    let api = Api::without_model().await;
    let (ana, owner) = api.thread("Luna", 1).await;

    let made = owner.post(RULES, &rule("horario")).await.is(201);
    assert_eq!((&made["segments"], &made["body"]), (&json!(1), &json!("De 9 a 19 h.")));
    assert_eq!(owner.get(RULES).await.is(200), json!({ "items": [made] }));
    let request = api.app.texts(ana, "HORARIO").await;
    let drafted = |body: &str| Said::Drafted(body.to_owned(), ReplySource::StaticResponse);
    assert_eq!(api.app.hears(&request).await, drafted("De 9 a 19 h."));

    let changed = owner.put(&path(&made), &with("body", json!("De 10 a 20 h."))).await.is(200);
    assert_eq!(changed["id"], made["id"]);
    let request = api.app.texts(ana, "HORARIO").await;
    assert_eq!(api.app.hears(&request).await, drafted("De 10 a 20 h."));

    owner.delete(&path(&made)).await.is(204);
    assert_eq!(owner.get(RULES).await.is(200), json!({ "items": [] }));
    let request = api.app.texts(ana, "HORARIO").await;
    assert!(matches!(api.app.hears(&request).await, Said::Withheld(..)));
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_stand_in_the_order_in_which_they_are_tried() {
    let api = Api::start().await;
    let (_, owner) = api.thread("Luna", 1).await;
    for (name, priority, enabled) in
        [("b", 1, true), ("off", 99, false), ("a", 1, true), ("top", 2, true)]
    {
        let mut rule = rule(name);
        (rule["priority"], rule["enabled"]) = (json!(priority), json!(enabled));
        owner.post(RULES, &rule).await.is(201);
    }

    let list = owner.get(RULES).await.is(200);

    let names: Vec<&str> =
        list["items"].as_array().unwrap().iter().filter_map(|rule| rule["name"].as_str()).collect();
    assert_eq!(names, ["top", "a", "b", "off"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_taken_once_in_an_account() {
    let api = Api::start().await;
    let (_, owner) = api.thread("Luna", 1).await;
    let (_, other) = api.thread("Sol", 2).await;
    owner.post(RULES, &rule("horario")).await.is(201);
    let envio = owner.post(RULES, &rule("envio")).await.is(201);

    assert_eq!(owner.post(RULES, &rule("horario")).await.problem().1, "rule-exists");
    let renamed = owner.put(&path(&envio), &rule("horario")).await;
    assert_eq!(renamed.problem(), (409, "rule-exists", "name", "taken"));
    owner.put(&path(&envio), &rule("envio")).await.is(200);
    other.post(RULES, &rule("horario")).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pattern_that_cannot_be_tried_is_refused_when_it_is_saved() {
    let api = Api::start().await;
    let (_, owner) = api.thread("Luna", 1).await;
    let sound = owner.post(RULES, &rule("sound")).await.is(201);
    for (kind, pattern, code) in [
        ("regex", "(", "not-a-regex"),
        ("regex", r"\w{1000}{1000}", "not-a-regex"),
        ("regex", r"(?=a)b", "not-a-regex"),
        ("keyword", " , ,¿?", "no-words"),
        ("phrase", "...", "no-words"),
        ("phrase", " ", "blank"),
    ] {
        let mut rule = rule("horario");
        (rule["kind"], rule["pattern"]) = (json!(kind), json!(pattern));
        for answer in [owner.post(RULES, &rule).await, owner.put(&path(&sound), &rule).await] {
            assert_eq!(answer.problem(), (422, "unexpected-json", "pattern", code), "{pattern}");
        }
    }
    for (field, value) in [
        ("name", json!("")),
        ("body", json!("\n")),
        ("body", json!("a".repeat(1601))),
        ("body", json!("a\u{0}")),
        ("language", json!("fr")),
        ("priority", json!(1001)),
        ("kind", json!("semantic")),
        ("hours", json!("never")),
    ] {
        let answer = owner.post(RULES, &with(field, value)).await;
        let (status, _, path, _) = answer.problem();
        assert_eq!((status, path), (422, field), "{answer:?}");
    }
    assert_eq!(owner.get(RULES).await.is(200)["items"], json!([sound]));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_accounts_rule_is_not_there() {
    let api = Api::start().await;
    let (_, owner) = api.thread("Luna", 1).await;
    let (_, other) = api.thread("Sol", 2).await;
    let made = owner.post(RULES, &rule("horario")).await.is(201);

    assert_eq!(other.put(&path(&made), &rule("mine")).await.problem().0, 404);
    assert_eq!(other.delete(&path(&made)).await.problem().0, 404);
    assert_eq!(other.delete("/api/static-responses/not-an-id").await.problem().0, 404);
    assert_eq!(other.get(RULES).await.is(200), json!({ "items": [] }));
    assert_eq!(owner.get(RULES).await.is(200), json!({ "items": [made] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_is_sent_twice_under_one_key_is_made_once() {
    let api = Api::start().await;
    let (_, owner) = api.thread("Luna", 1).await;

    let first = owner.post_once("k-1", RULES, &rule("horario")).await;
    let again = owner.post_once("k-1", RULES, &rule("horario")).await;
    let another = owner.post_once("k-1", RULES, &rule("envio")).await;

    assert_eq!((first.status.as_u16(), first.replayed), (201, false));
    assert_eq!((again.status.as_u16(), again.replayed, &again.body), (201, true, &first.body));
    assert_eq!(another.problem().1, "idempotency-key-reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_book_has_an_end() {
    let api = Api::start().await;
    let (ana, owner) = api.thread("Luna", 1).await;
    api.app
        .run(&format!(
            "INSERT INTO static_responses (id, account_id, name, kind, pattern, body)
             SELECT gen_random_uuid(), '{}', 'r' || i, 'keyword', 'a', 'b' FROM generate_series(1, 500) i",
            ana.account
        ))
        .await;

    assert_eq!(owner.post(RULES, &rule("horario")).await.problem().1, "rule-book-full");
}
