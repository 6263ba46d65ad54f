//! The lists that a reconciliation reads.

use serde_json::{Value, json};

use crate::kit::{ANA, OTHER, OURS, World};

#[tokio::test]
async fn pages_follow_each_other_newest_first_and_do_not_shift() {
    let world = World::start().await;
    for n in 0..5 {
        world.sends(&format!("texto {n}")).await;
    }
    let mut bodies = Vec::new();
    let mut page = world.get("Messages.json?PageSize=2").await;
    world.sends("newer than the first page").await;
    let account = format!("/2010-04-01/Accounts/{}/", world.sim.config().account_sid);
    loop {
        assert_eq!(page["page_size"], 2);
        for message in page["messages"].as_array().unwrap() {
            bodies.push(message["body"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next_page_uri"].as_str() else { break };
        page = world.get(next.strip_prefix(&account).unwrap()).await;
    }
    assert_eq!(bodies, ["texto 4", "texto 3", "texto 2", "texto 1", "texto 0"]);
}

#[tokio::test]
async fn both_directions_are_listed_and_filtered_by_number_and_day() {
    let world = World::start().await;
    world.sends("Hola").await;
    world.sim.texts(ANA, OURS, "Buenas").await;
    world.sim.texts(ANA, OTHER, "A otro número").await;
    let bodies = async |query: &str| -> Vec<Value> {
        let list = world.get(&format!("Messages.json?{query}")).await;
        list["messages"].as_array().unwrap().iter().map(|m| m["body"].clone()).collect()
    };

    assert_eq!(bodies("").await, ["A otro número", "Buenas", "Hola"]);
    assert_eq!(bodies("To=%2B525500000001").await, ["Buenas"]);
    assert_eq!(bodies("From=%2B525500000001").await, ["Hola"]);
    let today = world.sim.ledger().inbound[0].received_at.format("%Y-%m-%d").to_string();
    assert_eq!(bodies(&format!("DateSent={today}")).await.len(), 3);
    assert_eq!(bodies(&format!("DateSent={today}T00%3A00%3A00Z")).await.len(), 3);
    assert_eq!(bodies(&format!("DateSent%3E={today}")).await.len(), 3);
    assert_eq!(bodies(&format!("DateSent>={today}")).await.len(), 3);
    assert_eq!(bodies("DateSent%3E=2999-01-01").await.len(), 0);
    assert_eq!(bodies("DateSent%3C=2020-01-01").await.len(), 0);
    assert_eq!(bodies("DateSent%3E=2020-01-01T00%3A00%3A00Z").await.len(), 3);
    let list = world.get("Messages.json?To=%2B525500000001").await;
    assert_eq!(list["messages"][0]["direction"], "inbound");
    assert_eq!(list["messages"][0]["status"], "received");
}

#[tokio::test]
async fn registered_numbers_are_listed_with_what_they_can_do() {
    let world = World::start().await;
    world.control(reqwest::Method::POST, "numbers", json!([OURS, OTHER])).await;
    let list = world.get("IncomingPhoneNumbers.json").await;
    let numbers = list["incoming_phone_numbers"].as_array().unwrap();
    assert_eq!(numbers.len(), 2);
    assert_eq!(numbers[0]["phone_number"], OURS);
    assert!(numbers[0]["sid"].as_str().unwrap().starts_with("PN"));
    assert_eq!(numbers[0]["capabilities"]["sms"], true);
    assert_eq!(numbers[0]["sms_application_sid"], "");
}
