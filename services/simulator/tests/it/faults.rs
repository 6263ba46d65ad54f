//! Bad days on demand.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use simulator::Config;

use crate::kit::{ANA, OURS, Receiver, World, answer, config, until};

const FORM: [(&str, &str); 3] = [("From", OURS), ("To", ANA), ("Body", "Hola")];

#[tokio::test]
async fn a_refused_create_leaves_nothing_and_an_accepted_one_everything() {
    let world = World::start().await;
    world
        .faults(json!({ "api": {
            "create_429": { "next": 1 },
            "create_5xx_refused": { "next": 1 },
            "create_5xx_accepted": { "next": 1 },
        } }))
        .await;

    let (status, error) = world.create(&FORM).await;
    assert_eq!((status.as_u16(), &error["code"]), (429, &json!(20429)));
    assert_eq!(world.create(&FORM).await.0, 500);
    assert_eq!(world.sim.ledger().messages.len(), 0);
    assert_eq!(world.create(&FORM).await.0, 503);
    assert_eq!(world.sim.ledger().messages.len(), 1);
    assert_eq!(world.create(&FORM).await.0, 201);
}

#[tokio::test]
async fn a_create_can_be_accepted_without_an_answer() {
    let world = World::start().await;
    world.faults(json!({ "api": { "create_timeout": 1.0 } })).await;
    let request = world.twilio(Method::POST, "Messages.json").form(&FORM);

    let error = request.timeout(Duration::from_millis(300)).send().await.unwrap_err();

    assert!(error.is_timeout());
    assert_eq!(world.sim.ledger().messages.len(), 1);
    world.stop().await;
}

#[tokio::test]
async fn too_many_requests_at_a_time_are_refused_unprocessed() {
    let world = World::with(Config { max_concurrent: 1, ..config() }).await;
    world.faults(json!({ "api": { "create_timeout": { "next": 1 } } })).await;
    let hanging = world.create(&FORM);
    let other = async {
        until("the first is in", async || world.sim.ledger().messages.len() == 1).await;
        answer(world.twilio(Method::POST, "Messages.json").form(&FORM)).await
    };
    tokio::select! {
        _ = hanging => panic!("the first should hang"),
        (status, error) = other => {
            assert_eq!((status.as_u16(), &error["code"]), (429, &json!(20429)));
        }
    }
    assert_eq!(world.sim.ledger().messages.len(), 1);
}

#[tokio::test]
async fn callbacks_can_be_shuffled_doubled_and_lost() {
    let (world, hilo) = (World::start().await, Receiver::start().await);
    let url = format!("{}/status", hilo.base);
    let form = [("From", OURS), ("To", ANA), ("Body", "Hola"), ("StatusCallback", url.as_str())];
    let comes = async |faults, expected: &[&str]| {
        world.faults(json!({ "callbacks": faults })).await;
        let sid = world.create(&form).await.1["sid"].as_str().unwrap().to_owned();
        until("callbacks", async || hilo.statuses(&sid).len() == expected.len()).await;
        assert_eq!(hilo.statuses(&sid), expected);
    };
    comes(json!({ "shuffled": 1 }), &["delivered", "sent"]).await;
    comes(json!({ "doubled": 1.0 }), &["sent", "sent", "delivered", "delivered"]).await;
    comes(json!({ "lost": { "next": 1 } }), &["delivered"]).await;
    comes(json!({ "late_ms": 5 }), &["sent", "delivered"]).await;
}

#[tokio::test]
async fn inbound_webhooks_can_be_doubled_and_lost() {
    let (world, hilo) = (World::start().await, Receiver::start().await);
    let base = json!({ "url": hilo.base });
    world.control(Method::PUT, "webhook-base", base).await;
    world.faults(json!({ "inbound": { "doubled": { "next": 1 } } })).await;
    let text = json!({ "from": ANA, "to": OURS, "body": "Hola" });
    let texted = world.control(Method::POST, "texts", text).await;
    assert_eq!(texted["accepted"], true);
    assert_eq!(hilo.hooks().len(), 2);

    world.faults(json!({ "inbound": { "lost": 1.0 } })).await;
    assert!(!world.sim.texts(ANA, OURS, "¿Hola?").await.accepted);
    assert_eq!(hilo.hooks().len(), 2);
    assert_eq!(world.get("Messages.json").await["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_fault_that_does_not_exist_or_is_no_probability_is_refused() {
    let world = World::start().await;
    let put = |body| world.http.put(world.url("/control/faults")).json(&body);
    let (status, error) = answer(put(json!({ "api": { "creat_429": 1 } }))).await;
    assert_eq!(status, 400);
    assert!(error["error"].as_str().unwrap().contains("creat_429"), "{error}");
    let (status, error) = answer(put(json!({ "api": { "create_429": 7 } }))).await;
    assert_eq!(status, 400);
    assert!(error["error"].as_str().unwrap().contains("api.create_429"), "{error}");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_bad_day() {
    let day = async || {
        let world = World::with(Config { seed: 7, ..config() }).await;
        world.faults(json!({ "api": { "create_5xx_refused": 0.5 } })).await;
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(world.create(&FORM).await.0.as_u16());
        }
        statuses
    };
    let first = day().await;
    assert_eq!(first, day().await);
    assert!(first.contains(&201) && first.contains(&500));
}
