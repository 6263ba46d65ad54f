//! What both buses promise when the network breaks under them.

use std::collections::HashSet;
use std::time::Duration;

use bus::{Consumer, Envelope, Published};
use domain::EventId;
use testkit::until;

use crate::contract::on_both_buses;
use crate::house::{House, PATIENCE, envelope, mandatory, queue};

on_both_buses! {
    nothing_that_was_confirmed_is_lost_when_the_network_breaks_in_mid_stream,
    a_publisher_is_told_in_time_that_the_network_is_gone,
    a_consumer_is_told_that_the_network_is_gone_and_another_can_be_started,
}

const HEARD: bus::Queue = queue("conversations.sms_received", "sms.received");

/// The house's own patience is five seconds.
const IN_TIME: Duration = Duration::from_secs(6);

async fn publish(house: &House, batch: &[Envelope]) -> Vec<Published> {
    let batch: Vec<_> = batch.iter().cloned().map(mandatory).collect();
    tokio::time::timeout(IN_TIME, house.bus.publish(&batch)).await.unwrap()
}

async fn nothing_that_was_confirmed_is_lost_when_the_network_breaks_in_mid_stream(house: House) {
    house.declare(&[HEARD]).await;
    let breaking = async {
        for quarter in 0..4 {
            until(PATIENCE, "the next quarter is on its way", async || {
                house.bus.depth(&HEARD).await.is_ok_and(|depth| depth.waiting > quarter * 240)
            })
            .await;
            house.proxy.cut().await;
            house.proxy.restore();
        }
    };
    let publishing = async {
        let mut confirmed = HashSet::new();
        for number in 0..40 {
            let batch: Vec<Envelope> =
                (0..25).map(|i| envelope("sms.received", number * 25 + i)).collect();
            let mut left = batch;
            // As the relay does: what is not confirmed is said again.
            while !left.is_empty() {
                let outcomes = publish(&house, &left).await;
                let said = left.iter().zip(&outcomes);
                confirmed.extend(
                    said.filter(|(_, outcome)| **outcome == Published::Confirmed)
                        .map(|(envelope, _)| envelope.id),
                );
                left.retain(|envelope| !confirmed.contains(&envelope.id));
            }
        }
        confirmed
    };

    let (confirmed, ()) = tokio::join!(publishing, breaking);

    assert_eq!(confirmed.len(), 1000);
    assert!(received(&house, &confirmed).await.is_superset(&confirmed));
}

/// Hears until all of these were heard, however often the consumer has to be started again.
async fn received(house: &House, wanted: &HashSet<EventId>) -> HashSet<EventId> {
    let mut heard = HashSet::new();
    until(PATIENCE, "all that was confirmed is heard", async || {
        let Ok(mut consumer) = house.bus.consume(&HEARD).await else { return false };
        while !heard.is_superset(wanted) {
            let Ok(delivery) = consumer.next().await else { return false };
            heard.insert(delivery.envelope.unwrap().id);
            let _ = delivery.settle.ack().await;
        }
        consumer.close().await;
        true
    })
    .await;
    heard
}

async fn a_publisher_is_told_in_time_that_the_network_is_gone(house: House) {
    house.declare(&[HEARD]).await;
    house.say("sms.received", 0..1).await;
    let batch = [envelope("sms.received", 1), envelope("sms.received", 2)];

    house.proxy.cut().await;
    assert_eq!(publish(&house, &batch).await, [Published::Unknown; 2]);

    house.proxy.restore();
    until(PATIENCE, "it is confirmed again", async || {
        publish(&house, &batch).await == [Published::Confirmed; 2]
    })
    .await;
}

async fn a_consumer_is_told_that_the_network_is_gone_and_another_can_be_started(house: House) {
    house.declare(&[HEARD]).await;
    let mut consumer = house.consume(HEARD).await;
    house.say("sms.received", 0..3).await;
    crate::house::handle(&mut consumer).await;

    house.proxy.cut().await;
    let told = async {
        // What was prefetched may still be handed out first.
        while consumer.next().await.is_ok() {}
    };
    tokio::time::timeout(PATIENCE, told).await.unwrap();
    drop(consumer);
    house.proxy.restore();
    // Longer than the lease of what the broken consumer held.
    house.pass(Duration::from_secs(31));

    let mut consumer: Box<dyn Consumer> =
        until(PATIENCE, "it can be consumed again", async || house.bus.consume(&HEARD).await.ok())
            .await;
    // Three if the acknowledgement of the first was lost with the network, and else two.
    let numbers = async {
        let mut heard = HashSet::new();
        while !heard.is_superset(&HashSet::from([1_u32.to_be_bytes(), 2_u32.to_be_bytes()])) {
            let (delivery, envelope) = crate::house::next(&mut consumer).await;
            heard.insert(envelope.body.try_into().unwrap());
            delivery.settle.ack().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, numbers).await.unwrap();
}
