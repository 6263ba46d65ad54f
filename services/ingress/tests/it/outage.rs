//! When Postgres is down, when the broker is down, and when both are.

use std::time::{Duration, Instant};

use events::SmsReceived;
use reqwest::StatusCode;
use testkit::{Rabbit, TcpProxy, until};

use crate::kit::{App, INBOUND, PATIENCE, Place, STATUS, text};

/// An app that reaches both servers through wires that can be cut.
async fn wired() -> (App, TcpProxy, TcpProxy) {
    let (db, rabbit) = (testkit::database().await, testkit::rabbit());
    let (to_db, to_rabbit) = (TcpProxy::before(&db.url).await, TcpProxy::before(&rabbit.url).await);
    let rabbit = Rabbit { url: to_rabbit.url(), ..rabbit };
    let place = Place { database_url: Some(to_db.url()), rabbit: Some(rabbit), config: None };
    let app = App::start_at(db, place).await;
    // Its queues are there once it has taken a text and begun to consume.
    until(PATIENCE, "it is ready", async || app.get("/readyz").await.status == StatusCode::OK)
        .await;
    (app, to_db, to_rabbit)
}

/// Until the spool is declared, a text that comes while the database is away is told 503.
async fn until_spooled(app: &App, n: usize) {
    until(PATIENCE, "a text is spooled", async || {
        app.twilio_posts(INBOUND, text(n, "hola")).await.status == StatusCode::OK
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_down_texts_are_spooled_and_drained_when_it_is_back() {
    let (app, to_db, _to_rabbit) = wired().await;
    to_db.cut().await;

    until_spooled(&app, 1).await;
    for n in 1..=20 {
        let answer = app.twilio_posts(INBOUND, text(n, "hola")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let malformed = app.twilio_posts(STATUS, "").await;
    assert_eq!(malformed.problem(), "400 malformed-webhook: `MessageSid` is missing");
    assert_eq!(app.count("webhook_receipts").await, "0");
    to_db.restore();

    until(PATIENCE, "the spool is drained", async || app.count("webhook_receipts").await == "21")
        .await;
    assert_eq!(app.count("webhook_receipts WHERE source = 'spool'").await, "21");
    assert_eq!(app.count("webhook_receipts WHERE kind = 'malformed'").await, "1");
    assert_eq!(app.count("outbox").await, "20");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_from_the_spool_says_what_it_would_have_said() {
    let (app, to_db, _to_rabbit) = wired().await;
    to_db.cut().await;
    until_spooled(&app, 7).await;
    to_db.restore();

    until(PATIENCE, "the spool is drained", async || app.count("outbox").await == "1").await;

    let event: SmsReceived = app.event().await;
    assert_eq!((event.body.as_str(), event.from.as_str()), ("hola", "+525512345678"));
    let receipt = app.db.ask("SELECT id FROM webhook_receipts").await.unwrap();
    assert_eq!(event.receipt.to_string(), receipt);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_does_not_answer_delays_a_text_by_seconds_and_only_once() {
    let (app, to_db, _to_rabbit) = wired().await;
    assert_eq!(app.twilio_posts(INBOUND, text(1, "hola")).await.status, StatusCode::OK);
    to_db.freeze();

    let begun = Instant::now();
    until_spooled(&app, 2).await;
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let begun = Instant::now();
    assert_eq!(app.twilio_posts(INBOUND, text(3, "hola")).await.status, StatusCode::OK);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    to_db.restore();

    until(PATIENCE, "the spool is drained", async || app.count("outbox").await == "3").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_both_are_down_the_sender_is_told_to_come_again() {
    let (app, to_db, to_rabbit) = wired().await;
    to_db.cut().await;
    to_rabbit.cut().await;

    let begun = Instant::now();
    let answer = app.twilio_posts(INBOUND, text(1, "hola")).await;

    assert!(begun.elapsed() < Duration::from_secs(11), "{:?}", begun.elapsed());
    assert_eq!(answer.problem(), "503 not-recorded: ");
    assert_eq!(answer.header("retry-after"), "5");
    to_db.restore();
    to_rabbit.restore();
    until(PATIENCE, "it is taken", async || {
        app.twilio_posts(INBOUND, text(1, "hola")).await.status == StatusCode::OK
    })
    .await;
    until(PATIENCE, "it is in the journal", async || app.count("outbox").await == "1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_broker_an_outage_is_told_and_over_at_once() {
    let db = testkit::database().await;
    let to_db = TcpProxy::before(&db.url).await;
    let app =
        App::start_at(db, Place { database_url: Some(to_db.url()), ..Place::default() }).await;
    to_db.cut().await;

    let answer = app.twilio_posts(INBOUND, text(1, "hola")).await;
    assert_eq!(answer.problem(), "503 not-recorded: ");
    to_db.restore();

    let answer = app.twilio_posts(INBOUND, text(1, "hola")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}
