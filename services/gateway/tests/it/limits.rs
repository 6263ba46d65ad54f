//! How often somebody may ask.

use chrono::TimeDelta;
use domain::Role;
use serde_json::json;

use crate::app::{App, PASSWORD};

#[tokio::test]
async fn a_session_that_asks_too_often_is_told_when_to_ask_again() {
    let app = App::start_changed(&|config| {
        config.requests_per_second = 2;
        config.request_burst = 3;
    })
    .await;
    let ana = app.signed_in(Role::Agent).await;
    let other = app.sign_in("agent@example.mx").await;

    let left = ana.get("/api/session").await.expect(200);
    assert_eq!(left.header("ratelimit-limit"), Some("3"));
    assert_eq!(left.header("ratelimit-remaining"), Some("2"));
    for _ in 0..2 {
        ana.get("/api/session").await.expect(200);
    }
    let refused = ana.get("/api/session").await;
    assert_eq!(refused.problem(), "429 too-many-requests");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.header("ratelimit-remaining"), Some("0"));
    other.get("/api/session").await.expect(200);

    app.clock.advance(TimeDelta::milliseconds(500));
    ana.get("/api/session").await.expect(200);
}

#[tokio::test]
async fn an_address_that_guesses_tokens_is_slowed_down_and_whoever_is_signed_in_there_is_not() {
    let app = App::start_changed(&|config| {
        config.stranger_requests_per_second = 1;
        config.stranger_burst = 5;
    })
    .await;
    let ana = app.signed_in(Role::Agent).await;
    let guess = ana.with_token("hilo_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(guess.get("/api/account").await.status);
    }

    assert_eq!(statuses[..4], [401; 4]);
    assert_eq!(statuses[5], 429);
    ana.get("/api/session").await.expect(200);
    let sign_in = json!({"email": "agent@example.mx", "password": PASSWORD});
    assert_eq!(app.stranger().post("/api/session", &sign_in).await.status, 429);
    app.clock.advance(TimeDelta::seconds(5));
    assert_eq!(guess.get("/api/account").await.status, 401);
}
