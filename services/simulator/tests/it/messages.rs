//! `POST Messages.json` and `GET Messages/{sid}.json`.

use reqwest::Method;
use serde_json::{Value, json};
use simulator::Config;

use crate::kit::{ANA, OTHER, OURS, World, answer, config, until};

#[tokio::test]
async fn a_text_is_queued_then_delivered_and_can_be_fetched() {
    let world = World::start().await;

    let created = world.sends("Hola").await;

    let mut shape = created.clone();
    for volatile in ["sid", "uri", "subresource_uris", "date_created", "date_updated"] {
        assert!(shape[volatile].take() != Value::Null, "{volatile} is missing");
    }
    let expected = json!({
        "account_sid": world.sim.config().account_sid, "api_version": "2010-04-01",
        "body": "Hola", "date_created": null, "date_sent": null, "date_updated": null,
        "direction": "outbound-api", "error_code": null, "error_message": null, "from": OURS,
        "messaging_service_sid": null, "num_media": "0", "num_segments": "1", "price": null,
        "price_unit": "USD", "sid": null, "status": "queued", "subresource_uris": null,
        "to": ANA, "uri": null,
    });
    assert_eq!(shape, expected);
    let sid = created["sid"].as_str().unwrap();
    assert!(sid.len() == 34 && sid.starts_with("SM"), "{sid}");
    let date = created["date_created"].as_str().unwrap();
    assert!(chrono::DateTime::parse_from_rfc2822(date).is_ok(), "{date}");
    let path = format!("Messages/{sid}.json");
    until("delivered", async || world.get(&path).await["status"] == "delivered").await;
    assert_ne!(world.get(&path).await["date_sent"], Value::Null);
}

#[tokio::test]
async fn what_is_wrong_with_a_text_has_its_own_code() {
    let world = World::with(Config { numbers: vec![OURS.to_owned()], ..config() }).await;
    let long = "a".repeat(1601);
    let good = [("From", OURS), ("To", ANA), ("Body", "Hola")];
    let with = |name: &'static str, value: &str| -> Vec<(String, String)> {
        let others = good.iter().filter(|(key, _)| *key != name);
        let mut form: Vec<(String, String)> =
            others.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        form.push((name.to_owned(), value.to_owned()));
        form
    };
    let cases = [
        (with("To", ""), 21604),
        (with("From", ""), 21603),
        (with("Body", ""), 21602),
        (with("To", "5512345678"), 21211),
        (with("To", "+0123456789"), 21211),
        (with("To", OURS), 21211),
        (with("From", "TIENDA"), 21212),
        (with("From", OTHER), 21606),
        (with("Body", &long), 21617),
        (with("StatusCallback", "/sms/status"), 21609),
        (with("StatusCallback", "ftp://hilo.example/status"), 21609),
        (with("StatusCallback", "https://my_host.example/status"), 21609),
    ];
    for (form, code) in cases {
        let request = world.twilio(Method::POST, "Messages.json").form(&form);
        let (status, error) = answer(request).await;
        assert_eq!((status.as_u16(), &error["code"]), (400, &json!(code)), "{form:?} {error}");
        assert_eq!(error["more_info"], format!("https://www.twilio.com/docs/errors/{code}"));
        assert_eq!(error["status"], 400);
    }
    assert_eq!(world.sim.ledger().messages.len(), 0);
}

#[tokio::test]
async fn unknown_parameters_are_ignored_and_1600_characters_are_enough() {
    let world = World::start().await;
    let body = "a".repeat(1600);
    let form = [("From", OURS), ("To", ANA), ("Body", body.as_str()), ("Colour", "blue")];
    let (status, message) = world.create(&form).await;
    assert_eq!(status, 201);
    assert_eq!(message["num_segments"], "11");
}

#[tokio::test]
async fn strangers_and_other_accounts_are_turned_away() {
    let world = World::start().await;
    let account = world.sim.config().account_sid.clone();
    let path = |account: &str| world.url(&format!("/2010-04-01/Accounts/{account}/Messages.json"));

    let (status, error) = answer(world.http.get(path(&account))).await;
    assert_eq!((status.as_u16(), &error["code"]), (401, &json!(20003)));

    let wrong = world.http.get(path(&account)).basic_auth(&account, Some("wrong"));
    let (status, error) = answer(wrong).await;
    assert_eq!((status.as_u16(), &error["code"]), (401, &json!(20003)));

    let token = world.sim.config().auth_token.clone();
    let other = world.http.get(path("AC1")).basic_auth(&account, Some(token));
    let (status, error) = answer(other).await;
    assert_eq!((status.as_u16(), &error["code"]), (404, &json!(20404)));

    let json_body = world.twilio(Method::POST, "Messages.json").json(&json!({ "To": ANA }));
    let (status, error) = answer(json_body).await;
    assert_eq!((status.as_u16(), &error["code"]), (415, &json!(20001)));

    let (status, error) = answer(world.twilio(Method::GET, "Messages/SM404.json")).await;
    assert_eq!((status.as_u16(), &error["code"]), (404, &json!(20404)));
}

