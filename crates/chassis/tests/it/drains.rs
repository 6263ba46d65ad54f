//! The way around a database that is down.

use std::sync::{Arc, Mutex};

use bus::Queue;
use chassis::{HandleError, Service};
use testkit::until;

use crate::house::{House, PATIENCE, listener};

const SPOOL: Queue = Queue { name: "ingress.spool", event_type: None, prefetch: 50 };

#[tokio::test(flavor = "multi_thread")]
async fn what_was_spooled_while_the_database_was_away_is_taken_back() {
    let house = House::rabbit().await;
    let context = house.context();
    let spool = context.spool("ingress.spool");
    let drained: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
    let (taking, mut refusals) = (Arc::clone(&drained), 1);
    let refuse = Mutex::new(move || std::mem::replace(&mut refusals, 0) > 0);
    let service = Service::new().drains(&spool, move |body| {
        let (taking, refused) = (Arc::clone(&taking), refuse.lock().unwrap()());
        async move {
            if refused {
                return Err(HandleError::retry("the first of all is refused once"));
            }
            taking.lock().unwrap().push(body);
            Ok(())
        }
    });
    house.bus.declare(&[SPOOL]).await.unwrap();
    house.database.cut().await;
    for body in [b"one".to_vec(), b"two".to_vec()] {
        spool.put(body).await.unwrap();
    }

    let running = service.start(&context, listener());

    until(PATIENCE, "both are drained", async || {
        let mut drained = drained.lock().unwrap().clone();
        drained.sort();
        drained == [b"one".to_vec(), b"two".to_vec()]
    })
    .await;
    house.until_depth(SPOOL, 0, 0).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bus_in_the_database_is_no_spool() {
    let house = House::embedded().await;
    let spool = house.context().spool("ingress.spool");

    spool.put(b"one".to_vec()).await.unwrap_err();
}
