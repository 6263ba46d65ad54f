//! Playing the customer.

use domain::Role;
use serde_json::{Value, json};
use testkit::world;
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::app::App;

const CUSTOMER: &str = "+525512345678";

async fn simulator() -> MockServer {
    let simulator = MockServer::start().await;
    let phones =
        ResponseTemplate::new(200).set_body_json(json!([{"phone_number": CUSTOMER, "last": "Sí"}]));
    Mock::given(path("/control/phones")).respond_with(phones).mount(&simulator).await;
    simulator
}

fn bubble(ours: &str, mine: bool, body: &str, seen: bool) -> Value {
    json!({"sid": "SM1", "mine": mine, "ours": ours, "body": body, "at": "2026-11-23T18:00:00Z",
           "status": "delivered", "error_code": null, "seen": seen, "notice": false})
}

async fn app(simulator: &MockServer) -> App {
    let url = simulator.uri().parse().unwrap();
    App::start_changed(&move |config| config.sandbox_url = Some(Clone::clone(&url))).await
}

#[tokio::test]
async fn a_telephone_shows_what_its_customer_sees_of_this_account() {
    let simulator = simulator().await;
    let app = app(&simulator).await;
    let mut conn = app.db.conn().await;
    let ours = world::numbers(&mut conn, app.account, 1).await[0].1.as_e164().to_owned();
    let (other, _) = app.neighbour().await;
    let theirs = world::numbers(&mut conn, other, 1).await[0].1.as_e164().to_owned();
    let bubbles = json!([
        bubble(&ours, true, "¿Abren hoy?", true),
        bubble(&theirs, true, "¿Tienen clavos?", true),
        bubble(&ours, false, "Sí, hasta las 19 h.", true),
        bubble(&ours, false, "On its way", false),
    ]);
    let phone = ResponseTemplate::new(200).set_body_json(bubbles);
    Mock::given(path(format!("/control/phones/{CUSTOMER}")))
        .respond_with(phone)
        .mount(&simulator)
        .await;
    let ana = app.signed_in(Role::Agent).await;

    assert_eq!(ana.get("/api/session").await.json()["sandbox"], true);
    let phones = ana.get("/api/sandbox/phones").await.expect(200).json();
    assert_eq!(
        phones,
        json!({"items": [{"phone_number": CUSTOMER, "last": "Sí, hasta las 19 h."}]})
    );
    for written in [CUSTOMER.to_owned(), CUSTOMER.replace('+', "%2B")] {
        let shown = ana.get(&format!("/api/sandbox/phones/{written}")).await.expect(200).json();
        assert_eq!(
            shown["items"][0],
            json!({"direction": "out", "from": CUSTOMER, "to": ours, "body": "¿Abren hoy?",
                   "at": "2026-11-23T18:00:00Z", "status": "delivered"})
        );
        assert_eq!(shown["items"][1]["direction"], "in");
        assert_eq!(shown["items"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_text_is_sent_once_to_a_number_of_ones_own() {
    let simulator = simulator().await;
    let app = app(&simulator).await;
    let mut conn = app.db.conn().await;
    let ours = world::numbers(&mut conn, app.account, 1).await[0].1.as_e164().to_owned();
    let (other, _) = app.neighbour().await;
    let theirs = world::numbers(&mut conn, other, 1).await[0].1.as_e164().to_owned();
    let text = json!({"from": CUSTOMER, "to": ours, "body": "Hola"});
    let sent = ResponseTemplate::new(200).set_body_json(json!({"sid": "SM7", "accepted": true}));
    Mock::given(method("POST"))
        .and(path("/control/texts"))
        .and(body_json(&text))
        .respond_with(sent)
        .expect(1)
        .mount(&simulator)
        .await;
    let ana = app.signed_in(Role::Agent).await.with("idempotency-key", "k-1");

    for _ in 0..2 {
        let answer = ana.post("/api/sandbox/texts", &text).await.expect(202);
        assert_eq!(answer.json(), json!({"sid": "SM7"}));
    }
    let foreign = json!({"from": CUSTOMER, "to": theirs, "body": "Hola"});
    let refused = app.sign_in("agent@example.mx").await.post("/api/sandbox/texts", &foreign).await;
    assert_eq!(refused.problem(), "422 unexpected-json to not-your-number");
    let odd = json!({"from": "me", "to": ours, "body": "Hola"});
    let refused = app.sign_in("agent@example.mx").await.post("/api/sandbox/texts", &odd).await;
    assert_eq!(refused.problem(), "422 unexpected-json from not-a-phone-number");
}
