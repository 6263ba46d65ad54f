//! The database or the broker goes away and comes back.

use std::sync::Arc;

use testkit::until;
use tokio::sync::Semaphore;

use crate::house::{
    HEARD, House, PATIENCE, Reaction, Reactions, envelope, on_both_buses, requested,
};

on_both_buses! {
    an_event_is_handled_when_the_database_is_back,
    a_handling_that_loses_the_database_is_an_outage_and_no_attempt,
    a_service_stops_although_the_database_is_away,
}

async fn an_event_is_handled_when_the_database_is_back(house: House) {
    let reactions = Reactions::default();
    let service = house.start(&reactions);
    house.say(1).await;
    house.until_handled(1).await;

    house.database.cut().await;
    house.publish(&envelope(&requested(2))).await;
    // What the service had in hand when it lost the bus in the database is leased for a while.
    house.clock.advance(chrono::TimeDelta::seconds(31));
    house.database.restore();

    house.until_handled(2).await;
    house.until_depth(HEARD, 0, 0).await;
    assert_eq!(house.handled(2).await, 1);
    assert_eq!(reactions.began(2), [false]);
    service.stop().await;
}

async fn a_handling_that_loses_the_database_is_an_outage_and_no_attempt(house: House) {
    let permit = Arc::new(Semaphore::new(0));
    let reactions = Reactions::default().when(1, Reaction::WaitsInMidWrite(Arc::clone(&permit)));
    let service = house.start(&reactions);
    house.say(1).await;
    // More often than an event of this patience is tried.
    for time in 1..=5 {
        until(PATIENCE, "it has begun once more", async || {
            house.clock.advance(chrono::TimeDelta::seconds(1));
            reactions.halfway() == time
        })
        .await;
        house.database.cut().await;
        permit.add_permits(1);
        until(PATIENCE, "it has failed", async || reactions.outages().len() == time).await;
        house.database.restore();
    }

    permit.add_permits(1);

    house.until_handled(1).await;
    assert_eq!(reactions.outages(), [true; 5]);
    assert!(reactions.began(1).iter().all(|last| !last), "attempts were counted");
    service.stop().await;
    house.until_depth(HEARD, 0, 0).await;
    assert_eq!((house.handled(1).await, house.handled(1_000_001).await), (1, 1));
}

async fn a_service_stops_although_the_database_is_away(house: House) {
    let service = house.start(&Reactions::default());
    house.say(1).await;
    house.until_handled(1).await;
    house.database.cut().await;
    house.publish(&envelope(&requested(2))).await;

    tokio::time::timeout(PATIENCE, service.stop()).await.unwrap();

    house.clock.advance(chrono::TimeDelta::seconds(31));
    house.database.restore();
    let successor = house.start(&Reactions::default());
    house.until_handled(2).await;
    successor.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_is_restored_when_the_broker_is_back() {
    let house = House::rabbit().await;
    let broker = house.broker.as_ref().unwrap();
    let service = house.start(&Reactions::default());
    house.say(1).await;
    house.until_handled(1).await;

    for epoch in 2..5 {
        broker.cut().await;
        // What is said meanwhile waits in the outbox.
        house.say(epoch).await;
        broker.restore();
        house.until_handled(epoch).await;
    }

    service.stop().await;
    house.until_depth(HEARD, 0, 0).await;
    for epoch in 1..5 {
        assert_eq!(house.handled(epoch).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_hand_when_the_broker_goes_is_handled_once() {
    let house = House::rabbit().await;
    let broker = house.broker.as_ref().unwrap();
    let permit = Arc::new(Semaphore::new(0));
    let reactions = Reactions::default().when(1, Reaction::Waits(Arc::clone(&permit)));
    let service = house.start(&reactions);
    house.say(1).await;
    reactions.until_began(1..=1).await;

    broker.cut().await;
    reactions.forget(1);
    permit.add_permits(1);
    // Handled and committed, but the ack is lost with the connection.
    house.until_handled(1).await;
    broker.restore();
    house.say(2).await;

    house.until_handled(2).await;
    house.until_depth(HEARD, 0, 0).await;
    assert_eq!(house.handled(1).await, 1);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_starts_although_neither_database_nor_broker_is_there() {
    let house = House::rabbit().await;
    let broker = house.broker.as_ref().unwrap();
    house.database.cut().await;
    broker.cut().await;
    let service = house.start(&Reactions::default());
    house.publish(&envelope(&requested(1))).await;

    house.database.restore();
    broker.restore();

    house.until_handled(1).await;
    service.stop().await;
}
