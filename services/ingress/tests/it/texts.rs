//! Texts that come in.

use std::time::Duration;

use events::SmsReceived;
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde::Deserialize;
use testkit::until;

use crate::kit::{App, BASE, INBOUND, PATIENCE, STATUS, TOKEN, form, sid, signer, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_text_is_recorded_said_and_answered_with_empty_twiml() {
    let app = App::start().await;

    let answer = app.twilio_posts(INBOUND, text(1, "¿Sigue disponible? 👍")).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/xml");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.text, r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#);
    let event: SmsReceived = app.event().await;
    assert_eq!(event.sid.as_str(), sid(1));
    assert_eq!((event.from.as_str(), event.to.as_str()), ("+525512345678", "+525500000001"));
    assert_eq!(event.body, "¿Sigue disponible? 👍");
    let receipt = "SELECT concat_ws(' ', id, provider, kind, dedupe_key, source, request_target)
                   FROM webhook_receipts";
    let expected = format!("{} twilio sms_inbound {} webhook {INBOUND}", event.receipt, sid(1));
    assert_eq!(app.db.ask(receipt).await.unwrap(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_comes_thirty_two_times_at_once_is_recorded_once() {
    let app = App::start().await;

    let posts = (0..32).map(|_| app.twilio_posts(INBOUND, text(1, "hola")));
    let answers = join_all(posts).await;

    assert!(
        answers
            .iter()
            .all(|answer| answer.status == StatusCode::OK && answer.text.contains("<Response/>"))
    );
    assert_eq!(app.count("webhook_receipts").await, "1");
    assert_eq!(app.count("outbox").await, "1");
    let new = r#"ingress_webhooks_total{kind="sms_inbound",outcome="new"} 1"#;
    let doubled = r#"ingress_webhooks_total{kind="sms_inbound",outcome="duplicate"} 31"#;
    assert!(app.has_metric(new) && app.has_metric(doubled));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_taken_whatever_form_its_sender_has() {
    let app = App::start().await;

    for (n, sender) in ["26262", "BANCO", "whatsapp:+5215512345678", "???"].into_iter().enumerate()
    {
        let pairs = [
            ("MessageSid", &*sid(n)),
            ("AccountSid", crate::kit::ACCOUNT),
            ("From", sender),
            ("To", "x"),
        ];
        let answer = app.twilio_posts(INBOUND, form(&pairs)).await;
        assert_eq!(answer.status, StatusCode::OK, "{sender}");
    }

    assert_eq!(app.count("outbox").await, "4");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_that_cannot_be_read_does_not_cost_the_text() {
    let app = App::start().await;

    let body = text(1, "hola").replace("NumMedia=0", "NumMedia=many&NumSegments=-1");
    assert_eq!(app.twilio_posts(INBOUND, body).await.status, StatusCode::OK);

    assert_eq!(app.event::<SmsReceived>().await.body, "hola");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_without_words_is_a_text_as_well() {
    let app = App::start().await;

    let body = text(1, "").replace("NumMedia=0", "NumMedia=2");
    assert_eq!(app.twilio_posts(INBOUND, body).await.status, StatusCode::OK);

    let event: SmsReceived = app.event().await;
    assert_eq!((event.body.as_str(), event.num_media), ("", 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_postgres_cannot_hold_is_taken_out_of_the_event_and_kept_in_the_journal() {
    let app = App::start().await;

    let body = text(1, "a\0b");
    assert_eq!(app.twilio_posts(INBOUND, &body).await.status, StatusCode::OK);

    assert_eq!(app.event::<SmsReceived>().await.body, "ab");
    let kept = app.db.ask("SELECT convert_from(body, 'UTF8') FROM webhook_receipts").await;
    assert_eq!(kept.unwrap(), body);
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_that_nobody_knows_are_kept_byte_for_byte() {
    let app = App::start().await;

    let body = format!("{}&Nuevo=%c3%B1+%F0%9F%91%8D&Nuevo=&&x%20y=%ZZ&Body=otra", text(1, "hola"));
    assert_eq!(app.twilio_posts(INBOUND, &body).await.status, StatusCode::OK);

    let kept = app.db.ask("SELECT convert_from(body, 'UTF8') FROM webhook_receipts").await;
    assert_eq!(kept.unwrap(), body);
    assert_eq!(app.event::<SmsReceived>().await.body, "hola");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_request_target_is_verified_and_kept_as_it_came() {
    let app = App::start().await;

    let target = "/webhooks/sms/inb%6Fund?a=%c3%B1&b=%27%2f..//x&c";
    assert_eq!(app.twilio_posts(target, text(1, "hola")).await.status, StatusCode::OK);

    let kept = app.db.ask("SELECT request_target FROM webhook_receipts").await;
    assert_eq!(kept.unwrap(), target);
}

/// Captured webhooks with parameters as Twilio sends them.
#[derive(Deserialize)]
struct Samples {
    auth_token: String,
    samples: Vec<Sample>,
}

#[derive(Deserialize)]
struct Sample {
    id: String,
    url: String,
    headers: std::collections::BTreeMap<String, String>,
    body: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn captured_webhooks_are_taken() {
    let samples = include_str!("../fixtures/twilio_webhook_samples.json");
    let samples: Samples = serde_json::from_str(samples).unwrap();
    assert_eq!(samples.auth_token, TOKEN);
    let app = App::start().await;
    let mut taken = 0;

    for sample in samples.samples {
        let recorded_target = sample.url.strip_prefix(BASE).unwrap();
        let (target, status) = match recorded_target {
            "/webhooks/twilio/sms/inbound" => (INBOUND, StatusCode::OK),
            "/webhooks/twilio/sms/status" => (STATUS, StatusCode::NO_CONTENT),
            _ => continue,
        };
        let pairs = ingress::twilio::parse(sample.body.as_bytes());
        let recorded = &sample.headers["X-Twilio-Signature"];
        assert_eq!(
            signer().verify_form(recorded_target, &pairs, recorded),
            Ok(()),
            "{}",
            sample.id
        );
        let answer = app.twilio_posts(target, &sample.body).await;
        assert_eq!(answer.status, status, "{}: {}", sample.id, answer.text);
        taken += 1;
    }

    assert_eq!(taken, 13);
    assert_eq!(app.count("webhook_receipts WHERE kind = 'malformed'").await, "0");
    // Two of them are doubles.
    assert_eq!(app.count("webhook_receipts").await, app.count("outbox").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_answers_everyone_and_is_soon_over() {
    let app = App::start().await;
    until(PATIENCE, "it answers", async || app.get("/readyz").await.status == StatusCode::OK).await;
    assert_eq!(app.twilio_posts(INBOUND, text(1, "hola")).await.status, StatusCode::OK);

    let stopped = tokio::time::timeout(Duration::from_secs(8), app.running.stop()).await;

    assert!(stopped.is_ok(), "the writers end with the server, not by their own patience");
}
