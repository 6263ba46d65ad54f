//! I keep my contacts: write them down, find them, take them out as a file, forget them.

use domain::{Clock, SystemClock};
use serde_json::json;

use crate::app::App;

const ALICE: &str = "+525510000001";

#[tokio::test(flavor = "multi_thread")]
async fn one_person_in_mexicos_many_spellings_is_one_contact() {
    let app = App::start().await;

    let new =
        json!({"phone_number": "044 55 1000 0001", "name": " María López ", "language": "es"});
    let made = app.post("/api/contacts", new).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.body["phone_number"], ALICE);
    assert_eq!(made.body["name"], "María López");
    assert!(made.body["conversation_id"].is_null());
    let again = app.post("/api/contacts", json!({"phone_number": "+5215510000001"})).await;
    assert_eq!(again.refusal(), "409 contact-exists");
    let odd = app.post("/api/contacts", json!({"phone_number": "26266"})).await;
    assert_eq!((odd.status, &odd.body["fields"][0]["path"]), (422, &json!("phone_number")));

    let path = format!("/api/contacts/{}", made.body["id"].as_str().unwrap());
    let edited = app.patch(&path, json!({"language": null})).await.ok();
    assert_eq!((&edited["name"], &edited["language"]), (&json!("María López"), &json!(null)));
    let edited = app.patch(&path, json!({"name": "M. López"})).await.ok();
    assert_eq!(edited["name"], "M. López");
    assert_eq!(app.get(&path).await.ok(), edited);
    let long = app.patch(&path, json!({"name": "x".repeat(201)})).await;
    assert_eq!((long.status, &long.body["fields"][0]["path"]), (422, &json!("name")));
}

#[tokio::test(flavor = "multi_thread")]
async fn contacts_are_listed_newest_first_and_found() {
    let app = App::start().await;
    app.changes(&format!(
        "INSERT INTO contacts (id, account_id, phone_number, phone_raw, name, created_at)
         SELECT gen_random_uuid(), '{}', '+5255' || lpad(i::text, 8, '0'), '', 'Cliente ' || i, now() - i * interval '1 second'
         FROM generate_series(1, 11000) i",
        app.account
    ))
    .await;

    let page = app.get("/api/contacts?limit=2").await.ok();
    assert_eq!((&page["total"], &page["items"][1]["name"]), (&json!(11_000), &json!("Cliente 2")));
    let deep = app.get("/api/contacts?offset=9999&limit=3").await.ok();
    assert_eq!(deep["items"][0]["name"], "Cliente 10000");
    assert_eq!(deep["items"][2]["name"], "Cliente 10002");
    let found = app.get("/api/contacts?q=cliente%2010500").await.ok();
    assert_eq!((&found["total"], &found["items"][0]["name"]), (&json!(1), &json!("Cliente 10500")));
    let many = app.get("/api/contacts?q=cliente&offset=4990&limit=200").await.ok();
    assert_eq!(many["total"], 5_000, "who finds more must ask for more");
    assert_eq!(many["items"].as_array().unwrap().len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_contacts_holds_no_formula_and_can_be_read_in_again() {
    let app = App::start().await;
    app.post("/api/contacts", json!({"phone_number": ALICE, "name": "=HYPERLINK(\"x\")"}))
        .await
        .ok();
    for i in 0..3 {
        let new = json!({"phone_number": format!("551000010{i}"), "name": "Núñez, Ana"});
        app.post("/api/contacts", new).await.ok();
    }

    let file = app.get("/api/contacts/export").await;

    assert!(file.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(lines[0].ends_with(
        "phone_number,name,language,unreachable_code,opted_out_at,from_twilio_number,created_at"
    ));
    assert!(lines[4].starts_with("'+525510000001,\"'=HYPERLINK(\"\"x\"\")\","), "{}", lines[4]);
    let how = "file_name=again.csv&phone_column=phone_number&name_column=name";
    let import = app.upload(how, file.text.clone().into_bytes()).await.ok();
    let query = format!(
        "SELECT state || ' ' || skipped || ' ' || rejected FROM contact_imports WHERE id = '{}'",
        import["id"].as_str().unwrap()
    );
    app.shows(&query, "finished 4 0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_forgotten_is_gone_but_for_their_wish_to_be_left_alone() {
    let app = App::start().await;
    app.listens().await;
    app.hears(ALICE, app.number(0), "Hola").await;
    app.hears(ALICE, app.number(0), "BAJA").await;
    app.sent(1).await;
    app.is_quiet().await;
    let conversation = app.conversation(ALICE).await;
    app.post(&format!("/api/conversations/{conversation}/notes"), json!({"body": "Se enojó"}))
        .await
        .ok();
    let contact = app.db.ask("SELECT id FROM contacts").await.unwrap();

    let gone = app.delete(&format!("/api/contacts/{contact}")).await.ok();

    assert_eq!(gone["deleted"], json!({"messages": 3, "conversations": 1, "notes": 1}));
    let remains: Vec<&str> =
        gone["remains"].as_array().unwrap().iter().map(|it| it["what"].as_str().unwrap()).collect();
    assert_eq!(remains, ["opt_out", "webhook_receipts", "provider_records", "figures"]);
    app.shows("SELECT (SELECT count(*) FROM sms_messages) + (SELECT count(*) FROM contacts) + (SELECT count(*) FROM user_conversations) + (SELECT count(*) FROM conversation_notes)", "0").await;
    app.shows("SELECT evidence || count(*) OVER () FROM opt_outs WHERE revoked_at IS NULL", "1")
        .await;
    app.said("conversation.changed", 2).await;
    assert_eq!(app.get(&format!("/api/conversations/{conversation}")).await.status, 404);
    // They write again: it is a new conversation, and they are still left alone.
    app.hears(ALICE, app.number(1), "¿Hola?").await;
    app.shows("SELECT count(*) FROM user_conversations", "1").await;
    let id = app.conversation(ALICE).await;
    let text =
        app.post(&format!("/api/conversations/{id}/messages"), json!({"body": "Hola"})).await;
    assert_eq!(text.refusal(), "409 opted-out");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_forgotten_while_a_text_to_them_is_under_way() {
    let app = App::start().await;
    app.hears(ALICE, app.number(0), "Hola").await;
    app.shows("SELECT count(*) FROM sms_messages", "1").await;
    let id = app.conversation(ALICE).await;
    let text = json!({"body": "Mañana", "send_at": (SystemClock.now() + chrono::TimeDelta::hours(1)).to_rfc3339()});
    app.post(&format!("/api/conversations/{id}/messages"), text).await.ok();
    let contact = app.db.ask("SELECT id FROM contacts").await.unwrap();
    app.changes("UPDATE sms_messages SET status = 'sending', lease_until = now() + interval '1 hour' WHERE direction = 'outbound'").await;

    let refused = app.delete(&format!("/api/contacts/{contact}")).await;
    assert_eq!(refused.refusal(), "409 text-under-way");
    app.changes("UPDATE sms_messages SET status = 'queued' WHERE direction = 'outbound'").await;
    app.delete(&format!("/api/contacts/{contact}")).await.ok();
    assert_eq!(
        app.delete(&format!("/api/contacts/{contact}")).await.refusal(),
        "404 no-such-contact"
    );
}
