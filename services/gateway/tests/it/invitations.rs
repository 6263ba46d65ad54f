//! Ways in for colleagues.

use chrono::TimeDelta;
use domain::Role;
use serde_json::{Value, json};

use crate::app::App;
use crate::client::{Answer, Client};

async fn invite(of: &Client, email: &str, role: &str) -> Answer {
    let body = json!({"email": email, "role": role, "name": "Luis Ortega"});
    of.post("/api/invitations", &body).await
}

/// Where the one who was sent the link asks.
fn link(invited: &Value) -> String {
    let url = invited["url"].as_str().unwrap();
    let secret = url.strip_prefix("https://hilo.example.mx/invite/").expect("the dashboard's page");
    format!("/api/invitations/accept/{secret}")
}

fn acceptance() -> Value {
    json!({"name": "Luis Ortega R.", "password": "staple battery horse"})
}

#[tokio::test]
async fn who_was_sent_a_link_becomes_a_colleague_and_is_signed_in() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    let invited = invite(&admin, "Luis@Example.mx", "agent").await.expect(201).json();
    assert_eq!(invited["invited_by"]["name"], "admin");
    let link = link(&invited);

    let seen = app.stranger().get(&link).await.expect(200).json();
    assert_eq!(
        seen,
        json!({"email": "luis@example.mx", "name": "Luis Ortega", "role": "agent",
               "account_name": "Muebles La Esperanza", "language": "es"})
    );
    let mut luis = app.stranger();
    let accepted = luis.post(&link, &acceptance()).await.expect(201);
    luis.keep(&accepted);

    let session = luis.get("/api/session").await.expect(200).json();
    assert_eq!(
        (&session["user"]["name"], &session["user"]["role"]),
        (&json!("Luis Ortega R."), &json!("agent"))
    );
    app.stranger().signs_in("luis@example.mx", "staple battery horse").await.expect(200);
    for again in [app.stranger().get(&link).await, app.stranger().post(&link, &acceptance()).await]
    {
        assert_eq!(again.problem(), "404 no-such-invitation");
    }
    let list = admin.get("/api/invitations").await.expect(200).json();
    assert!(list["items"][0]["accepted_at"].is_string());
    assert_eq!(list["items"][0]["url"], Value::Null);
}

#[tokio::test]
async fn a_link_is_good_for_seven_days() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    let link = link(&invite(&admin, "luis@example.mx", "agent").await.expect(201).json());
    app.clock.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
    app.stranger().get(&link).await.expect(200);
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(app.stranger().post(&link, &acceptance()).await.problem(), "404 no-such-invitation");
}

#[tokio::test]
async fn an_invitation_is_taken_back_and_a_second_one_replaces_the_first() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    let first = invite(&admin, "luis@example.mx", "agent").await.expect(201).json();
    let second = invite(&admin, "LUIS@example.mx", "viewer").await.expect(201).json();
    assert_eq!(app.stranger().get(&link(&first)).await.status, 404);
    app.stranger().get(&link(&second)).await.expect(200);

    let target = format!("/api/invitations/{}", second["id"].as_str().unwrap());
    let (_, neighbour) = app.neighbour().await;
    assert_eq!(neighbour.delete(&target).await.problem(), "404 no-such-invitation");
    admin.delete(&target).await.expect(204);
    assert_eq!(app.stranger().get(&link(&second)).await.status, 404);
    assert_eq!(admin.delete(&target).await.problem(), "404 no-such-invitation");
}

#[tokio::test]
async fn an_owner_is_invited_by_an_owner_alone_and_a_taken_address_by_nobody() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    assert_eq!(invite(&admin, "luis@example.mx", "owner").await.problem(), "403 owners-only");
    app.signed_in(Role::Owner).await;
    let owner = app.sign_in("owner@example.mx").await;
    invite(&owner, "luis@example.mx", "owner").await.expect(201);
    assert_eq!(invite(&admin, "admin@example.mx", "agent").await.problem(), "409 email-taken");
    assert_eq!(
        invite(&admin, "nobody", "agent").await.problem(),
        "422 unexpected-json email not-an-email-address"
    );
}

#[tokio::test]
async fn of_two_who_use_one_link_at_once_one_comes_in() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    let link = link(&invite(&admin, "luis@example.mx", "agent").await.expect(201).json());
    let (one, other, body) = (app.stranger(), app.stranger(), acceptance());
    let answers =
        futures_util::future::join(one.post(&link, &body), other.post(&link, &body)).await;
    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort();
    assert_eq!(statuses, [201, 404]);
}

#[tokio::test]
async fn accepting_asks_for_a_name_and_a_password_from_a_page_of_ours() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    let link = link(&invite(&admin, "luis@example.mx", "agent").await.expect(201).json());
    let post = async |body| app.stranger().post(&link, &body).await.problem();
    assert_eq!(
        post(json!({"name": "Luis", "password": "short"})).await,
        "422 unexpected-json password too-short"
    );
    assert_eq!(
        post(json!({"name": " ", "password": "staple battery horse"})).await,
        "422 unexpected-json name blank"
    );
    let foreign = app.stranger().with("sec-fetch-site", "cross-site");
    assert_eq!(foreign.post(&link, &acceptance()).await.problem(), "403 cross-site");
    app.stranger().post(&link, &acceptance()).await.expect(201);
}

#[tokio::test]
async fn the_same_request_again_invites_once_and_does_not_show_the_link() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await.with("idempotency-key", "k-1");
    let first = invite(&admin, "luis@example.mx", "agent").await.expect(201).json();
    let again = invite(&admin, "luis@example.mx", "agent").await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!((&again.json()["id"], &again.json()["url"]), (&first["id"], &Value::Null));
    app.stranger().get(&link(&first)).await.expect(200);
}
