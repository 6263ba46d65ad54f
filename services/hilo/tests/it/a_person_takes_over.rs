use domain::Role;
use serde_json::json;
use simulator::Status;

use crate::app::{App, GREETING, QUESTION, WELCOME};

#[tokio::test(flavor = "multi_thread")]
async fn a_text_appears_as_it_comes_and_so_does_the_answer() {
    let app = App::start().await;
    let lucia = app.owner().await;
    let mut live = lucia.listens().await;
    let alice = app.customer();

    alice.texts(GREETING).await;

    let change = live.hears("text_received").await;
    assert_eq!(change["message"]["body"], GREETING);
    assert_eq!(change["conversation"]["contact"]["phone_number"], alice.phone);
    assert_eq!(change["conversation"]["unread"], 1);
    let change = live.hears("text_delivered").await;
    assert_eq!(
        (&change["message"]["body"], &change["message"]["author"]),
        (&json!(WELCOME), &json!("static_response"))
    );
    let list = lucia.get("/api/conversations/").await.is(200);
    assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &change["conversation_id"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_takes_over_and_the_assistant_stays_silent() {
    let app = App::start().await;
    let lucia = app.owner().await;
    let mut live = lucia.listens().await;
    let alice = app.customer();
    alice.texts(GREETING).await;
    alice.hears(1).await;
    let id = live.hears("text_delivered").await["conversation_id"].clone();
    let path = |rest: &str| format!("/api/conversations/{}{rest}", id.as_str().expect("an id"));

    let taken = lucia.post(&path("/take-over"), json!({})).await.is(200);
    assert_eq!(
        (&taken["assistant"], &taken["handed_over_why"]),
        (&json!("handed_over"), &json!("person"))
    );
    live.hears("assistant").await;
    let sent =
        lucia.post(&path("/messages"), json!({ "body": "Soy Lucía, ¿le ayudo?" })).await.is(201);
    assert_eq!((&sent["author"], &sent["author_user"]["id"]), (&json!("person"), &json!(lucia.id)));

    let delivered = live.hears("text_delivered").await;
    assert_eq!(delivered["message"]["id"], sent["id"]);
    assert_eq!(alice.hears(2).await.body, "Soy Lucía, ¿le ayudo?");

    alice.texts(QUESTION).await;
    alice.texts(GREETING).await;
    app.until_quiet().await;
    assert_eq!(alice.heard(), [WELCOME, "Soy Lucía, ¿le ayudo?"]);
    let thread = lucia.get(&path("/messages")).await.is(200);
    let bodies: Vec<_> =
        thread["items"].as_array().expect("items").iter().map(|m| &m["body"]).collect();
    assert_eq!(bodies, [GREETING, WELCOME, "Soy Lucía, ¿le ayudo?", QUESTION, GREETING]);

    lucia.post(&path("/hand-back"), json!({})).await.is(200);
    alice.texts(GREETING).await;
    assert_eq!(alice.hears(3).await.body, WELCOME);
    alice.until_all_are(3, Status::Delivered).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_of_a_person_takes_the_conversation_over_by_itself() {
    let app = App::start().await;
    let diego = app.person(app.account, Role::Agent).await;
    let alice = app.customer();
    alice.texts(GREETING).await;
    alice.hears(1).await;
    let list = diego.get("/api/conversations/").await.is(200);
    let id = list["items"][0]["id"].as_str().expect("a conversation").to_owned();

    let body = json!({ "body": "Soy Diego." });
    diego.post(&format!("/api/conversations/{id}/messages"), body).await.is(201);
    alice.hears(2).await;
    alice.texts(QUESTION).await;

    app.until_quiet().await;
    assert_eq!(alice.heard(), [WELCOME, "Soy Diego."]);
    let conversation = diego.get(&format!("/api/conversations/{id}")).await.is(200);
    assert_eq!(
        (&conversation["assistant"], &conversation["handed_over_why"]),
        (&json!("handed_over"), &json!("person"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_to_a_stranger_starts_the_conversation_and_their_answer_joins_it() {
    let app = App::start().await;
    let lucia = app.owner().await;
    let alice = app.customer();

    let body =
        json!({ "phone_number": alice.phone, "name": "Alicia", "body": "Su mesa está lista." });
    let started = lucia.post("/api/conversations/start", body).await.is(201);

    let ours = started["conversation"]["from_twilio_number"].as_str().expect("a number").to_owned();
    assert_eq!(alice.hears(1).await.ours, ours);
    alice.to(&app.numbers[7]).texts("¡Gracias!").await;
    app.until_quiet().await;
    let list = lucia.get("/api/conversations/?unread=true").await.is(200);
    assert_eq!(
        (&list["total"], &list["items"][0]["contact"]["name"]),
        (&json!(1), &json!("Alicia"))
    );
}
