//! What only a broker of its own can do, and what only the bus in the database cannot.

use std::time::Duration;

use bus::{BusError, Outgoing, Published, Queue};
use lapin::options::{BasicPublishOptions, QueueDeleteOptions};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use secrecy::ExposeSecret;
use testkit::until;

use crate::house::{House, PATIENCE, envelope, handle, handle_all, mandatory, queue};

const HEARD: Queue = queue("conversations.sms_received", "sms.received");
const SPOOL: Queue = Queue { name: "ingress.spool", event_type: None, prefetch: 50 };

/// A stranger's connection to the same broker.
async fn stranger(house: &House) -> (Connection, Channel) {
    let connection =
        Connection::connect(house.proxy.url().expose_secret(), ConnectionProperties::default())
            .await
            .unwrap();
    let channel = connection.create_channel().await.unwrap();
    (connection, channel)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_somebody_else_is_shown_as_such_and_can_be_set_aside() {
    let mut prefix = String::new();
    let house = House::rabbit_with(|settings| prefix = settings.prefix.clone()).await;
    house.declare(&[HEARD]).await;
    let (_connection, channel) = stranger(&house).await;
    let name = format!("{prefix}{}", HEARD.name);
    channel
        .basic_publish(
            "".into(),
            name.as_str().into(),
            BasicPublishOptions::default(),
            b"hello",
            BasicProperties::default(),
        )
        .await
        .unwrap();

    let mut consumer = house.consume(HEARD).await;
    let delivery = tokio::time::timeout(PATIENCE, consumer.next()).await.unwrap().unwrap();
    assert!(matches!(delivery.envelope, Err(BusError::NotOurs { .. })));
    delivery.settle.bury("not ours").await.unwrap();

    house.until_depth(HEARD, 0, 1).await;
    // The queue goes on.
    let said = house.say("sms.received", 0..1).await;
    assert_eq!(handle(&mut consumer).await, said[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_refuses_until_there_is_room() {
    let house = House::rabbit_with(|settings| settings.max_length = 5).await;
    house.declare(&[HEARD]).await;
    let one = || [mandatory(envelope("sms.received", 1))];

    let mut confirmed = 0;
    until(PATIENCE, "the queue is full", async || {
        let full = house.bus.publish(&one()).await == [Published::Refused];
        confirmed += usize::from(!full);
        full
    })
    .await;

    assert!((5..20).contains(&confirmed), "{confirmed} in a queue of 5");
    let mut consumer = house.consume(HEARD).await;
    handle_all(&mut consumer, confirmed).await;
    until(PATIENCE, "there is room again", async || {
        house.bus.publish(&one()).await == [Published::Confirmed]
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_reaches_its_queue() {
    let house = House::rabbit().await;
    house.declare(&[SPOOL]).await;
    let spooled = envelope(SPOOL.name, 1);

    house.bus.put(&SPOOL, &spooled).await.unwrap();

    let mut consumer = house.consume(SPOOL).await;
    assert_eq!(handle(&mut consumer).await, spooled);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bus_in_the_database_is_no_way_around_the_database() {
    let house = House::embedded().await;
    house.declare(&[SPOOL]).await;

    let put = house.bus.put(&SPOOL, &envelope(SPOOL.name, 1)).await;

    assert!(matches!(put, Err(BusError::Refused { .. })), "{put:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_says_nothing_is_not_waited_for() {
    let house = House::rabbit().await;
    house.declare(&[HEARD]).await;
    house.say("sms.received", 0..1).await;

    house.proxy.freeze();
    let batch: Vec<Outgoing> = (0..3).map(|i| mandatory(envelope("sms.received", i))).collect();
    let published = tokio::time::timeout(Duration::from_secs(6), house.bus.publish(&batch)).await;

    assert_eq!(published.unwrap(), [Published::Unknown; 3]);
    house.proxy.restore();
    until(PATIENCE, "it answers again", async || {
        house.bus.publish(&batch).await == [Published::Confirmed; 3]
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_comes_back_without_our_queues_is_given_them_again() {
    let mut prefix = String::new();
    let house = House::rabbit_with(|settings| prefix = settings.prefix.clone()).await;
    house.declare(&[HEARD]).await;
    let (_connection, channel) = stranger(&house).await;
    let name = format!("{prefix}{}", HEARD.name);
    channel.queue_delete(name.as_str().into(), QueueDeleteOptions::default()).await.unwrap();

    house.proxy.cut().await;
    house.proxy.restore();

    until(PATIENCE, "the queue is there again", async || {
        house.bus.publish(&[mandatory(envelope("sms.received", 1))]).await == [Published::Confirmed]
    })
    .await;
    let mut consumer = house.consume(HEARD).await;
    handle(&mut consumer).await;
}
