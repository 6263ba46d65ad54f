//! What both buses promise.

use std::time::Duration;

use bus::{BusError, Outgoing, Published, Queue, Routing};
use chrono::TimeDelta;

use crate::house::{House, PATIENCE, UNIT, envelope, handle, handle_all, mandatory, next, queue};

/// Each of these is a test on either bus.
macro_rules! on_both_buses {
    ($($name:ident,)*) => {
        mod embedded {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::house::House::embedded().await).await;
            })*
        }
        mod rabbit {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::house::House::rabbit().await).await;
            })*
        }
    };
}
pub(crate) use on_both_buses;

on_both_buses! {
    what_is_published_reaches_each_bound_queue_once,
    a_single_consumer_hears_in_the_order_of_publishing,
    one_that_nobody_is_bound_for_is_refused_and_the_others_pass,
    an_optional_one_that_nobody_is_bound_for_is_dropped,
    an_envelope_survives_the_journey,
    an_acknowledged_message_is_gone,
    a_retried_message_comes_back_after_its_delay_with_one_attempt_more,
    a_retried_message_comes_back_to_its_own_queue_only,
    a_buried_message_is_set_aside_until_it_is_given_another_life,
    no_more_are_replayed_than_was_asked_for,
    a_message_dropped_unsettled_comes_again,
    no_more_are_in_hand_than_the_prefetch_allows,
    a_closed_consumer_gives_back_what_it_did_not_hand_out,
    two_consumers_share_a_queue,
    declaring_again_changes_nothing,
    a_queue_that_was_never_declared_takes_nothing,
}

const HEARD: Queue = queue("conversations.sms_received", "sms.received");
const HEARD_TOO: Queue = queue("analytics.sms_received", "sms.received");
const OTHER: Queue = queue("responder.reply_requested", "reply.requested");

/// What a process that died held is given to another after the lease of the embedded bus.
const LEASE: Duration = Duration::from_secs(31);

async fn what_is_published_reaches_each_bound_queue_once(house: House) {
    house.declare(&[HEARD, HEARD_TOO, OTHER]).await;

    let said = house.say("sms.received", 0..3).await;

    for queue in [HEARD, HEARD_TOO] {
        let mut consumer = house.consume(queue).await;
        assert_eq!(handle_all(&mut consumer, 3).await, said);
        consumer.close().await;
        house.until_depth(queue, 0, 0).await;
    }
    house.until_depth(OTHER, 0, 0).await;
}

async fn a_single_consumer_hears_in_the_order_of_publishing(house: House) {
    house.declare(&[HEARD]).await;
    let mut said = Vec::new();
    for hundred in 0..4 {
        said.extend(house.say("sms.received", hundred * 100..(hundred + 1) * 100).await);
    }

    let mut consumer = house.consume(HEARD).await;

    assert_eq!(handle_all(&mut consumer, 400).await, said);
}

async fn one_that_nobody_is_bound_for_is_refused_and_the_others_pass(house: House) {
    house.declare(&[HEARD]).await;
    let (first, stranger, last) =
        (envelope("sms.received", 1), envelope("call.received", 2), envelope("sms.received", 3));

    let batch = [first.clone(), stranger, last.clone()].map(mandatory);
    let published = house.bus.publish(&batch).await;

    assert_eq!(published, [Published::Confirmed, Published::Refused, Published::Confirmed]);
    let mut consumer = house.consume(HEARD).await;
    assert_eq!(handle_all(&mut consumer, 2).await, [first, last]);
}

async fn an_optional_one_that_nobody_is_bound_for_is_dropped(house: House) {
    house.declare(&[HEARD]).await;
    let optional =
        |event_type| Outgoing { envelope: envelope(event_type, 1), routing: Routing::Optional };
    let batch = [optional("text.sent"), optional("sms.received")];

    let published = house.bus.publish(&batch).await;

    assert_eq!(published, [Published::Confirmed; 2]);
    let mut consumer = house.consume(HEARD).await;
    assert_eq!(handle(&mut consumer).await, batch[1].envelope);
    consumer.close().await;
    house.until_depth(HEARD, 0, 0).await;
}

