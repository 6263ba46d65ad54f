//! Status reports: late, doubled, shuffled, forged by a second id.

use domain::{MessageId, MessageSid};

use crate::app::{App, new_sid};

const ALICE: &str = "+525510000001";

async fn sent(app: &App) -> (MessageId, MessageSid) {
    app.hears(ALICE, app.number(0), "Hola").await;
    app.shows("SELECT count(*) FROM sms_messages", "1").await;
    app.drafts(ALICE, "Buenas tardes").await;
    app.shows("SELECT status FROM sms_messages WHERE direction = 'outbound'", "sent").await;
    let id = app.db.ask("SELECT id FROM sms_messages WHERE direction = 'outbound'").await.unwrap();
    let sid = app
        .db
        .ask("SELECT twilio_sid FROM sms_messages WHERE direction = 'outbound'")
        .await
        .unwrap();
    (id.parse().unwrap(), MessageSid::parse(&sid).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_in_any_order_end_in_the_same_state() {
    let orders = [
        ["sent", "delivered", "delivered", "queued"],
        ["delivered", "sent", "queued", "sent"],
        ["undelivered", "delivered", "sent", "undelivered"],
    ];
    for order in orders {
        let app = App::start().await;
        let (message, sid) = sent(&app).await;

        for word in order {
            let code = (word == "undelivered").then_some(30003);
            app.reports(message, &sid, word, code).await;
        }
        app.is_quiet().await;

        app.shows("SELECT status || ' ' || COALESCE(error_code, 0) FROM sms_messages WHERE direction = 'outbound'", "delivered 0").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_keeps_its_code_when_a_later_report_lacks_it() {
    let app = App::start().await;
    let (message, sid) = sent(&app).await;

    app.reports(message, &sid, "undelivered", Some(30005)).await;
    app.reports(message, &sid, "undelivered", None).await;
    app.is_quiet().await;

    app.shows(
        "SELECT status || ' ' || error_code FROM sms_messages WHERE direction = 'outbound'",
        "undelivered 30005",
    )
    .await;
    app.shows("SELECT unreachable_code FROM contacts", "30005").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_under_another_id_changes_nothing() {
    let app = App::start().await;
    let (message, _) = sent(&app).await;

    app.reports(message, &new_sid(), "failed", Some(30008)).await;
    app.is_quiet().await;

    app.shows("SELECT status FROM sms_messages WHERE direction = 'outbound'", "sent").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_comes_after_the_failure_still_has_its_consequences() {
    let app = App::start().await;
    let (message, sid) = sent(&app).await;

    app.reports(message, &sid, "undelivered", None).await;
    app.is_quiet().await;
    app.reports(message, &sid, "undelivered", Some(30005)).await;

    app.shows("SELECT unreachable_code FROM contacts", "30005").await;
}
