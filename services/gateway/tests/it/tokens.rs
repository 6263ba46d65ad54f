//! Programs.

use chrono::TimeDelta;
use domain::{Clock, Role};
use serde_json::{Value, json};
use testkit::until;

use crate::app::{App, SOON};
use crate::client::Client;

async fn token(of: &Client, scopes: &Value) -> Value {
    let body = json!({"name": "Nightly report", "scopes": scopes});
    of.post("/api/tokens", &body).await.expect(201).json()
}

fn program(of: &Client, made: &Value) -> Client {
    of.with_token(made["token"].as_str().unwrap())
}

#[tokio::test]
async fn a_program_asks_with_its_token_and_needs_no_csrf() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Admin).await;
    let made = token(&ana, &json!(["account:read", "account:write"])).await;
    assert!(made["token"].as_str().unwrap().starts_with(made["prefix"].as_str().unwrap()));
    let program = program(&ana, &made);

    let session = program.get("/api/session").await;
    assert_eq!(session.problem(), "403 not-permitted");
    let account = program.get("/api/account").await.expect(200).json();
    assert_eq!(account["name"], "Muebles La Esperanza");
    let body = json!({"language": "en"});
    program.send("PATCH", "/api/account", &body).await.expect(200);

    let list = ana.get("/api/tokens").await.expect(200).json();
    assert_eq!(list["items"][0]["token"], Value::Null);
    assert!(list["items"][0]["last_used_at"].is_string());
}

#[tokio::test]
async fn a_token_may_do_what_both_its_scopes_and_its_person_may() {
    let app = App::start().await;
    let owner = app.signed_in(Role::Owner).await;
    let luis = app.person("luis@example.mx", Role::Admin).await;
    let of_luis = app.sign_in("luis@example.mx").await;
    let made = token(&of_luis, &json!(["session:own", "audit:read", "account:read"])).await;
    let program = program(&of_luis, &made);
    program.get("/api/audit").await.expect(200);
    assert_eq!(program.get("/api/users").await.problem(), "403 not-permitted");
    let session = program.get("/api/session").await.expect(200).json();
    assert_eq!(session["permissions"], json!(["account:read", "audit:read", "session:own"]));
    assert_eq!(
        (session["csrf"].clone(), session["expires_at"].clone()),
        (Value::Null, Value::Null)
    );

    owner.send("PATCH", &format!("/api/users/{luis}"), &json!({"role": "agent"})).await.expect(200);

    assert_eq!(program.get("/api/audit").await.problem(), "403 not-permitted");
    program.get("/api/account").await.expect(200);
    owner
        .send("PATCH", &format!("/api/users/{luis}"), &json!({"disabled": true}))
        .await
        .expect(200);
    assert_eq!(program.get("/api/account").await.problem(), "401 not-signed-in");
}

#[tokio::test]
async fn nobody_gives_a_token_more_than_they_have() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let make = async |of: &Client, scopes: Value| {
        of.post("/api/tokens", &json!({"name": "t", "scopes": scopes})).await
    };
    for (scopes, problem) in [
        (json!(["contacts:read", "audit:read"]), "422 unexpected-json scopes[1] not-yours"),
        (json!(["everything"]), "422 unexpected-json scopes[0] unknown-permission"),
        (json!([]), "422 unexpected-json scopes blank"),
    ] {
        assert_eq!(make(&ana, scopes).await.problem(), problem);
    }

    let weak = program(&ana, &token(&ana, &json!(["tokens:own"])).await);
    let stronger = make(&weak, json!(["contacts:read"])).await;
    assert_eq!(stronger.problem(), "422 unexpected-json scopes[0] not-yours");
    make(&weak, json!(["tokens:own", "tokens:own"])).await.expect(201);
}

#[tokio::test]
async fn a_token_ends_when_it_is_revoked_in_every_process_and_when_its_time_is_up() {
    let app = App::start().await;
    let another = app.another();
    let ana = app.signed_in(Role::Agent).await;
    let made = token(&ana, &json!(["account:read"])).await;
    let there = program(&ana, &made).at(another.address);
    there.get("/api/account").await.expect(200);

    let target = format!("/api/tokens/{}", made["id"].as_str().unwrap());
    ana.delete(&target).await.expect(204);
    assert_eq!(ana.delete(&target).await.problem(), "404 no-such-token");
    until(SOON, "the other process knows", async || there.get("/api/account").await.status == 401)
        .await;

    let end = (app.clock.now() + TimeDelta::hours(1)).to_rfc3339();
    let body = json!({"name": "t", "scopes": ["account:read"], "expires_at": end});
    let short = program(&ana, &ana.post("/api/tokens", &body).await.expect(201).json());
    short.get("/api/account").await.expect(200);
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(short.get("/api/account").await.status, 401);
    let past = ana.post("/api/tokens", &body).await;
    assert_eq!(past.problem(), "422 unexpected-json expires_at in-the-past");
}

#[tokio::test]
async fn a_token_is_no_browser_that_signs_out() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let program = program(&ana, &token(&ana, &json!(["session:own"])).await);
    for (method, target, body) in [
        ("DELETE", "/api/session", json!({})),
        ("DELETE", "/api/sessions", json!({})),
        ("PUT", "/api/session/password", json!({"current": "x", "new": "staple battery horse"})),
        ("POST", "/api/session/second-factor", json!({})),
    ] {
        let answer = program.send(method, target, &body).await;
        assert_eq!(answer.problem(), "403 session-required", "{method} {target}");
    }
    program.get("/api/sessions").await.expect(200);
    ana.get("/api/session").await.expect(200);
}

#[tokio::test]
async fn what_is_no_token_of_ours_is_nobodys() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let made = token(&ana, &json!(["account:read"])).await;
    let good = made["token"].as_str().unwrap();
    let (bare, cut) = (good.trim_start_matches("hilo_"), &good[..good.len() - 1]);
    for bad in [bare, cut, "hilo_", "x"] {
        assert_eq!(ana.with_token(bad).get("/api/account").await.problem(), "401 not-signed-in");
    }
    // A header that is there counts, whatever the cookie says.
    let both = ana.clone().with("authorization", "Basic YTpi");
    assert_eq!(both.get("/api/account").await.status, 401);
}

#[tokio::test]
async fn the_same_request_again_makes_no_second_token_and_shows_none() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await.with("idempotency-key", "k-1");
    let body = json!({"name": "t", "scopes": ["account:read"]});
    let first = ana.post("/api/tokens", &body).await.expect(201).json();
    let again = ana.post("/api/tokens", &body).await.expect(201);

    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.json()["id"], first["id"]);
    assert_eq!(again.json()["token"], Value::Null);
    assert_eq!(app.count("api_tokens").await, 1);
    let other = ana.post("/api/tokens", &json!({"name": "u", "scopes": ["account:read"]})).await;
    assert_eq!(other.problem(), "422 idempotency-key-reused");
}

#[tokio::test]
async fn a_person_has_fifty_tokens_at_most() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    for _ in 0..50 {
        token(&ana, &json!(["account:read"])).await;
    }
    let body = json!({"name": "t", "scopes": ["account:read"]});
    assert_eq!(ana.post("/api/tokens", &body).await.problem(), "409 too-many-tokens");
}
