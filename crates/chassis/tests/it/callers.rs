//! What is learned outside is recorded once.

use chassis::Service;

use crate::house::{
    Calling, HEARD, House, Reaction, Reactions, envelope, on_both_buses, requested,
};

on_both_buses! {
    what_a_caller_learned_is_recorded_once,
    a_call_that_fails_is_made_again,
    a_call_that_can_never_succeed_is_set_aside,
}

async fn what_a_caller_learned_is_recorded_once(house: House) {
    let reactions = Reactions::default();
    let service = house.start_service(Service::new().calls(Calling(reactions.clone())));
    let event = envelope(&requested(1));
    house.publish(&event).await;
    house.until_handled(1).await;
    house.until_depth(HEARD, 0, 0).await;

    // A crash between commit and ack: it is asked again, which costs a cent, and not recorded again.
    house.publish(&event).await;
    house.say(2).await;

    house.until_handled(2).await;
    house.until_depth(HEARD, 0, 0).await;
    assert_eq!(house.handled(1).await, 1);
    service.stop().await;
}

async fn a_call_that_fails_is_made_again(house: House) {
    let reactions = Reactions::default().when(1, Reaction::Retries);
    let service = house.start_service(Service::new().calls(Calling(reactions.clone())));
    house.say(1).await;
    reactions.until_began(1..=1).await;

    reactions.forget(1);

    house.until_depth(HEARD, 0, 0).await;
    house.until_handled(1).await;
    assert_eq!(house.handled(1).await, 1);
    service.stop().await;
}

async fn a_call_that_can_never_succeed_is_set_aside(house: House) {
    let reactions = Reactions::default().when(1, Reaction::Dies);
    let service = house.start_service(Service::new().calls(Calling(reactions.clone())));

    house.say(1).await;

    house.until_depth(HEARD, 0, 1).await;
    assert_eq!(reactions.began(1).len(), 1);
    service.stop().await;
}
