//! An event is handled once, and one that cannot be handled does not stand in the way.

use bus::Envelope;

use crate::house::{HEARD, House, Reaction, Reactions, envelope, on_both_buses, requested};

on_both_buses! {
    what_is_said_is_handled_once,
    a_body_that_is_no_event_is_set_aside_at_once,
    an_event_that_can_never_be_handled_is_set_aside_at_once,
    an_event_that_may_be_handled_later_walks_the_ladder_and_is_then_set_aside,
    a_handler_that_panics_is_tried_again_then_set_aside_and_the_others_go_on,
    a_redelivery_after_a_crash_between_commit_and_ack_does_nothing,
    what_was_set_aside_is_handled_when_it_is_replayed,
    what_a_failed_handling_wrote_is_undone,
}

async fn what_is_said_is_handled_once(house: House) {
    let service = house.start(&Reactions::default());

    for epoch in 0..20 {
        house.say(epoch).await;
    }
    for epoch in 0..20 {
        house.until_handled(epoch).await;
    }

    service.stop().await;
    house.until_depth(HEARD, 0, 0).await;
    for epoch in 0..20 {
        assert_eq!(house.handled(epoch).await, 1);
    }
}

async fn a_body_that_is_no_event_is_set_aside_at_once(house: House) {
    let reactions = Reactions::default();
    let service = house.start(&reactions);

    house.publish(&Envelope { body: b"\xff\xff".to_vec(), ..envelope(&requested(1)) }).await;
    house.say(2).await;

    house.until_handled(2).await;
    house.until_depth(HEARD, 0, 1).await;
    assert!(reactions.began(1).is_empty());
    service.stop().await;
}

async fn an_event_that_can_never_be_handled_is_set_aside_at_once(house: House) {
    let reactions = Reactions::default().when(1, Reaction::Dies);
    let service = house.start(&reactions);

    house.say(1).await;

    house.until_depth(HEARD, 0, 1).await;
    assert_eq!(reactions.began(1), [false]);
    service.stop().await;
}

async fn an_event_that_may_be_handled_later_walks_the_ladder_and_is_then_set_aside(house: House) {
    let reactions = Reactions::default().when(1, Reaction::Retries);
    let service = house.start(&reactions);

    house.say(1).await;

    house.until_depth(HEARD, 0, 1).await;
    // The last attempt knows that it is the last.
    assert_eq!(reactions.began(1), [false, false, false, true]);
    service.stop().await;
}

async fn a_handler_that_panics_is_tried_again_then_set_aside_and_the_others_go_on(house: House) {
    let reactions = Reactions::default().when(1, Reaction::Panics).when(2, Reaction::Panics);
    let service = house.start(&reactions);

    // As many as are handled at once.
    house.say(1).await;
    house.say(2).await;
    reactions.until_began(1..=2).await;
    house.say(3).await;

    house.until_handled(3).await;
    house.until_depth(HEARD, 0, 2).await;
    assert_eq!(reactions.began(1).len(), 4);
    assert_eq!((house.handled(1).await, house.handled(2).await), (0, 0));
    service.stop().await;
}

async fn a_redelivery_after_a_crash_between_commit_and_ack_does_nothing(house: House) {
    let reactions = Reactions::default();
    let service = house.start(&reactions);
    let event = envelope(&requested(1));
    house.publish(&event).await;
    house.until_handled(1).await;
    house.until_depth(HEARD, 0, 0).await;

    house.publish(&event).await;
    house.say(2).await;

    house.until_handled(2).await;
    house.until_depth(HEARD, 0, 0).await;
    assert_eq!((house.handled(1).await, reactions.began(1).len()), (1, 1));
    service.stop().await;
}

async fn what_was_set_aside_is_handled_when_it_is_replayed(house: House) {
    let reactions = Reactions::default().when(1, Reaction::Dies);
    let service = house.start(&reactions);
    house.say(1).await;
    house.until_depth(HEARD, 0, 1).await;

    reactions.forget(1);
    assert_eq!(house.bus.replay(&HEARD, 10).await.unwrap(), 1);

    house.until_handled(1).await;
    house.until_depth(HEARD, 0, 0).await;
    service.stop().await;
}

async fn what_a_failed_handling_wrote_is_undone(house: House) {
    // It writes before it waits, and panics by a closed semaphore after it.
    let closed = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    closed.close();
    let reactions = Reactions::default().when(1, Reaction::WaitsInMidWrite(closed));
    let service = house.start(&reactions);

    house.say(1).await;
    house.until_depth(HEARD, 0, 1).await;

    assert_eq!(reactions.began(1).len(), 4);
    assert_eq!(house.handled(1_000_001).await, 0);
    service.stop().await;
}
