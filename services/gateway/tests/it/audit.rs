//! Who changed what.

use domain::Role;
use serde_json::{Value, json};
use testkit::until;
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::app::{App, SOON};

const ID: &str = "01890000-0000-7000-8000-000000000001";

#[tokio::test]
async fn every_write_is_on_record_granted_or_refused_and_no_reading_is() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    let agent = app.signed_in(Role::Agent).await;
    let target = format!("/api/contacts/{ID}");
    let changed = ResponseTemplate::new(200).set_body_json(json!({}));
    Mock::given(method("PATCH"))
        .and(path(&target))
        .respond_with(changed)
        .mount(&app.conversations)
        .await;

    let body = json!({"name": "Señora Paz"});
    let granted = agent.send("PATCH", &target, &body).await.expect(200);
    agent.delete(&target).await.expect(403);
    agent.get("/api/session").await.expect(200);
    agent.post("/api/labels", &body).await.expect(403);

    let page = admin.get("/api/audit?action=contacts:write").await.expect(200).json();
    let line = &page["items"][0];
    assert_eq!(page["total"], 1);
    assert_eq!(line["user"]["name"], "agent");
    assert_eq!((&line["method"], &line["path"]), (&json!("PATCH"), &json!("/api/contacts/{id}")));
    assert_eq!((&line["resource_id"], &line["status"]), (&json!(ID), &json!(200)));
    assert_eq!(line["request_id"].as_str(), granted.header("x-request-id"));
    let page = admin.get("/api/audit?action=contacts:delete").await.expect(200).json();
    assert_eq!(page["items"][0]["status"], 403);
    assert_eq!(app.count("audit_log WHERE method = 'GET'").await, 0);
    assert_eq!(app.count("audit_log t WHERE t::text LIKE '%Paz%'").await, 0);
}

#[tokio::test]
async fn a_program_is_on_record_with_its_person() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    let body = json!({"name": "t", "scopes": ["account:write"]});
    let token = admin.post("/api/tokens", &body).await.expect(201).json();
    let program = admin.with_token(token["token"].as_str().unwrap());
    program.send("PATCH", "/api/account", &json!({"name": "x"})).await.expect(200);

    let lines =
        "audit_log WHERE action = 'account:write' AND token_id IS NOT NULL AND user_id IS NOT NULL";
    assert_eq!(app.count(lines).await, 1);
}

#[tokio::test]
async fn who_signed_in_and_who_was_refused_is_on_record() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    app.stranger().signs_in("admin@example.mx", "wrong horse").await.expect(401);
    app.stranger().signs_in("nobody@example.mx", "wrong horse").await.expect(401);
    let count = async |action: &str| -> Value {
        admin.get(&format!("/api/audit?action={action}")).await.expect(200).json()["total"].clone()
    };
    until(SOON, "both are on record", async || {
        count("session:sign-in").await == 1 && count("session:refused").await == 1
    })
    .await;
}

#[tokio::test]
async fn the_log_of_another_account_is_not_there_and_one_may_look_for_a_person() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    let (_, neighbour) = app.neighbour().await;
    neighbour.send("PATCH", "/api/account", &json!({"name": "x"})).await.expect(200);
    admin.send("PATCH", "/api/account", &json!({"name": "y"})).await.expect(200);
    let me = admin.get("/api/session").await.json()["user"]["id"].as_str().unwrap().to_owned();

    let mine =
        admin.get(&format!("/api/audit?user_id={me}&action=account:write")).await.expect(200);
    assert_eq!(mine.json()["total"], 1);
    let theirs = neighbour.get(&format!("/api/audit?user_id={me}")).await.expect(200);
    assert_eq!(theirs.json()["total"], 0);
    let bad = admin.get("/api/audit?user_id=x").await;
    assert_eq!(bad.problem(), "400 malformed-query user_id unexpected-value");
}

#[tokio::test]
async fn a_write_that_failed_on_our_side_is_not_on_record() {
    let app = App::start().await;
    let agent = app.signed_in(Role::Agent).await;
    let broken = ResponseTemplate::new(500);
    Mock::given(method("POST")).respond_with(broken).mount(&app.conversations).await;
    agent.post("/api/contacts", &json!({})).await.expect(500);
    assert_eq!(app.count("audit_log WHERE action = 'contacts:write'").await, 0);
}
