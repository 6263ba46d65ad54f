//! The order of refusals, the same for every route.

use domain::Role;
use gateway::permit::{Access, ROUTES, Rights};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, ResponseTemplate};

use crate::app::App;
use crate::client::answer;

const ID: &str = "01890000-0000-7000-8000-000000000001";

/// A path that the route's own template matches.
fn path_of(template: &str) -> String {
    let path = template.replace("{phone_number}", "+525512345678").replace("{secret}", "secret");
    path.split('/')
        .map(|part| if part.starts_with('{') { ID } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test]
async fn an_unknown_path_comes_before_a_wrong_method_and_that_before_who_asks() {
    let app = App::start().await;
    let stranger = app.stranger();
    for target in ["/api", "/api/", "/api/nothing", "/api/labels/x", "/api/labels/../users"] {
        let answer = answer(stranger.request("DELETE", target)).await;
        let expected = if target.contains("..") { "405" } else { "404 no-such-route" };
        assert!(answer.problem().starts_with(expected), "{target}: {}", answer.text);
    }
    let wrong = stranger.delete("/api/labels").await;
    assert_eq!(wrong.problem(), "405 method-not-allowed");
    assert_eq!(wrong.header("allow"), Some("GET, POST"));
    assert_eq!(stranger.get("/api/labels").await.problem(), "401 not-signed-in");
}

#[tokio::test]
async fn every_route_refuses_a_stranger_and_every_role_that_lacks_its_permission() {
    let app = App::start_changed(&|config| {
        config.sandbox_url = Some("http://127.0.0.1:9".parse().unwrap());
    })
    .await;
    for server in [&app.conversations, &app.responder] {
        Mock::given(any()).respond_with(ResponseTemplate::new(204)).mount(server).await;
    }
    let stranger = app.stranger();
    let mut people = Vec::new();
    for role in Role::ALL {
        people.push((role, app.signed_in(role).await));
    }
    for route in ROUTES {
        let Access::Needs(permission) = route.access else { continue };
        let path = path_of(route.path);
        let refused = answer(stranger.request(route.method, &path)).await;
        assert_eq!(refused.problem(), "401 not-signed-in", "{} {path}", route.method);
        for (role, person) in &people {
            let may = Rights::of(*role, None).include(permission);
            let forwarded = route.owner.service().is_some();
            if may && !forwarded {
                // What changes something here, or does not end, is asked for elsewhere.
                continue;
            }
            let answered = answer(person.request(route.method, &path)).await;
            let expected = if may { 204 } else { 403 };
            assert_eq!(answered.status, expected, "{role}: {} {path}", route.method);
        }
    }
}

#[tokio::test]
async fn a_page_must_prove_that_it_is_ours_before_anything_else_is_said() {
    let app = App::start().await;
    let mut viewer = app.signed_in(Role::Viewer).await;
    let csrf = viewer.csrf.take();
    let other = app.sign_in("viewer@example.mx").await.csrf;

    for said in [None, Some("x".to_owned()), other] {
        viewer.csrf = said;
        let refused = viewer.post("/api/labels", &json!({})).await;
        assert_eq!(refused.problem(), "403 csrf");
    }
    viewer.csrf = csrf;
    assert_eq!(viewer.post("/api/labels", &json!({})).await.problem(), "403 not-permitted");
    viewer.csrf = None;
    viewer.get("/api/session").await.expect(200);
}

#[tokio::test]
async fn an_answer_of_the_api_is_kept_by_nobody_and_is_no_page() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    for answer in [ana.get("/api/session").await, ana.get("/api/nothing").await] {
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert!(
            answer.header("content-security-policy").unwrap().starts_with("default-src 'none'")
        );
        assert!(answer.header("x-request-id").is_some());
    }
}

#[tokio::test]
async fn without_a_simulator_there_is_no_sandbox() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    for target in ["/api/sandbox/phones", "/api/sandbox/phones/+525512345678"] {
        assert_eq!(ana.get(target).await.problem(), "404 no-such-route");
    }
}

#[tokio::test]
async fn a_slash_at_the_end_makes_no_difference_to_our_own_routes_either() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await.with("idempotency-key", "k-1");
    ana.get("/api/users/?limit=1").await.expect(200);
    let body = json!({"name": "t", "scopes": ["account:read"]});
    let one = ana.post("/api/tokens/", &body).await.expect(201);
    let other = ana.post("/api/tokens", &body).await.expect(201);
    assert_eq!(one.json()["id"], other.json()["id"]);
}

#[tokio::test]
async fn requests_are_measured_by_their_route() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    ana.get(&format!("/api/contacts/{ID}")).await;
    ana.get("/api/users/").await;
    let metrics = ana.get("/metrics").await.expect(200).text;
    for route in ["/api/contacts/{id}", "/api/users"] {
        assert!(metrics.contains(&format!("route=\"{route}\"")), "{route} in {metrics}");
    }
    assert!(metrics.contains("gateway_forward_seconds_count{service=\"conversations\""));
    assert!(!metrics.contains(ID));
}
