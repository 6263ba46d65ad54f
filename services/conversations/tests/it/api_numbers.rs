//! I look after our numbers.

use serde_json::json;
use testkit::world;

use crate::app::App;

const ALICE: &str = "+525510000001";

#[tokio::test(flavor = "multi_thread")]
async fn each_number_says_what_it_has_done_and_how_it_is() {
    let app = App::start().await;
    app.hears(ALICE, app.number(0), "Hola").await;
    app.hears("+525510000002", app.number(0), "Hola").await;
    app.shows("SELECT count(*) FROM sms_messages", "2").await;
    app.drafts(ALICE, "Buenas tardes").await;
    app.sent(1).await;

    let listed = app.get("/api/numbers").await.ok();

    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    let first = items.iter().find(|it| it["phone_number"] == app.number(0).as_e164()).unwrap();
    assert_eq!(first["active_conversations"], 2);
    assert_eq!(first["total_messages"], 3);
    assert_eq!(first["health"], "ok");
    let path = format!("/api/numbers/{}", app.numbers[0].0);
    assert_eq!(&app.get(&path).await.ok(), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_rests_gets_nobody_new_and_says_so() {
    let app = App::start().await;
    app.listens().await;
    let path = format!("/api/numbers/{}", app.numbers[0].0);

    let rests = json!({"quarantined_until": "2099-01-01T00:00:00Z", "label": "Norte", "rotation_priority": 7,
        "new_recipients_per_day": 3, "segments_per_second": 2.5});
    let edited = app.patch(&path, rests).await.ok();
    assert_eq!(edited["health"], "quarantined");
    assert_eq!(edited["label"], "Norte");
    assert_eq!(edited["segments_per_second"], 2.5);
    let awake = app.patch(&path, json!({"quarantined_until": null})).await.ok();
    assert_eq!((&awake["health"], &awake["label"]), (&json!("ok"), &json!("Norte")));
    let off = app.patch(&path, json!({"rotation_enabled": false})).await.ok();
    assert_eq!(off["health"], "off");
    app.changes(
        "UPDATE number_pace SET paused_until = now() + interval '1 hour', paused_code = 21606",
    )
    .await;
    let paused = app.get(&path).await.ok();
    assert_eq!((&paused["health"], &paused["paused_code"]), (&json!("paused"), &json!(21606)));
    app.said("numbers.changed", 3).await;
    for (edit, field) in [
        (json!({"rotation_priority": 0}), "rotation_priority"),
        (json!({"rotation_priority": 101}), "rotation_priority"),
        (json!({"new_recipients_per_day": 0}), "new_recipients_per_day"),
        (json!({"segments_per_second": 0}), "segments_per_second"),
        (json!({"label": "x".repeat(101)}), "label"),
        (json!({"uses": 1}), "uses"),
    ] {
        let refused = app.patch(&path, edit).await;
        assert_eq!((refused.status, &refused.body["fields"][0]["path"]), (422, &json!(field)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_joins_the_pool_when_it_is_ours_at_twilio_and_nobodys_here() {
    let app = App::start().await;
    assert_eq!(app.get("/api/numbers/available").await.refusal(), "503 provider-unavailable");
    let (neighbour, _) = app.neighbour().await;
    let theirs =
        world::number(&mut app.db.conn().await, neighbour.account, Default::default()).await.1;
    let (free, unknown) = (world::customer(90), world::customer(91));
    app.sms.rents(free.clone(), "Ventas");
    app.sms.rents(theirs.clone(), "Otra");

    let available = app.get("/api/numbers/available").await.ok();
    let mut listed: Vec<(&str, bool)> = available["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["phone_number"].as_str().unwrap(), it["in_use"].as_bool().unwrap()))
        .collect();
    listed.sort_unstable();
    let mut expected = [(free.as_e164(), false), (theirs.as_e164(), true)];
    expected.sort_unstable();
    assert_eq!(listed, expected);

    let new = json!({"phone_number": free.as_e164(), "rotation_priority": 5});
    let added = app.post_once("/api/numbers", new.clone(), "add-1").await;
    assert_eq!((added.status, &added.body["label"]), (201, &json!("Ventas")));
    assert_eq!(added.body["rotation_priority"], 5);
    let again = app.post_once("/api/numbers", new.clone(), "add-1").await;
    assert_eq!((again.status, &again.body["id"]), (201, &added.body["id"]));
    assert_eq!(app.post("/api/numbers", new).await.refusal(), "409 number-taken");
    let taken = app.post("/api/numbers", json!({"phone_number": theirs.as_e164()})).await;
    assert_eq!(taken.refusal(), "409 number-taken");
    let refused = app.post("/api/numbers", json!({"phone_number": unknown.as_e164()})).await;
    assert_eq!(refused.refusal(), "422 not-in-twilio-account");
    assert_eq!(app.get("/api/numbers").await.ok()["items"].as_array().unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_counted_once_whether_they_are_old_or_new() {
    let app = App::start().await;
    app.hears(ALICE, app.number(0), "Hola").await;
    app.shows("SELECT count(*) FROM sms_messages", "1").await;
    // Texts of last year, of which the teller takes two batches.
    app.changes(&format!(
        "INSERT INTO sms_messages (id, account_id, conversation_id, number_id, direction, author, body, segments, status, status_rank, created_at)
         SELECT ('01890000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, c.account_id, c.id, c.number_id, 'inbound', 'contact', 'x', 1, 'received', 0, now()
         FROM user_conversations c, generate_series(1, 500) i WHERE c.to_number = '{ALICE}'"
    ))
    .await;
    let total = async || {
        let path = format!("/api/numbers/{}", app.numbers[0].0);
        app.get(&path).await.ok()["total_messages"].as_i64().unwrap()
    };
    assert_eq!(total().await, 501);
    let mut conn = app.db.conn_as("hilo_conversations").await;
    use domain::store::conversations::write;
    use domain::{Clock, SystemClock};
    let before = SystemClock.now() - chrono::TimeDelta::minutes(1);
    let mut counted = 0;
    for _ in 0..3 {
        counted += write::tally(&mut conn, before, 300).await.unwrap();
    }
    assert!(counted <= 500, "{counted}");
    app.shows("SELECT coalesce(sum(texts), 0) FROM number_tallies", "500").await;
    assert_eq!(total().await, 501);
}