#[tokio::test]
async fn after_stop_the_pair_is_blocked_until_start_and_other_numbers_are_not() {
    let world = World::start().await;
    let form = |from| [("From", from), ("To", ANA), ("Body", "Hola")];

    world.sim.texts(ANA, OURS, "stop please").await;
    assert_eq!(world.create(&form(OURS)).await.0, 201, "two words are no keyword");

    world.sim.texts(ANA, OURS, " Stop ").await;
    let (status, error) = world.create(&form(OURS)).await;
    assert_eq!((status.as_u16(), &error["code"]), (400, &json!(21610)));
    assert_eq!(world.create(&form(OTHER)).await.0, 201);
    let phone = world.sim.phone(ANA);
    let notice = phone.iter().find(|bubble| bubble.notice).unwrap();
    assert!(notice.body.contains("unsubscribed"));
    let list = world.get("Messages.json").await;
    assert!(!list.to_string().contains("successfully"), "Twilio's notice is no message of ours");

    world.sim.texts(ANA, OURS, "START").await;
    assert_eq!(world.create(&form(OURS)).await.0, 201);
}

#[tokio::test]
async fn a_chosen_recipient_is_refused_at_once_or_fails_later() {
    let world = World::start().await;
    world.control(Method::PUT, &format!("recipients/{ANA}"), json!({ "refuse": 21614 })).await;
    let (status, error) = world.create(&[("From", OURS), ("To", ANA), ("Body", "Hola")]).await;
    assert_eq!((status.as_u16(), &error["code"]), (400, &json!(21614)));

    world.control(Method::PUT, &format!("recipients/{ANA}"), json!({ "fail": 30003 })).await;
    let sid = world.sends("Hola").await["sid"].as_str().unwrap().to_owned();
    let path = format!("Messages/{sid}.json");
    until("undelivered", async || world.get(&path).await["status"] == "undelivered").await;
    assert_eq!(world.get(&path).await["error_code"], 30003);
}

#[tokio::test]
async fn a_number_sends_so_many_segments_a_second_and_its_queue_has_an_end() {
    let world = World::with(Config {
        segments_per_second: 1,
        queue_limit: std::time::Duration::from_secs(3),
        ..config()
    })
    .await;
    let long = "a".repeat(153 * 4);
    world.sends(&long).await;

    let (status, error) = world.create(&[("From", OURS), ("To", ANA), ("Body", "b")]).await;
    assert_eq!((status.as_u16(), &error["code"]), (400, &json!(21611)));
    let other = world.create(&[("From", OTHER), ("To", ANA), ("Body", "b")]).await;
    assert_eq!(other.0, 201, "every number has a queue of its own");
}

#[tokio::test]
async fn segments_leave_one_after_the_other() {
    let world = World::with(Config { segments_per_second: 20, ..config() }).await;
    for body in ["uno", "dos", "tres"] {
        world.sends(body).await;
    }
    until("all delivered", async || world.sim.summary().delivered == 3).await;
    let ledger = world.sim.ledger();
    let sent = |place: usize| {
        let statuses = &ledger.messages[place].statuses;
        statuses.iter().find(|s| s.status == simulator::Status::Sent).unwrap().at
    };
    let took = (sent(2) - sent(0)).num_milliseconds();
    assert!(took >= 95, "three segments at 20 a second took {took} ms");
}

#[tokio::test]
async fn a_messaging_service_chooses_one_of_our_numbers() {
    let world = World::start().await;
    let form = [("MessagingServiceSid", "MG1"), ("To", ANA), ("Body", "Hola")];
    let (status, error) = world.create(&form).await;
    assert_eq!((status.as_u16(), &error["code"]), (400, &json!(21703)));

    world.control(Method::POST, "numbers", json!([OTHER])).await;
    let (status, message) = world.create(&form).await;
    assert_eq!((status.as_u16(), &message["status"]), (201, &json!("accepted")));
    assert_eq!(message["from"], OTHER);
    assert_eq!(message["messaging_service_sid"], "MG1");
}