async fn an_envelope_survives_the_journey(house: House) {
    house.declare(&[HEARD]).await;
    let mut full = envelope("sms.received", 1);
    full.occurred_at += TimeDelta::microseconds(123_457);
    full.traceparent = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned());
    full.body = (0..=255).collect();
    let mut bare = envelope("sms.received", 2);
    bare.account = None;
    bare.body = Vec::new();

    house.bus.publish(&[full.clone(), bare.clone()].map(mandatory)).await;

    let mut consumer = house.consume(HEARD).await;
    for sent in [full, bare] {
        let arrived = handle(&mut consumer).await;
        assert_eq!(arrived.occurred_at, sent.occurred_at);
        assert_eq!(arrived, sent);
    }
}

async fn an_acknowledged_message_is_gone(house: House) {
    house.declare(&[HEARD]).await;
    let said = house.say("sms.received", 0..2).await;
    let mut consumer = house.consume(HEARD).await;

    handle(&mut consumer).await;
    consumer.close().await;
    house.pass(LEASE);

    let mut consumer = house.consume(HEARD).await;
    assert_eq!(handle(&mut consumer).await, said[1]);
    consumer.close().await;
    house.until_depth(HEARD, 0, 0).await;
}

async fn a_retried_message_comes_back_after_its_delay_with_one_attempt_more(house: House) {
    house.declare(&[HEARD]).await;
    let said = house.say("sms.received", 0..1).await;
    let mut consumer = house.consume(HEARD).await;

    for (attempt, delay) in [(0, UNIT), (1, UNIT * 10), (2, UNIT * 60)] {
        let (delivery, envelope) = next(&mut consumer).await;
        assert_eq!((delivery.attempt, &envelope), (attempt, &said[0]));
        let put_back = tokio::time::Instant::now();
        delivery.settle.retry(delay).await.unwrap();
        // What was said later is not held up, which also shows that the delay is kept.
        let later = house.say("sms.received", 9..10).await;
        assert_eq!(handle(&mut consumer).await, later[0]);
        house.pass(delay);
        if attempt == 2 {
            let (delivery, envelope) = next(&mut consumer).await;
            assert_eq!((delivery.attempt, &envelope), (3, &said[0]));
            // Either the bus was told that time has passed, or it really has.
            assert!(house.is_told_the_time() || put_back.elapsed() >= delay);
        }
    }
}

async fn a_retried_message_comes_back_to_its_own_queue_only(house: House) {
    house.declare(&[HEARD, HEARD_TOO]).await;
    let said = house.say("sms.received", 0..1).await;
    let mut consumer = house.consume(HEARD).await;

    let (delivery, _) = next(&mut consumer).await;
    delivery.settle.retry(UNIT).await.unwrap();
    house.pass(UNIT);

    assert_eq!(handle(&mut consumer).await, said[0]);
    let mut other = house.consume(HEARD_TOO).await;
    let (delivery, envelope) = next(&mut other).await;
    assert_eq!((delivery.attempt, &envelope), (0, &said[0]));
    delivery.settle.ack().await.unwrap();
    other.close().await;
    house.until_depth(HEARD_TOO, 0, 0).await;
}

async fn a_buried_message_is_set_aside_until_it_is_given_another_life(house: House) {
    house.declare(&[HEARD]).await;
    let said = house.say("sms.received", 0..1).await;
    let mut consumer = house.consume(HEARD).await;
    let (delivery, _) = next(&mut consumer).await;
    delivery.settle.retry(UNIT).await.unwrap();
    house.pass(UNIT);

    let (delivery, _) = next(&mut consumer).await;
    assert_eq!(delivery.attempt, 1);
    delivery.settle.bury("the sender is no telephone number").await.unwrap();

    house.until_depth(HEARD, 0, 1).await;
    assert_eq!(house.bus.replay(&HEARD, 10).await.unwrap(), 1);
    let (delivery, envelope) = next(&mut consumer).await;
    assert_eq!((delivery.attempt, &envelope), (0, &said[0]));
    delivery.settle.ack().await.unwrap();
    consumer.close().await;
    house.until_depth(HEARD, 0, 0).await;
}

