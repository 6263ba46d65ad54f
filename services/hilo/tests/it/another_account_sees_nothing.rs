use std::collections::BTreeSet;

use domain::{AccountId, Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{App, GREETING};
use crate::browser::{Content, Person};
use crate::operations::{Ids, Operation, operations};

/// What changes by itself, or with every request whoever makes it.
const RESTLESS: [&str; 4] = ["outbox", "bus_messages", "idempotency_keys", "audit_log"];

/// An account in which there is one of everything, made by its owner; and what it is called.
async fn furnished(app: &App, owner: &Person) -> Ids {
    let mut ids = Ids::default();
    let alice = app.customer();
    alice.texts(GREETING).await;
    alice.hears(1).await;
    app.until_quiet().await;
    let list = owner.get("/api/conversations/").await.is(200);
    let conversation = &list["items"][0];
    ids.set("conversation", &conversation["id"]);
    ids.set("contact", &conversation["contact"]["id"]);
    ids.set("number", &conversation["number_id"]);
    ids.set("ours", &conversation["from_twilio_number"]);
    ids.set("phone", &json!(alice.phone));
    ids.set("user", &json!(owner.id));
    let of_it = format!("/api/conversations/{}", ids.get("conversation"));
    let messages = owner.get(&format!("{of_it}/messages")).await.is(200);
    ids.set("message", &messages["items"][0]["id"]);
    let note = owner.post(&format!("{of_it}/notes"), json!({ "body": "Prefiere la tarde." })).await;
    ids.set("note", &note.is(201)["id"]);
    let label = owner.post("/api/labels", json!({ "name": "Queja", "color": "grana" })).await;
    ids.set("label", &label.is(201)["id"]);
    let labels = json!({ "label_ids": [ids.get("label")] });
    owner.put(&format!("{of_it}/labels"), labels).await.is(200);
    let upload = "/api/contacts/imports?file_name=a.csv&phone_column=telefono";
    let file = Content::Csv("telefono\n5587654321\nno\n");
    ids.set("import", &owner.sends(&Method::POST, upload, &file).await.is(202)["id"]);
    ids.set("rule", &owner.get("/api/static-responses").await.is(200)["items"][0]["id"]);
    ids.set("session", &owner.get("/api/sessions").await.is(200)["items"][0]["id"]);
    let token = json!({ "name": "hoja", "scopes": ["contacts:read"] });
    ids.set("token", &owner.post("/api/tokens", token).await.is(201)["id"]);
    let guest = format!("{}@hilo.test", owner.id.as_uuid().simple());
    let invitation =
        owner.post("/api/invitations", json!({ "email": guest, "role": "agent" })).await;
    ids.set("invitation", &invitation.is(201)["id"]);
    app.until_db_says("SELECT count(*) FROM contact_imports WHERE state <> 'finished'", "0").await;
    ids
}

/// The tables that say whose a row is.
async fn tables(app: &App) -> Vec<String> {
    let query =
        "SELECT string_agg(table_name, ',' ORDER BY table_name) FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'account_id'";
    let names = app.db.ask(query).await.expect("tables");
    let names = names.split(',').map(str::to_owned);
    names.filter(|name| !RESTLESS.contains(&name.as_str())).collect()
}

/// Every id of an account, from every table.
async fn ids_of(app: &App, account: AccountId) -> BTreeSet<String> {
    let mut ids = BTreeSet::from([account.to_string()]);
    for table in tables(app).await {
        let query = format!(
            "SELECT string_agg(row.id, ',') FROM (SELECT to_jsonb(t) ->> 'id' AS id FROM {table} t
               WHERE account_id = '{account}') AS row"
        );
        let found = app.db.ask(&query).await.unwrap_or_default();
        ids.extend(found.split(',').filter(|id| id.len() == 36).map(str::to_owned));
    }
    assert!(ids.len() > 25, "an account with one of everything has more than {ids:?}");
    ids
}

/// All that an account has, in one word.
async fn fingerprint(app: &App, account: AccountId) -> Vec<(String, Option<String>)> {
    let mut prints = Vec::new();
    for table in tables(app).await {
        let query = format!(
            "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t WHERE account_id = '{account}'"
        );
        prints.push((table, app.db.ask(&query).await));
    }
    prints
}

async fn document(app: &App) -> Value {
    let url = format!("{}/api/openapi.json", app.url_of("gateway"));
    app.stranger().sends(&Method::GET, &url, &Content::Nothing).await.is(200)
}

