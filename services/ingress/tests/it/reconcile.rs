//! Texts whose webhook never came.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::{MessageSid, Timestamp};
use events::{Event, SmsReceived};
use ingress::reconcile::{self, Reconciler};
use ingress::writer::Writer;
use providers::SmsRecord;
use providers::fake::FakeSms;
use testkit::clock::noon;
use testkit::{ManualClock, TestDb, until};
use wiremock::matchers::{basic_auth, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::journal::entry;
use crate::kit::{ACCOUNT, App, PATIENCE, TOKEN, config, sid, unhex};

fn ago(minutes: i64) -> Timestamp {
    noon() - TimeDelta::minutes(minutes)
}

fn on_record(n: usize, created_at: Timestamp) -> SmsRecord {
    SmsRecord {
        sid: MessageSid::parse(&sid(n)).unwrap(),
        from: "26262".to_owned(),
        to: "+525500000001".to_owned(),
        body: "¿Sigue? a+b&c=d".to_owned(),
        inbound: true,
        status: "received".to_owned(),
        error_code: None,
        num_media: 1,
        created_at,
    }
}

fn reconciler(db: &TestDb, log: &Arc<FakeSms>) -> Reconciler {
    let telemetry = testkit::telemetry();
    Reconciler {
        log: log.clone(),
        writer: Writer::new(db.pool(Some("hilo_ingress")), &telemetry.meters()),
        clock: ManualClock::default().shared(),
        account: ACCOUNT.to_owned(),
        every: Duration::from_secs(300),
        window: Duration::from_secs(24 * 60 * 60),
        recovered: reconcile::counter(&telemetry.meters()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_never_came_is_recorded_and_said_once() {
    let (db, log) = (testkit::database().await, Arc::new(FakeSms::default()));
    log.has_on_record(on_record(1, ago(10)));
    let reconciler = reconciler(&db, &log);

    assert_eq!(reconciler.once().await.unwrap(), 1);
    assert_eq!(reconciler.once().await.unwrap(), 0);

    let hex = db.ask("SELECT encode(payload, 'hex') FROM outbox").await.unwrap();
    let event = SmsReceived::decode(&unhex(&hex)).unwrap();
    assert_eq!((event.body.as_str(), event.from.as_str()), ("¿Sigue? a+b&c=d", "26262"));
    assert_eq!((event.num_media, event.sid.as_str()), (1, sid(1).as_str()));
    let source =
        db.ask("SELECT concat_ws(' ', source, request_target) FROM webhook_receipts").await;
    assert_eq!(source.unwrap(), "reconciliation reconciliation");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_should_have_come_and_did_not_is_recovered() {
    let (db, log) = (testkit::database().await, Arc::new(FakeSms::default()));
    let reconciler = reconciler(&db, &log);
    reconciler.writer.write(&[entry(1)]).await.unwrap();
    log.has_on_record(on_record(1, ago(10)));
    log.has_on_record(SmsRecord { inbound: false, ..on_record(2, ago(10)) });
    log.has_on_record(on_record(3, noon()));
    log.has_on_record(on_record(4, ago(60 * 25)));
    log.has_on_record(on_record(5, ago(60 * 23)));

    assert_eq!(reconciler.once().await.unwrap(), 1);

    let keys = "SELECT string_agg(dedupe_key, ' ' ORDER BY dedupe_key) FROM webhook_receipts";
    assert_eq!(db.ask(keys).await.unwrap(), [sid(1), sid(5)].join(" "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_looks_for_what_it_missed_as_soon_as_it_starts() {
    let app = App::start_after(|log| log.has_on_record(on_record(1, ago(10)))).await;

    until(PATIENCE, "it is recovered", async || app.count("outbox").await == "1").await;

    until(PATIENCE, "it is counted", async || app.has_metric("ingress_recovered_total 1")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_is_read_from_the_twilio_of_the_settings() {
    let stub = MockServer::start().await;
    let listed = serde_json::json!({"next_page_uri": null, "messages": [{
        "sid": sid(1), "from": "+525512345678", "to": "+525500000001", "body": "hola",
        "direction": "inbound", "status": "received", "error_code": null, "num_media": "0",
        "date_created": "Mon, 23 Nov 2026 17:50:00 +0000",
    }]});
    Mock::given(method("GET"))
        .and(path(format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json")))
        .and(basic_auth(ACCOUNT, TOKEN))
        .and(query_param("DateSent>", "2026-11-22"))
        .respond_with(ResponseTemplate::new(200).set_body_json(listed))
        .mount(&stub)
        .await;
    let mut config = config();
    config.twilio.base_url = stub.uri();

    let app = App::start_wired(config).await;

    until(PATIENCE, "it is recovered", async || app.count("outbox").await == "1").await;
    assert_eq!(app.event::<SmsReceived>().await.body, "hola");
}
