//! Who comes in, and who does not.

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use domain::Role;
use serde_json::json;

use crate::app::{App, PASSWORD};

#[tokio::test]
async fn a_person_signs_in_and_the_page_learns_who_they_are() {
    let app = App::start().await;
    app.person("ana@example.mx", Role::Agent).await;
    let mut ana = app.stranger();

    let answer = ana.signs_in(" Ana@Example.MX ", PASSWORD).await.expect(200);

    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-hilo_session="), "{cookie}");
    for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
    let session = ana.get("/api/session").await.expect(200).json();
    assert_eq!(session["user"]["email"], "ana@example.mx");
    assert_eq!(session["user"]["role"], "agent");
    assert_eq!(session["account"]["name"], "Muebles La Esperanza");
    assert_eq!(session["csrf"].as_str(), ana.csrf.as_deref());
    assert_eq!(
        (session["sandbox"].clone(), session["second_factor"].clone()),
        (json!(false), json!(false))
    );
    let permissions = session["permissions"].as_array().unwrap();
    assert!(permissions.contains(&json!("conversations:send")));
    assert!(!permissions.contains(&json!("audit:read")));
}

#[tokio::test]
async fn a_stranger_a_wrong_password_and_a_person_kept_out_are_answered_alike() {
    let app = App::start().await;
    app.person("ana@example.mx", Role::Agent).await;
    app.person("luis@example.mx", Role::Agent).await;
    let keep_out =
        "UPDATE users SET disabled_at = now() WHERE email = 'luis@example.mx' RETURNING 1";
    app.db.conn().await.batch_execute(keep_out).await.unwrap();

    let mut answers = Vec::new();
    for (email, password) in [
        ("nobody@example.mx", PASSWORD),
        ("ana@example.mx", "wrong horse battery"),
        ("luis@example.mx", PASSWORD),
    ] {
        let answer = app.stranger().signs_in(email, password).await;
        assert_eq!(answer.problem(), "401 wrong-credentials");
        assert_eq!(answer.header("set-cookie"), None);
        let mut problem = answer.json();
        problem["request_id"].take();
        answers.push(problem);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
}

#[tokio::test]
async fn a_form_of_another_site_signs_nobody_in() {
    let app = App::start().await;
    app.person("ana@example.mx", Role::Agent).await;
    let host = app.address.to_string();

    for (header, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let answer = app.stranger().with(header, value).signs_in("ana@example.mx", PASSWORD).await;
        assert_eq!(answer.problem(), "403 cross-site", "{header}: {value}");
    }
    for (header, value) in [
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "none"),
        ("origin", "https://hilo.example.mx"),
        ("origin", &format!("http://{host}")),
    ] {
        let mut client = app.stranger().with(header, value);
        client.signs_in("ana@example.mx", PASSWORD).await.expect(200);
    }
}

#[tokio::test]
async fn a_form_that_does_not_fit_names_the_field() {
    let app = App::start().await;
    let stranger = app.stranger();
    let post = async |body| stranger.post("/api/session", &body).await.problem();

    assert_eq!(
        post(json!({"email": "ana", "password": PASSWORD})).await,
        "422 unexpected-json email not-an-email-address"
    );
    assert_eq!(
        post(json!({"email": "ana@example.mx", "password": "x".repeat(201)})).await,
        "422 unexpected-json password too-long"
    );
    assert_eq!(
        post(json!({"email": "ana@example.mx", "password": 7})).await,
        "422 unexpected-json password unexpected-value"
    );
    assert!(
        post(json!({"email": "a@b.mx", "password": "x", "remember": true}))
            .await
            .starts_with("422")
    );
}

#[tokio::test]
async fn five_failures_close_the_door_for_a_quarter_of_an_hour_and_for_that_address_alone() {
    let app = App::start_changed(&|config| config.trusted_proxies = 1).await;
    app.person("ana@example.mx", Role::Agent).await;
    let at = |address: &str| app.stranger().with("x-forwarded-for", address);

    for _ in 0..5 {
        let wrong = at("203.0.113.7").signs_in("ana@example.mx", "wrong horse").await;
        assert_eq!(wrong.problem(), "401 wrong-credentials");
    }
    app.clock.advance(TimeDelta::minutes(5));
    let closed = at("203.0.113.7").signs_in("ana@example.mx", PASSWORD).await;
    assert_eq!(closed.problem(), "429 too-many-attempts");
    assert_eq!(closed.header("retry-after"), Some("600"));
    at("203.0.113.8").signs_in("ana@example.mx", PASSWORD).await.expect(200);

    app.clock.advance(TimeDelta::minutes(10));
    at("203.0.113.7").signs_in("ana@example.mx", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn who_gets_in_begins_to_count_anew() {
    let app = App::start().await;
    app.person("ana@example.mx", Role::Agent).await;
    for _ in 0..3 {
        for _ in 0..4 {
            let wrong = app.stranger().signs_in("ana@example.mx", "wrong horse").await;
            assert_eq!(wrong.status, 401);
        }
        app.sign_in("ana@example.mx").await;
    }
    assert_eq!(app.count("sign_in_failures").await, 0);
}

#[tokio::test]
async fn an_address_that_tries_everybody_is_stopped_at_thirty() {
    let app = App::start().await;
    for n in 0..30 {
        let email = format!("nobody{n}@example.mx");
        assert_eq!(app.stranger().signs_in(&email, PASSWORD).await.status, 401);
    }
    let stopped = app.stranger().signs_in("somebody@example.mx", PASSWORD).await;
    assert_eq!(stopped.problem(), "429 too-many-attempts");
}

#[tokio::test]
async fn nobody_is_locked_out_of_where_they_have_signed_in_before() {
    let app = App::start_changed(&|config| config.trusted_proxies = 1).await;
    app.person("ana@example.mx", Role::Agent).await;
    let at = |address: String| app.stranger().with("x-forwarded-for", &address);
    at("203.0.113.7".to_owned()).signs_in("ana@example.mx", PASSWORD).await.expect(200);

    let failures = "INSERT INTO sign_in_failures (email_hash, address, at)
         SELECT sha256('ana@example.mx'), '198.51.100.' || n, '2026-11-23 17:30:00Z' FROM generate_series(1, 100) AS n";
    app.db.conn().await.batch_execute(failures).await.unwrap();

    let elsewhere = at("192.0.2.1".to_owned()).signs_in("ana@example.mx", PASSWORD).await;
    assert_eq!(elsewhere.problem(), "429 too-many-attempts");
    at("203.0.113.7".to_owned()).signs_in("ana@example.mx", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn attempts_at_the_same_instant_do_not_slip_through_together() {
    let app = App::start().await;
    app.person("ana@example.mx", Role::Agent).await;

    let attempts = (0..20)
        .map(|_| async { app.stranger().signs_in("ana@example.mx", "wrong horse").await.status });
    let statuses = futures_util::future::join_all(attempts).await;

    let looked_at = statuses.iter().filter(|status| **status == 401).count();
    assert!(looked_at <= 5, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 401 | 429)), "{statuses:?}");
}