/// Who asks `operation`: the person, or where it may end their session, somebody like them.
async fn asking<'a>(
    app: &App,
    (account, role): (AccountId, Role),
    operation: &Operation,
    person: &'a Person,
    spare: &'a mut Option<Person>,
) -> &'a Person {
    if operation.is_of_the_session() {
        spare.insert(app.person(account, role).await)
    } else {
        person
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_accounts_owner_finds_nothing_and_changes_nothing() {
    let app = App::start().await;
    let owner = app.owner().await;
    let theirs = furnished(&app, &owner).await;
    let (other, _) = app.add_account("Colchones Luna", "Luna a sus ordenes.", 0).await;
    let stranger = app.person(other, Role::Owner).await;
    let operations = operations(&document(&app).await);
    app.until_quiet().await;
    let (mut secret, before) =
        (ids_of(&app, app.account).await, fingerprint(&app, app.account).await);
    let words = [theirs.get("phone"), theirs.get("ours"), "Prefiere la tarde", "Queja"];
    secret.extend(words.map(str::to_owned));

    for operation in &operations {
        let mut spare = None;
        let asks = asking(&app, (other, Role::Owner), operation, &stranger, &mut spare).await;
        let path = format!("{}{}", operation.path_with(&theirs), operation.query_with(&theirs));
        if operation.streams() {
            assert_eq!(asks.status_of(&operation.method, &path).await, 200);
            continue;
        }
        let answer = asks.sends(&operation.method, &path, &operation.content_with(&theirs)).await;

        let what = format!("{} {}: {}", operation.method, operation.path, answer.text);
        assert!(!answer.status.is_server_error(), "{what}");
        if operation.names_something() {
            assert_eq!(answer.status, 404, "{what}");
        }
        for secret in &secret {
            assert!(!answer.text.contains(secret), "{secret} in {what}");
        }
    }

    app.until_quiet().await;
    for (was, is) in before.iter().zip(&fingerprint(&app, app.account).await) {
        assert_eq!(was, is, "changed by another account's owner");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_named_in_a_body_is_looked_for_in_ones_own_account_alone() {
    let app = App::start().await;
    let owner = app.owner().await;
    let theirs = furnished(&app, &owner).await;
    let (other, numbers) = app.add_account("Colchones Luna", "Luna a sus ordenes.", 0).await;
    let stranger = app.person(other, Role::Owner).await;
    let bob = app.customer_of(&numbers[0]);
    bob.texts(GREETING).await;
    bob.hears(1).await;
    let own = stranger.get("/api/conversations/").await.is(200)["items"][0]["id"].clone();
    let path = |rest: &str| format!("/api/conversations/{}/{rest}", own.as_str().expect("an id"));
    let (label, user, number) = (theirs.get("label"), theirs.get("user"), theirs.get("number"));

    for (answer, what) in [
        (stranger.put(&path("labels"), json!({ "label_ids": [label] })).await, "a label"),
        (stranger.patch(&path("owner"), json!({ "user_id": user })).await, "an owner"),
        (
            stranger
                .post(&path("number"), json!({ "number_id": number, "reason": "porque sí" }))
                .await,
            "a number",
        ),
        (
            stranger
                .sends(
                    &Method::DELETE,
                    &path(&format!("messages/{}", theirs.get("message"))),
                    &Content::Nothing,
                )
                .await,
            "a message",
        ),
        (
            stranger
                .sends(
                    &Method::DELETE,
                    &path(&format!("notes/{}", theirs.get("note"))),
                    &Content::Nothing,
                )
                .await,
            "a note",
        ),
    ] {
        assert!([404, 409, 422].contains(&answer.status.as_u16()), "{what}: {}", answer.text);
    }
    let conversation = stranger.get(&path("")[..path("").len() - 1]).await.is(200);
    assert_eq!((&conversation["labels"], &conversation["user"]), (&json!([]), &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_stream_is_of_ones_own_account_alone() {
    let app = App::start().await;
    let (other, numbers) = app.add_account("Colchones Luna", "Luna a sus ordenes.", 0).await;
    let (owner, stranger) = (app.owner().await, app.person(other, Role::Owner).await);
    let (mut ours, mut theirs) = (owner.listens().await, stranger.listens().await);
    let (alice, bob) = (app.customer(), app.customer_of(&numbers[0]));

    alice.texts(GREETING).await;
    alice.hears(1).await;
    ours.hears("text_delivered").await;
    bob.texts("Buenas tardes").await;

    // The first that they hear of is their own.
    let heard = theirs.next().await;
    assert_eq!(heard.data["conversation"]["contact"]["phone_number"], bob.phone, "{heard:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_what_the_table_says_and_no_more() {
    let app = App::start().await;
    let owner = app.owner().await;
    let nobodys = furnished(&app, &owner).await.of_nobody();
    let operations = operations(&document(&app).await);
    for role in Role::ALL {
        let person = app.person(app.account, role).await;
        for operation in &operations {
            let mut spare = None;
            let asks = asking(&app, (app.account, role), operation, &person, &mut spare).await;
            let path =
                format!("{}{}", operation.path_with(&nobodys), operation.query_with(&nobodys));
            let Some(admitted) = operation.admits(role) else { continue };
            let (status, code) = if operation.streams() {
                (asks.status_of(&operation.method, &path).await, String::new())
            } else {
                let content = operation.content_with(&nobodys);
                let answer = asks.sends(&operation.method, &path, &content).await;
                (answer.status, answer.code().to_owned())
            };
            let refused = status == 403 && code == "not-permitted";
            let what =
                format!("{role}: {} {} -> {status} {code}", operation.method, operation.path);
            assert_eq!(refused, !admitted, "{what}");
            assert!(status != 401 || code == "wrong-credentials" || code == "wrong-code", "{what}");
            assert!(!status.is_server_error() || code == "provider-unavailable", "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_signed_in_gets_nothing_anywhere() {
    let app = App::start().await;
    let owner = app.owner().await;
    let theirs = furnished(&app, &owner).await;
    let (stranger, gateway) = (app.stranger(), app.url_of("gateway"));
    for operation in &operations(&document(&app).await) {
        let (path, content) = (operation.path_with(&theirs), operation.content_with(&theirs));
        let query = operation.query_with(&theirs);
        let is_public = operation.admits(Role::Owner).is_none();

        let answer =
            stranger.sends(&operation.method, &format!("{gateway}{path}{query}"), &content).await;

        let what = format!("{} {}: {}", operation.method, operation.path, answer.text);
        let unknown = (answer.status.as_u16(), answer.code()) == (401, "not-signed-in");
        assert_eq!(unknown, !is_public, "{what}");

        // Behind the gateway's back there is nobody at all.
        if let Some(service) = operation.route().owner.service() {
            let url = format!("{}{path}{query}", app.url_of(service));
            let answer = stranger.sends(&operation.method, &url, &content).await;
            assert_eq!(
                (answer.status.as_u16(), answer.code()),
                (401, "identity-required"),
                "{service}: {what}"
            );
        }
    }
}