async fn no_more_are_replayed_than_was_asked_for(house: House) {
    house.declare(&[HEARD]).await;
    house.say("sms.received", 0..5).await;
    let mut consumer = house.consume(HEARD).await;
    for _ in 0..5 {
        let (delivery, _) = next(&mut consumer).await;
        delivery.settle.bury("a fault of ours").await.unwrap();
    }
    consumer.close().await;
    house.until_depth(HEARD, 0, 5).await;

    assert_eq!(house.bus.replay(&HEARD, 2).await.unwrap(), 2);
    house.until_depth(HEARD, 2, 3).await;
    assert_eq!(house.bus.replay(&HEARD, 100).await.unwrap(), 3);
    house.until_depth(HEARD, 5, 0).await;
    assert_eq!(house.bus.replay(&HEARD, 100).await.unwrap(), 0);
}

async fn a_message_dropped_unsettled_comes_again(house: House) {
    house.declare(&[HEARD]).await;
    let said = house.say("sms.received", 0..1).await;
    let mut consumer = house.consume(HEARD).await;

    drop(next(&mut consumer).await);
    house.pass(LEASE);

    let (delivery, envelope) = next(&mut consumer).await;
    assert_eq!((delivery.attempt, &envelope), (0, &said[0]));
}

async fn no_more_are_in_hand_than_the_prefetch_allows(house: House) {
    let narrow = Queue { prefetch: 2, ..HEARD };
    house.declare(&[narrow]).await;
    let said = house.say("sms.received", 0..4).await;
    let mut consumer = house.consume(narrow).await;
    let (first, _) = next(&mut consumer).await;
    let (_second, _) = next(&mut consumer).await;

    let third = tokio::time::timeout(Duration::from_millis(400), consumer.next()).await;
    assert!(third.is_err(), "a third was handed out while two were unsettled");

    first.settle.ack().await.unwrap();
    let (_third, envelope) = next(&mut consumer).await;
    assert_eq!(envelope, said[2]);
}

async fn a_closed_consumer_gives_back_what_it_did_not_hand_out(house: House) {
    house.declare(&[HEARD]).await;
    let said = house.say("sms.received", 0..20).await;
    let mut consumer = house.consume(HEARD).await;
    assert_eq!(handle(&mut consumer).await, said[0]);

    consumer.close().await;

    // At once: no lease has to end first.
    let mut consumer = house.consume(HEARD).await;
    assert_eq!(handle_all(&mut consumer, 19).await, said[1..]);
}

async fn two_consumers_share_a_queue(house: House) {
    let narrow = Queue { prefetch: 5, ..HEARD };
    house.declare(&[narrow]).await;
    let mut said = house.say("sms.received", 0..40).await;
    let (mut one, mut other) = (house.consume(narrow).await, house.consume(narrow).await);

    let (first, second) = tokio::join!(handle_all(&mut one, 20), handle_all(&mut other, 10));
    other.close().await;
    let rest = handle_all(&mut one, 10).await;

    let mut handled = [first, second, rest].concat();
    handled.sort_by_key(|envelope| envelope.id);
    said.sort_by_key(|envelope| envelope.id);
    assert_eq!(handled, said);
}

async fn declaring_again_changes_nothing(house: House) {
    house.declare(&[HEARD, OTHER]).await;
    let said = house.say("sms.received", 0..1).await;

    house.declare(&[HEARD]).await;
    house.declare(&[HEARD, OTHER]).await;

    let mut consumer = house.consume(HEARD).await;
    assert_eq!(handle(&mut consumer).await, said[0]);
    consumer.close().await;
    house.until_depth(HEARD, 0, 0).await;
}

async fn a_queue_that_was_never_declared_takes_nothing(house: House) {
    let spool = Queue { name: "ingress.spool", event_type: None, prefetch: 50 };

    let put = house.bus.put(&spool, &envelope("ingress.spool", 1)).await;

    assert!(matches!(put, Err(BusError::Refused { .. })), "{put:?}");
    // And the next publication is none the worse for it.
    house.declare(&[HEARD]).await;
    let saying = tokio::time::timeout(PATIENCE, house.say("sms.received", 0..1)).await;
    assert_eq!(saying.unwrap().len(), 1);
}
