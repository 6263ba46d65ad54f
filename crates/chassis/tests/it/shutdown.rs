//! Stopping finishes what was begun, and gives back the rest.

use std::sync::Arc;

use chassis::Service;
use tokio::sync::Semaphore;

use crate::house::{HEARD, House, PATIENCE, Reaction, Reactions, on_both_buses};

on_both_buses! {
    a_service_that_stops_finishes_what_it_began_and_gives_back_the_rest,
    two_services_of_one_kind_share_the_work,
}

async fn a_service_that_stops_finishes_what_it_began_and_gives_back_the_rest(house: House) {
    let permits = Arc::new(Semaphore::new(0));
    let reactions = (1..=10).fold(Reactions::default(), |reactions, epoch| {
        reactions.when(epoch, Reaction::Waits(Arc::clone(&permits)))
    });
    let service = house.start(&reactions);
    for epoch in 1..=10 {
        house.say(epoch).await;
    }
    testkit::until(PATIENCE, "two have begun", async || {
        (1..=10).filter(|epoch| !reactions.began(*epoch).is_empty()).count() == 2
    })
    .await;

    let mut stopping = Box::pin(service.stop());
    assert!(futures_util::poll!(&mut stopping).is_pending());
    permits.add_permits(2);
    tokio::time::timeout(PATIENCE, stopping).await.unwrap();

    let began: Vec<i64> = (1..=10).filter(|epoch| !reactions.began(*epoch).is_empty()).collect();
    assert_eq!(began.len(), 2);
    for epoch in began {
        assert_eq!(house.handled(epoch).await, 1);
    }
    // Without any time going by: it was given back, not left to a lease.
    let successor = house.start(&Reactions::default());
    for epoch in 1..=10 {
        house.until_handled(epoch).await;
        assert_eq!(house.handled(epoch).await, 1);
    }
    successor.stop().await;
    house.until_depth(HEARD, 0, 0).await;
}

async fn two_services_of_one_kind_share_the_work(house: House) {
    let services = [house.start(&Reactions::default()), house.start(&Reactions::default())];

    for epoch in 0..40 {
        house.say(epoch).await;
    }
    for epoch in 0..40 {
        house.until_handled(epoch).await;
    }

    for service in services {
        service.stop().await;
    }
    house.until_depth(HEARD, 0, 0).await;
    for epoch in 0..40 {
        assert_eq!(house.handled(epoch).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_panics_stops_the_service() {
    let house = House::embedded().await;
    let working = Service::new().runs("worker", |_| async { panic!("as the test said") });

    let stopped = house.start_service(working).stopped();

    tokio::time::timeout(PATIENCE, stopped).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_is_waited_for_when_the_service_stops() {
    let house = House::embedded().await;
    let (permit, told) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (wanted, telling) = (Arc::clone(&permit), Arc::clone(&told));
    let working = Service::new().runs("worker", |stop| async move {
        stop.cancelled().await;
        telling.add_permits(1);
        wanted.acquire().await.unwrap().forget();
    });

    let mut stopping = Box::pin(house.start_service(working).stop());
    tokio::select! {
        () = &mut stopping => panic!("it did not wait"),
        permit = told.acquire() => permit.unwrap().forget(),
    }
    permit.add_permits(1);

    tokio::time::timeout(PATIENCE, stopping).await.unwrap();
}
