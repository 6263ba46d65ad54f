//! How long a session lasts, and how it ends.

use chrono::TimeDelta;
use domain::Role;
use serde_json::json;
use testkit::until;

use crate::app::{App, PASSWORD, SOON};

#[tokio::test]
async fn every_sign_in_is_a_session_of_its_own_and_ends_the_one_before_in_that_browser() {
    let app = App::start().await;
    let mut ana = app.signed_in(Role::Agent).await;
    let before = ana.clone();

    ana.signs_in("agent@example.mx", PASSWORD).await.expect(200);

    assert_ne!(ana.cookie, before.cookie);
    ana.get("/api/session").await.expect(200);
    until(SOON, "the session before has ended", async || {
        before.get("/api/session").await.status == 401
    })
    .await;
    assert_eq!(app.count("sessions").await, 1);
}

#[tokio::test]
async fn a_session_ends_when_it_was_not_used_for_twelve_hours() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;

    for _ in 0..3 {
        app.clock.advance(TimeDelta::hours(11));
        ana.get("/api/session").await.expect(200);
    }
    app.clock.advance(TimeDelta::hours(12));
    assert_eq!(ana.get("/api/session").await.problem(), "401 not-signed-in");
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_however_much_it_was_used() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    for _ in 0..71 {
        app.clock.advance(TimeDelta::hours(10));
        ana.get("/api/session").await.expect(200);
    }
    app.clock.advance(TimeDelta::hours(10));
    assert_eq!(ana.get("/api/session").await.problem(), "401 not-signed-in");
}

#[tokio::test]
async fn when_somebody_was_last_here_is_written_once_a_minute_at_most() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let seen = async || app.db.ask("SELECT last_seen_at FROM sessions").await.unwrap();
    let begun = seen().await;

    app.clock.advance(TimeDelta::seconds(59));
    app.another();
    ana.get("/api/session").await.expect(200);
    assert_eq!(seen().await, begun);

    app.clock.advance(TimeDelta::hours(1));
    let another = app.another();
    ana.at(another.address).get("/api/session").await.expect(200);
    assert_ne!(seen().await, begun);
}

#[tokio::test]
async fn signing_out_ends_it_in_every_process() {
    let app = App::start().await;
    let another = app.another();
    let ana = app.signed_in(Role::Agent).await;
    let there = ana.at(another.address);
    there.get("/api/session").await.expect(200);

    let gone = ana.delete("/api/session").await.expect(204);

    assert!(gone.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(ana.get("/api/session").await.problem(), "401 not-signed-in");
    until(SOON, "the other process knows", async || there.get("/api/session").await.status == 401)
        .await;
}

#[tokio::test]
async fn one_sees_ones_sessions_and_ends_those_that_are_not_at_hand() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await.with("user-agent", "Firefox");
    let phone = app.sign_in("agent@example.mx").await;
    let tablet = app.sign_in("agent@example.mx").await;
    let (_, neighbour) = app.neighbour().await;

    let list = ana.get("/api/sessions").await.expect(200).json();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    assert_eq!(items.iter().filter(|item| item["current"] == true).count(), 1);
    let theirs = neighbour.get("/api/sessions").await.expect(200).json();
    let theirs = theirs["items"][0]["id"].as_str().unwrap().to_owned();
    let other = ana.delete(&format!("/api/sessions/{theirs}")).await;
    assert_eq!(other.problem(), "404 no-such-session");

    let one = items.iter().find(|item| item["current"] == false).unwrap()["id"].as_str().unwrap();
    ana.delete(&format!("/api/sessions/{one}")).await.expect(204);
    ana.delete("/api/sessions").await.expect(204);

    for gone in [phone, tablet] {
        assert_eq!(gone.get("/api/session").await.status, 401);
    }
    ana.get("/api/session").await.expect(200);
    neighbour.get("/api/session").await.expect(200);
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_and_changes_the_cookie_of_this_one() {
    let app = App::start().await;
    let mut ana = app.signed_in(Role::Agent).await;
    let phone = app.sign_in("agent@example.mx").await;
    let before = ana.clone();
    let change = |current: &str, new: &str| json!({"current": current, "new": new});
    let target = "/api/session/password";

    let short = ana.send("PUT", target, &change(PASSWORD, "short")).await;
    assert_eq!(short.problem(), "422 unexpected-json new too-short");
    let wrong = ana.send("PUT", target, &change("not this one", "staple battery horse")).await;
    assert_eq!(wrong.problem(), "422 unexpected-json current wrong-password");

    let changed =
        ana.send("PUT", target, &change(PASSWORD, "staple battery horse")).await.expect(204);
    ana.keep(&changed);

    assert_ne!((&ana.cookie, &ana.csrf), (&before.cookie, &before.csrf));
    for gone in [before, phone] {
        assert_eq!(gone.get("/api/session").await.status, 401);
    }
    assert_eq!(ana.get("/api/session").await.json()["csrf"].as_str(), ana.csrf.as_deref());
    ana.delete("/api/sessions").await.expect(204);
    assert_eq!(app.stranger().signs_in("agent@example.mx", PASSWORD).await.status, 401);
    app.stranger().signs_in("agent@example.mx", "staple battery horse").await.expect(200);
}

#[tokio::test]
async fn who_sits_at_an_open_browser_may_not_guess_the_password_for_ever() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let guess = json!({"current": "not this one", "new": "staple battery horse"});
    for _ in 0..5 {
        assert_eq!(ana.send("PUT", "/api/session/password", &guess).await.status, 422);
    }
    let stopped = ana.send("PUT", "/api/session/password", &guess).await;
    assert_eq!(stopped.problem(), "429 too-many-attempts");
}

#[tokio::test]
async fn a_person_has_fifty_sessions_at_most() {
    let app = App::start().await;
    let first = app.signed_in(Role::Agent).await;
    for _ in 0..50 {
        app.clock.advance(TimeDelta::seconds(1));
        app.sign_in("agent@example.mx").await;
    }
    assert_eq!(app.count("sessions").await, 50);
    let another = app.another();
    assert_eq!(first.at(another.address).get("/api/session").await.status, 401);
}

#[tokio::test]
async fn no_secret_is_kept_as_it_was_given_out() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Owner).await;
    let invited = ana
        .post("/api/invitations", &json!({"email": "x@example.mx", "role": "agent"}))
        .await
        .expect(201)
        .json();
    let token = ana
        .post("/api/tokens", &json!({"name": "t", "scopes": ["account:read"]}))
        .await
        .expect(201)
        .json();
    let cookie = ana.cookie.as_ref().unwrap().split('=').next_back().unwrap().to_owned();
    let secret = invited["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let token = token["token"].as_str().unwrap().to_owned();

    for given in [cookie, secret, token] {
        for table in ["sessions", "invitations", "api_tokens", "audit_log", "idempotency_keys"] {
            let found = format!("SELECT count(*) FROM {table} t WHERE t::text LIKE '%{given}%'");
            assert_eq!(app.db.ask(&found).await.as_deref(), Some("0"), "{table}");
        }
    }
}
