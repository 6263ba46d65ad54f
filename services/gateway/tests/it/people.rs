//! The people of an account, and the account itself.

use domain::Role;
use serde_json::json;

use crate::app::App;

#[tokio::test]
async fn everybody_sees_who_is_in_the_account_and_nobody_sees_another_one() {
    let app = App::start().await;
    let viewer = app.signed_in(Role::Viewer).await;
    app.person("omar@example.mx", Role::Agent).await;
    let (_, neighbour) = app.neighbour().await;

    let page = viewer.get("/api/users?limit=1&offset=1").await.expect(200).json();
    assert_eq!(
        (page["total"].clone(), page["items"][0]["email"].clone()),
        (json!(2), json!("omar@example.mx"))
    );
    let page = neighbour.get("/api/users").await.expect(200).json();
    assert_eq!(
        (page["total"].clone(), page["items"][0]["email"].clone()),
        (json!(1), json!("vecina@example.mx"))
    );
    assert_eq!(
        viewer.get("/api/users?limit=201").await.problem(),
        "400 malformed-query limit out-of-range"
    );
}

#[tokio::test]
async fn an_admin_changes_people_but_neither_makes_nor_touches_an_owner() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    let owner = app.person("owner@example.mx", Role::Owner).await;
    let omar = app.person("omar@example.mx", Role::Agent).await;
    let change = async |id, body| admin.send("PATCH", &format!("/api/users/{id}"), &body).await;

    let changed = change(omar, json!({"name": " Omar Rivas ", "role": "viewer"})).await.expect(200);
    assert_eq!(
        (&changed.json()["name"], &changed.json()["role"]),
        (&json!("Omar Rivas"), &json!("viewer"))
    );
    assert_eq!(change(omar, json!({"role": "owner"})).await.problem(), "403 owners-only");
    assert_eq!(change(owner, json!({"name": "x"})).await.problem(), "403 owners-only");
    assert_eq!(change(owner, json!({"disabled": true})).await.problem(), "403 owners-only");
    assert_eq!(
        change(omar, json!({"name": " "})).await.problem(),
        "422 unexpected-json name blank"
    );
    assert_eq!(change(omar, json!({"email": "x@y.mx"})).await.status, 422);
}

#[tokio::test]
async fn an_agent_changes_nobody() {
    let app = App::start().await;
    let agent = app.signed_in(Role::Agent).await;
    let omar = app.person("omar@example.mx", Role::Viewer).await;
    let answer = agent.send("PATCH", &format!("/api/users/{omar}"), &json!({"name": "x"})).await;
    assert_eq!(answer.problem(), "403 not-permitted");
}

#[tokio::test]
async fn the_last_owner_stays() {
    let app = App::start().await;
    let owner = app.signed_in(Role::Owner).await;
    let me = owner.get("/api/session").await.json()["user"]["id"].as_str().unwrap().to_owned();
    let kept_out = app.person("second@example.mx", Role::Owner).await;
    let change =
        async |id: &str, body| owner.send("PATCH", &format!("/api/users/{id}"), &body).await;
    change(&kept_out.to_string(), json!({"disabled": true})).await.expect(200);

    for body in [json!({"role": "admin"}), json!({"disabled": true})] {
        assert_eq!(change(&me, body).await.problem(), "409 last-owner");
    }
    change(&kept_out.to_string(), json!({"disabled": false})).await.expect(200);
    change(&me, json!({"role": "admin"})).await.expect(200);
    assert_eq!(owner.get("/api/session").await.json()["user"]["role"], "admin");
}

#[tokio::test]
async fn two_owners_who_step_down_at_once_leave_one() {
    let app = App::start().await;
    let one = app.signed_in(Role::Owner).await;
    let other = app.person("second@example.mx", Role::Owner).await;
    let two = app.sign_in("second@example.mx").await;
    let me = one.get("/api/session").await.json()["user"]["id"].as_str().unwrap().to_owned();
    let body = json!({"role": "admin"});

    let (target, their_target) = (format!("/api/users/{me}"), format!("/api/users/{other}"));
    let answers = futures_util::future::join(
        one.send("PATCH", &target, &body),
        two.send("PATCH", &their_target, &body),
    )
    .await;

    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn who_is_kept_out_is_out_at_once_and_so_is_whom_they_had_invited() {
    let app = App::start().await;
    let owner = app.signed_in(Role::Owner).await;
    let luis = app.person("luis@example.mx", Role::Admin).await;
    let of_luis = app.sign_in("luis@example.mx").await;
    let body = json!({"email": "friend@example.mx", "role": "admin"});
    let invited = of_luis.post("/api/invitations", &body).await.expect(201).json();
    let url = invited["url"].as_str().unwrap();
    let link = format!("/api/invitations/accept/{}", url.rsplit('/').next().unwrap());
    app.stranger().get(&link).await.expect(200);

    owner
        .send("PATCH", &format!("/api/users/{luis}"), &json!({"disabled": true}))
        .await
        .expect(200);

    assert_eq!(of_luis.get("/api/session").await.problem(), "401 not-signed-in");
    assert_eq!(app.stranger().get(&link).await.problem(), "404 no-such-invitation");
    assert_eq!(app.count("sessions").await, 1);
}

#[tokio::test]
async fn a_person_of_another_account_is_not_there() {
    let app = App::start().await;
    let (_, neighbour) = app.neighbour().await;
    let omar = app.person("omar@example.mx", Role::Agent).await;
    let answer =
        neighbour.send("PATCH", &format!("/api/users/{omar}"), &json!({"name": "x"})).await;
    assert_eq!(answer.problem(), "404 no-such-user");
}

#[tokio::test]
async fn an_account_changes_its_name_zone_and_language() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    let (_, neighbour) = app.neighbour().await;
    let change = async |body| admin.send("PATCH", "/api/account", &body).await;

    let body =
        json!({"name": "Muebles del Valle", "time_zone": "America/Tijuana", "language": "en"});
    let changed = change(body).await.expect(200).json();
    assert_eq!(
        (&changed["name"], &changed["time_zone"]),
        (&json!("Muebles del Valle"), &json!("America/Tijuana"))
    );
    assert_eq!(admin.get("/api/session").await.json()["account"]["language"], "en");
    let zone = change(json!({"time_zone": "America/Atlantis"})).await;
    assert_eq!(zone.problem(), "422 unexpected-json time_zone not-a-time-zone");
    assert_eq!(
        change(json!({"language": "fr"})).await.problem(),
        "422 unexpected-json language unexpected-value"
    );
    assert_eq!(neighbour.get("/api/account").await.json()["name"], "Ferretería Ruiz");
}
