//! I read a thread and write into it.

use domain::{Clock, SystemClock};
use serde_json::json;

use crate::app::App;

const ALICE: &str = "+525510000001";

async fn talking(app: &App) -> String {
    app.hears(ALICE, app.number(0), "Hola").await;
    app.shows("SELECT count(*) FROM sms_messages", "1").await;
    app.conversation(ALICE).await.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn i_see_who_wrote_what_they_wrote_and_that_it_is_new() {
    let app = App::start().await;
    app.listens().await;
    let id = talking(&app).await;

    let seen = app.get(&format!("/api/conversations/{id}")).await.ok();

    assert_eq!(seen["to_number"], ALICE);
    assert_eq!(seen["contact"]["phone_number"], ALICE);
    assert_eq!(seen["unread"], 1);
    assert_eq!(seen["assistant"], "on");
    assert_eq!(
        seen["last_message"],
        json!({"body": "Hola", "direction": "inbound", "author": "contact", "status": "received"})
    );
    app.said("text.received", 1).await;
    let read = app.put(&format!("/api/conversations/{id}/read"), None).await.ok();
    assert_eq!(read["unread"], 0);
    let unread = app.delete(&format!("/api/conversations/{id}/read")).await.ok();
    assert_eq!(unread["unread"], 1);
    app.said("conversation.changed", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_thread_is_read_from_its_end_backwards() {
    let app = App::start().await;
    let id = talking(&app).await;
    app.changes(&format!(
        "INSERT INTO sms_messages (id, account_id, conversation_id, number_id, direction, author, body, segments, status, status_rank, created_at)
         SELECT ('01990000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, c.account_id, c.id, c.number_id, 'inbound', 'contact', 'Texto ' || i, 1, 'received', 0, now()
         FROM user_conversations c, generate_series(1, 120) i WHERE c.to_number = '{ALICE}'"
    ))
    .await;

    let path = format!("/api/conversations/{id}/messages");
    let last = app.get(&format!("{path}?limit=1")).await.ok();
    assert_eq!(last["items"][0]["body"], "Hola");
    let mut seen = Vec::new();
    let mut before = String::new();
    loop {
        let page = app.get(&format!("{path}?limit=50{before}")).await.ok();
        let items = page["items"].as_array().unwrap().clone();
        before = format!("&before={}", items[0]["id"].as_str().unwrap());
        seen.splice(0..0, items.iter().map(|text| text["id"].as_str().unwrap().to_owned()));
        if page["has_older"] == false {
            break;
        }
    }
    assert_eq!(seen.len(), 121);
    assert!(seen.is_sorted());
}

#[tokio::test(flavor = "multi_thread")]
async fn my_text_leaves_once_however_often_i_press() {
    let app = App::start().await;
    app.listens().await;
    let id = talking(&app).await;
    let path = format!("/api/conversations/{id}/messages");
    let text = json!({"body": "¿Le va bien a las cuatro?"});

    let first = app.post_once(&path, text.clone(), "press-1").await;
    let again = app.post_once(&path, text, "press-1").await;

    assert_eq!((first.status, again.status), (201, 201));
    assert!(again.headers.contains_key("idempotency-replayed"));
    assert_eq!(first.body["id"], again.body["id"]);
    assert_eq!(first.body["author_user"]["id"], app.me.user.to_string());
    assert_eq!(first.body["status"], "queued");
    app.shows("SELECT status FROM sms_messages WHERE direction = 'outbound'", "sent").await;
    assert_eq!(app.sms.sent().len(), 1);
    app.said("text.queued", 1).await;
    let seen = app.get(&format!("/api/conversations/{id}")).await.ok();
    assert_eq!(seen["assistant"], "handed_over");
    assert_eq!(seen["handed_over_why"], "person");
    assert_eq!(seen["unread"], 0);
    assert_eq!(seen["last_message"]["author"], "person");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_my_text_the_assistant_says_nothing_any_more() {
    let app = App::start().await;
    app.listens().await;
    let id = talking(&app).await;
    let epoch = app.epoch(ALICE).await;
    // One answer waits in the queue, another is still being thought about.
    app.changes("UPDATE number_pace SET paused_until = now() + interval '1 hour'").await;
    app.drafts(ALICE, "Buenas tardes").await;
    app.shows("SELECT status FROM sms_messages WHERE author = 'assistant'", "queued").await;

    app.post(&format!("/api/conversations/{id}/messages"), json!({"body": "Soy Omar"})).await.ok();
    app.drafts_for(ALICE, "¿Algo más?", epoch).await;
    app.changes("UPDATE number_pace SET paused_until = NULL").await;

    let sent = app.sent(1).await;
    app.is_quiet().await;
    assert_eq!(sent[0].body, "Soy Omar");
    assert_eq!(app.sms.sent().len(), 1);
    app.shows(
        "SELECT status || ' ' || ended_why FROM sms_messages WHERE author = 'assistant'",
        "canceled superseded",
    )
    .await;
    app.said("text.failed", 1).await;
    let back = app.post(&format!("/api/conversations/{id}/hand-back"), json!({})).await.ok();
    assert_eq!((&back["assistant"], &back["handed_over_why"]), (&json!("on"), &json!(null)));
}

#[tokio::test(flavor = "multi_thread")]
async fn i_take_the_word_without_a_text() {
    let app = App::start().await;
    let id = talking(&app).await;

    let taken = app.post(&format!("/api/conversations/{id}/take-over"), json!({})).await.ok();
    app.drafts_for(ALICE, "Buenas tardes", 1).await;
    app.is_quiet().await;

    assert_eq!(taken["assistant"], "handed_over");
    assert_eq!(taken["handed_over_why"], "person");
    assert!(app.sms.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_for_later_moves_along_and_can_be_taken_back() {
    let app = App::start().await;
    app.listens().await;
    let id = talking(&app).await;
    let path = format!("/api/conversations/{id}/messages");
    let text = json!({"body": "Le llamo mañana", "send_at": "2026-12-24T18:00:00Z"});
    let at = SystemClock.now() + chrono::TimeDelta::hours(30);
    let text_at = json!({"body": text["body"], "send_at": at.to_rfc3339()});

    let scheduled = app.post(&path, text_at).await.ok();
    let moved =
        json!({"number_id": app.numbers[1].0.to_string(), "reason": "el otro está filtrado"});
    app.post(&format!("/api/conversations/{id}/number"), moved).await.ok();

    let texts = app.get(&path).await.ok();
    assert_eq!(texts["items"][1]["number"], app.number(1).as_e164());
    assert_eq!(texts["items"][1]["status"], "queued");
    let message = format!("{path}/{}", scheduled["id"].as_str().unwrap());
    let undone = app.delete(&message).await.ok();
    assert_eq!((&undone["status"], &undone["ended_why"]), (&json!("canceled"), &json!("undone")));
    assert_eq!(app.delete(&message).await.status, 200, "twice is once");
    app.said("text.failed", 1).await;
    let far = json!({"body": "x", "send_at": (SystemClock.now() + chrono::TimeDelta::days(91)).to_rfc3339()});
    assert_eq!(app.post(&path, far).await.refusal(), "409 too-far-ahead");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_left_cannot_be_taken_back() {
    let app = App::start().await;
    let id = talking(&app).await;
    let path = format!("/api/conversations/{id}/messages");
    let sent = app.post(&path, json!({"body": "Hola"})).await.ok();
    app.shows("SELECT status FROM sms_messages WHERE direction = 'outbound'", "sent").await;

    let late = app.delete(&format!("{path}/{}", sent["id"].as_str().unwrap())).await;

    assert_eq!(late.refusal(), "409 already-left");
    let unknown = app.delete(&format!("{path}/{}", domain::MessageId::generate())).await;
    assert_eq!(unknown.refusal(), "404 no-such-message");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_was_blocked_or_cannot_be_reached_is_not_texted() {
    let app = App::start().await;
    let id = talking(&app).await;
    let path = format!("/api/conversations/{id}");
    let text = json!({"body": "Hola"});

    app.patch(&format!("{path}/status"), json!({"conversation_status": "blocked"})).await.ok();
    assert_eq!(app.post(&format!("{path}/messages"), text.clone()).await.refusal(), "409 blocked");
    app.patch(&format!("{path}/status"), json!({"conversation_status": "active"})).await.ok();
    app.changes("UPDATE contacts SET unreachable_code = 21614").await;
    let unreachable = app.post(&format!("{path}/messages"), text.clone()).await;
    assert_eq!(unreachable.refusal(), "409 unreachable");
    app.changes("UPDATE contacts SET unreachable_code = NULL").await;
    let evidence = json!({"evidence": "Lo pidió por teléfono"});
    let out = app.post(&format!("{path}/opt-out"), evidence.clone()).await.ok();
    assert!(out["opted_out_at"].is_string());
    assert_eq!(
        app.post(&format!("{path}/messages"), text.clone()).await.refusal(),
        "409 opted-out"
    );
    let number = json!({"number_id": app.numbers[1].0.to_string(), "reason": "otro número"});
    assert_eq!(app.post(&format!("{path}/number"), number).await.refusal(), "409 opted-out");
    let back = app.post(&format!("{path}/opt-in"), evidence).await.ok();
    assert!(back["opted_out_at"].is_null());
    let record = app.get(&format!("{path}/opt-outs")).await.ok();
    assert_eq!(record["items"][0]["source"], "person");
    assert_eq!(record["items"][0]["revoked_evidence"], "Lo pidió por teléfono");
    assert_eq!(app.post(&format!("{path}/messages"), text).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn i_write_to_somebody_first_and_they_keep_their_number() {
    let app = App::start().await;
    app.listens().await;
    let new = json!({"phone_number": "55 1000 0001", "name": "Alicia", "body": "Hola, soy Omar"});

    let first = app.post("/api/conversations/start", new.clone()).await;
    let again =
        app.post("/api/conversations/start", json!({"phone_number": "+5215510000001"})).await;

    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.body["conversation"]["contact"]["name"], "Alicia");
    assert_eq!(first.body["conversation"]["user"]["id"], app.me.user.to_string());
    assert_eq!(first.body["message"]["body"], "Hola, soy Omar");
    assert!(again.body["message"].is_null());
    assert_eq!(first.body["conversation"]["id"], again.body["conversation"]["id"]);
    let sent = app.sent(1).await;
    assert_eq!(sent[0].to.as_e164(), ALICE);
    app.said("conversation.started", 1).await;
    app.changes("UPDATE phone_numbers SET rotation_enabled = false").await;
    let none = app.post("/api/conversations/start", json!({"phone_number": "5510000002"})).await;
    assert_eq!(none.refusal(), "409 no-number-available");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_begun_with_who_left() {
    let app = App::start().await;
    app.changes(&format!(
        "INSERT INTO opt_outs (id, account_id, phone_number, evidence, source, opted_out_at)
         SELECT gen_random_uuid(), '{}', '{ALICE}', '', 'keyword', now()",
        app.account
    ))
    .await;

    let new = json!({"phone_number": ALICE, "body": "Hola"});
    let refused = app.post("/api/conversations/start", new).await;

    assert_eq!(refused.refusal(), "409 opted-out");
    app.shows("SELECT count(*) FROM user_conversations", "0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i_see_what_a_text_costs_before_i_send_it() {
    let app = App::start().await;

    let preview = app.post("/api/texts/preview", json!({"body": "María"})).await.ok();

    let expected = json!({"encoding": "ucs2", "segments": 1, "characters": 5, "units_used": 5,
        "units_left_in_segment": 65, "plain": null});
    assert_eq!(preview, expected);
    for body in ["", "   ", "a\u{0}"] {
        let refused = app.post("/api/texts/preview", json!({"body": body})).await;
        assert_eq!((refused.status, &refused.body["fields"][0]["path"]), (422, &json!("body")));
    }
}
