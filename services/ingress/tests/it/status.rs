//! Reports on texts of ours.

use domain::MessageId;
use events::SmsStatusChanged;
use reqwest::StatusCode;

use crate::kit::{ACCOUNT, App, STATUS, form, sid};

fn report(n: usize, status: &str, more: &[(&str, &str)]) -> String {
    let sid = sid(n);
    let known = [("MessageSid", sid.as_str()), ("AccountSid", ACCOUNT), ("MessageStatus", status)];
    form(&[&known, more].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_names_the_text_that_its_address_names() {
    let app = App::start().await;
    let message = MessageId::generate();

    let target = format!("{STATUS}?message={message}");
    let body =
        report(1, "undelivered", &[("ErrorCode", "30003"), ("RawDlrDoneDate", "2611231800")]);
    let answer = app.twilio_posts(&target, body).await;

    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(answer.header("cache-control"), "no-store");
    let event: SmsStatusChanged = app.event().await;
    assert_eq!(event.message, Some(message));
    assert_eq!((event.status.as_str(), event.error_code), ("undelivered", Some(30003)));
    let key = app.db.ask("SELECT dedupe_key FROM webhook_receipts").await.unwrap();
    assert_eq!(key, format!("{}|undelivered|30003|2611231800", sid(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_report_on_a_text_is_kept_once() {
    let app = App::start().await;

    for status in ["sent", "delivered", "sent", "delivered"] {
        let answer = app.twilio_posts(STATUS, report(1, status, &[])).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    }

    assert_eq!(
        (app.count("webhook_receipts").await, app.count("outbox").await),
        ("2".into(), "2".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_is_new_to_us_is_passed_on() {
    let app = App::start().await;
    let word = format!("tele\0ported {}", "ñ".repeat(300));

    assert_eq!(
        app.twilio_posts(STATUS, report(1, &word, &[])).await.status,
        StatusCode::NO_CONTENT
    );

    let event: SmsStatusChanged = app.event().await;
    assert_eq!((event.status, event.message), (word.replace('\0', ""), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_our_id_is_no_reason_to_refuse_a_report() {
    let app = App::start().await;

    let answer = app.twilio_posts("/webhooks/sms/status?message=7", report(1, "sent", &[])).await;

    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(app.event::<SmsStatusChanged>().await.message, None);
}
