//! A code beside the password.

use chrono::TimeDelta;
use domain::{Clock, Role};
use gateway::access::totp::code_at;
use serde_json::{Value, json};

use crate::app::{App, PASSWORD};
use crate::client::{Answer, Client};

const TARGET: &str = "/api/session/second-factor";

/// The code that an authenticator app shows.
fn code(app: &App, secret: &str) -> String {
    code_at(&unbase32(secret), app.clock.now().timestamp() / 30)
}

fn unbase32(text: &str) -> Vec<u8> {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = text.chars().map(|c| format!("{:05b}", alphabet.find(c).unwrap())).collect();
    let bytes = bits.as_bytes().chunks_exact(8);
    bytes.map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap()).collect()
}

async fn signs_in(app: &App, code: Option<&str>) -> Answer {
    let body = json!({"email": "agent@example.mx", "password": PASSWORD, "code": code});
    app.stranger().signs_in_with(&body).await
}

/// Sets one up; gives its secret and the recovery codes.
async fn set_up(app: &App, ana: &Client) -> (String, Vec<Value>) {
    let begun = ana.post(TARGET, &json!({})).await.expect(201).json();
    let secret = begun["secret"].as_str().unwrap().to_owned();
    assert!(begun["otpauth_url"].as_str().unwrap().contains(&secret));
    let confirm = json!({"code": code(app, &secret)});
    let confirmed = ana.post(&format!("{TARGET}/confirm"), &confirm).await.expect(200).json();
    app.clock.advance(TimeDelta::seconds(30));
    (secret, confirmed["recovery_codes"].as_array().unwrap().clone())
}

#[tokio::test]
async fn once_confirmed_a_code_is_asked_for_and_each_is_good_once() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    ana.post(TARGET, &json!({})).await.expect(201);
    signs_in(&app, None).await.expect(200);

    let (secret, codes) = set_up(&app, &ana).await;

    assert_eq!(codes.len(), 10);
    assert_eq!(ana.get("/api/session").await.json()["second_factor"], true);
    let asked = signs_in(&app, None).await;
    assert_eq!(asked.problem(), "401 second-factor-required");
    assert_eq!(asked.header("set-cookie"), None);
    assert_eq!(signs_in(&app, Some("000000")).await.problem(), "401 wrong-code");
    let shown = code(&app, &secret);
    signs_in(&app, Some(&shown)).await.expect(200);
    assert_eq!(signs_in(&app, Some(&shown)).await.problem(), "401 wrong-code");
    app.clock.advance(TimeDelta::seconds(30));
    signs_in(&app, Some(&code(&app, &secret))).await.expect(200);
}

#[tokio::test]
async fn a_recovery_code_is_good_once() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let (_, codes) = set_up(&app, &ana).await;
    let code = codes[3].as_str().unwrap();

    signs_in(&app, Some(&code.to_uppercase())).await.expect(200);
    assert_eq!(signs_in(&app, Some(code)).await.problem(), "401 wrong-code");
    signs_in(&app, Some(codes[4].as_str().unwrap())).await.expect(200);
}

#[tokio::test]
async fn codes_are_guessed_no_more_often_than_passwords() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    set_up(&app, &ana).await;
    for _ in 0..5 {
        assert_eq!(signs_in(&app, None).await.problem(), "401 second-factor-required");
        assert_eq!(signs_in(&app, Some("000000")).await.problem(), "401 wrong-code");
    }
    assert_eq!(signs_in(&app, Some("000000")).await.problem(), "429 too-many-attempts");
}

#[tokio::test]
async fn a_wrong_first_code_confirms_nothing() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let confirm = format!("{TARGET}/confirm");
    let nothing = ana.post(&confirm, &json!({"code": "000000"})).await;
    assert_eq!(nothing.problem(), "409 no-second-factor-to-confirm");

    ana.post(TARGET, &json!({})).await.expect(201);
    let wrong = ana.post(&confirm, &json!({"code": "000000"})).await;
    assert_eq!(wrong.problem(), "422 unexpected-json code wrong-code");
    signs_in(&app, None).await.expect(200);
}

#[tokio::test]
async fn it_is_taken_away_with_the_password_and_not_put_over_another() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    set_up(&app, &ana).await;

    assert_eq!(ana.post(TARGET, &json!({})).await.problem(), "409 second-factor-exists");
    let wrong = ana.send("DELETE", TARGET, &json!({"password": "not this one"})).await;
    assert_eq!(wrong.problem(), "422 unexpected-json password wrong-password");
    ana.send("DELETE", TARGET, &json!({"password": PASSWORD})).await.expect(204);

    signs_in(&app, None).await.expect(200);
    assert_eq!(app.count("recovery_codes").await, 0);
}

#[tokio::test]
async fn who_sets_up_again_under_the_same_key_gets_the_same_secret_and_no_codes() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let first = ana.clone().with("idempotency-key", "one");
    let begun = first.post(TARGET, &json!({})).await.expect(201);
    let again = first.post(TARGET, &json!({})).await.expect(201);
    assert_eq!(begun.json(), again.json());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));

    let second = ana.with("idempotency-key", "two");
    let confirm = json!({"code": code(&app, begun.json()["secret"].as_str().unwrap())});
    let target = format!("{TARGET}/confirm");
    second.post(&target, &confirm).await.expect(200);
    let again = second.post(&target, &confirm).await.expect(200);
    assert_eq!(again.json(), json!({"recovery_codes": []}));
}
