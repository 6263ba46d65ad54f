//! I keep my inbox in order: status, owner, labels, notes, numbers.

use domain::{Role, UserId};
use serde_json::json;
use testkit::world;

use crate::app::App;

const ALICE: &str = "+525510000001";

async fn talking(app: &App) -> String {
    app.hears(ALICE, app.number(0), "Hola").await;
    app.shows("SELECT count(*) FROM sms_messages", "1").await;
    format!("/api/conversations/{}", app.conversation(ALICE).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn i_give_a_conversation_to_a_colleague_who_is_one() {
    let app = App::start().await;
    let path = talking(&app).await;
    let mut conn = app.db.conn().await;
    let omar = world::user(&mut conn, app.account, Role::Agent).await;
    let (neighbour, _) = app.neighbour().await;

    let owned =
        app.patch(&format!("{path}/owner"), json!({"user_id": omar.to_string()})).await.ok();
    assert_eq!(owned["user"]["id"], omar.to_string());
    for stranger in [neighbour.user, UserId::generate()] {
        let refused =
            app.patch(&format!("{path}/owner"), json!({"user_id": stranger.to_string()})).await;
        assert_eq!(refused.refusal(), "409 no-such-user");
    }
    app.changes(&format!("UPDATE users SET disabled_at = now() WHERE id = '{omar}'")).await;
    let refused = app.patch(&format!("{path}/owner"), json!({"user_id": omar.to_string()})).await;
    assert_eq!(refused.status, 409);
    assert_eq!(app.patch(&format!("{path}/owner"), json!({})).await.status, 422, "it must be said");
    let nobody = app.patch(&format!("{path}/owner"), json!({"user_id": null})).await.ok();
    assert!(nobody["user"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resting_conversation_goes_on_when_the_customer_writes() {
    let app = App::start().await;
    let path = talking(&app).await;

    let rests =
        app.patch(&format!("{path}/status"), json!({"conversation_status": "inactive"})).await;
    assert_eq!(rests.ok()["conversation_status"], "inactive");
    app.hears(ALICE, app.number(0), "¿Sigue ahí?").await;

    app.shows("SELECT conversation_status FROM user_conversations", "active").await;
    let odd = app.patch(&format!("{path}/status"), json!({"conversation_status": "asleep"})).await;
    assert_eq!((odd.status, &odd.body["fields"][0]["path"]), (422, &json!("conversation_status")));
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_are_the_accounts_and_a_conversation_has_some() {
    let app = App::start().await;
    app.listens().await;
    let path = talking(&app).await;
    let blue = json!({"name": "Mayoreo", "color": "cielo"});
    let label = app.post("/api/labels", blue.clone()).await;
    assert_eq!(label.status, 201);
    let id = label.body["id"].as_str().unwrap().to_owned();

    let same = app.post("/api/labels", json!({"name": "MAYOREO", "color": "ink"})).await;
    assert_eq!(same.refusal(), "409 label-exists");
    let labelled =
        app.put(&format!("{path}/labels"), Some(json!({"label_ids": [id, id]}))).await.ok();
    assert_eq!(labelled["labels"], json!([{"id": id, "name": "Mayoreo", "color": "cielo"}]));
    let stranger = json!({"label_ids": [domain::LabelId::generate().to_string()]});
    let refused = app.put(&format!("{path}/labels"), Some(stranger)).await;
    assert_eq!(refused.refusal(), "409 no-such-label");
    let many: Vec<String> = (0..21).map(|_| domain::LabelId::generate().to_string()).collect();
    assert_eq!(
        app.put(&format!("{path}/labels"), Some(json!({"label_ids": many}))).await.status,
        422
    );

    let edited = app.patch(&format!("/api/labels/{id}"), json!({"name": "Menudeo"})).await.ok();
    assert_eq!((&edited["name"], &edited["color"]), (&json!("Menudeo"), &json!("cielo")));
    app.post("/api/labels", json!({"name": "Zapatos", "color": "ink"})).await.ok();
    let taken = app.patch(&format!("/api/labels/{id}"), json!({"name": "zapatos"})).await;
    assert_eq!(taken.refusal(), "409 label-exists");
    assert_eq!(app.get("/api/labels").await.ok()["items"].as_array().unwrap().len(), 2);
    assert_eq!(app.delete(&format!("/api/labels/{id}")).await.status, 204);
    assert_eq!(app.delete(&format!("/api/labels/{id}")).await.refusal(), "404 no-such-label");
    assert_eq!(app.get(&path).await.ok()["labels"], json!([]));
    app.said("conversation.changed", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_are_between_colleagues() {
    let app = App::start().await;
    let path = talking(&app).await;

    let note = app.post(&format!("{path}/notes"), json!({"body": "Llamar por la tarde"})).await;
    assert_eq!(note.status, 201);
    assert_eq!(note.body["author"]["id"], app.me.user.to_string());
    app.post(&format!("{path}/notes"), json!({"body": "Ya pagó"})).await.ok();
    let notes = app.get(&format!("{path}/notes")).await.ok();
    assert_eq!(notes["items"][0]["body"], "Ya pagó");
    let id = note.body["id"].as_str().unwrap();
    assert_eq!(app.delete(&format!("{path}/notes/{id}")).await.status, 204);
    assert_eq!(app.delete(&format!("{path}/notes/{id}")).await.refusal(), "404 no-such-note");
    assert_eq!(app.get(&format!("{path}/notes")).await.ok()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_tells_why_it_has_its_number() {
    let app = App::start().await;
    app.listens().await;
    let path = talking(&app).await;
    let (_, theirs) = app.neighbour().await;

    let other = json!({"number_id": app.numbers[1].0.to_string(), "reason": "filtrado por Telcel"});
    let moved = app.post(&format!("{path}/number"), other.clone()).await.ok();
    assert_eq!(moved["from_twilio_number"], app.number(1).as_e164());
    app.post(&format!("{path}/number"), other).await.ok();
    let foreign = json!({"number_id": theirs.to_string(), "reason": "prueba"});
    let refused = app.post(&format!("{path}/number"), foreign).await;
    assert_eq!(refused.refusal(), "422 not-your-number");

    let numbers = app.get(&format!("{path}/numbers")).await.ok();
    let items = numbers["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "what was refused or changed nothing left no trace");
    assert_eq!(items[0]["assigned_note"], "filtrado por Telcel");
    assert_eq!(items[0]["assigned_by"]["id"], app.me.user.to_string());
    assert!(items[0]["retired_at"].is_null());
    assert_eq!(items[1]["assigned_reason"], "written_to");
    assert!(items[1]["retired_at"].is_string());
    app.said("conversation.reassigned", 1).await;
}
