//! The ledger: what really happened, also after a restart.

use std::io::Write;

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Config, Simulator, Status};

use crate::kit::{ANA, OURS, World, answer, config, until};

#[tokio::test]
async fn the_ledger_survives_a_restart_and_a_torn_last_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let with_ledger = || Config { ledger: Some(path.clone()), ..config() };
    let world = World::with(with_ledger()).await;
    world.sends("Hola").await;
    world.sim.texts(ANA, OURS, "STOP").await;
    until("delivered", async || world.sim.summary().delivered == 1).await;
    let before = serde_json::to_value(world.sim.ledger()).unwrap();
    world.stop().await;
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"{\"kind\":\"crea").unwrap();

    let world = World::with(with_ledger()).await;

    assert_eq!(serde_json::to_value(world.sim.ledger()).unwrap(), before);
    let (status, error) = world.create(&[("From", OURS), ("To", ANA), ("Body", "a")]).await;
    assert_eq!((status.as_u16(), &error["code"]), (400, &json!(21610)));
    world.sim.texts(ANA, OURS, "START").await;
    world.stop().await;
    assert_eq!(Simulator::new(with_ledger()).unwrap().ledger().inbound.len(), 2);
}

#[tokio::test]
async fn a_text_that_was_under_way_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Some(folder.path().join("ledger.jsonl"));
    let carrier_delay = std::time::Duration::from_secs(3600);
    let world = World::with(Config { ledger: ledger.clone(), carrier_delay, ..config() }).await;
    world.sends("Hola").await;
    until("sent", async || world.sim.ledger().messages[0].status == Status::Sent).await;
    world.stop().await;

    let world = World::with(Config { ledger, ..config() }).await;

    until("delivered", async || world.sim.summary().delivered == 1).await;
    let statuses = &world.sim.ledger().messages[0].statuses;
    let names: Vec<Status> = statuses.iter().map(|entry| entry.status).collect();
    assert_eq!(names, [Status::Queued, Status::Sending, Status::Sent, Status::Delivered]);
}

#[tokio::test]
async fn the_control_api_shows_ledger_phone_and_events_and_forgets_on_request() {
    let world = World::start().await;
    world.sends("Hola").await;
    world.sim.texts(ANA, OURS, "Buenas").await;
    until("delivered", async || world.sim.summary().delivered == 1).await;
    let read = async |path: &str| answer(world.http.get(world.url(path))).await.1;

    let ledger = read("/control/ledger").await;
    assert_eq!(ledger["messages"][0]["body"], "Hola");
    assert_eq!(ledger["inbound"][0]["accepted"], false);
    let summary = read("/control/ledger?summary=1").await;
    assert_eq!((&summary["messages"], &summary["inbound"]), (&json!(1), &json!(1)));
    let phone = read(&format!("/control/phones/{ANA}")).await;
    let seen = phone.as_array().unwrap().iter().filter(|bubble| bubble["seen"] == true).count();
    assert_eq!(seen, 2);
    assert_eq!(read("/control/phones").await, json!([{ "phone_number": ANA, "last": "Buenas" }]));
    let events = read("/control/events?after=0").await;
    let kinds: Vec<&Value> =
        events["events"].as_array().unwrap().iter().map(|event| &event["kind"]).collect();
    assert!(kinds.contains(&&json!("created")) && kinds.contains(&&json!("received")));

    world.control(Method::POST, "reset", json!(null)).await;
    assert_eq!(read("/control/ledger?summary=1").await["messages"], 0);
}

#[tokio::test]
async fn a_reader_can_wait_for_what_happens_next() {
    let world = World::start().await;
    let last = *world.sim.watch().borrow();
    let url = world.url(&format!("/control/events?after={last}&wait_ms=20000"));
    let (answer, _) = tokio::join!(answer(world.http.get(url)), world.sim.texts(ANA, OURS, "a"));
    assert_eq!(answer.1["events"][0]["kind"], "received");
}
