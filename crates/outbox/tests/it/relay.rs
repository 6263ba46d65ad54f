//! From the outbox to the bus, whatever dies.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bus::embedded::EmbeddedBus;
use bus::{Bus, Queue};
use chrono::TimeDelta;
use domain::store::migrate;
use testkit::{TcpProxy, until};

use crate::house::{House, PATIENCE, ROLE, RememberingBus, withheld};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_published_in_order_and_forgotten() {
    let mut house = House::new().await;
    house.say(0..600).await;
    let bus = Arc::new(RememberingBus::default());

    house.relay(bus.clone());
    house.until_said().await;
    house.say(600..1_300).await;
    house.until_said().await;

    let epochs: Vec<i64> = bus.published().iter().map(epoch).collect();
    assert_eq!(epochs, (0..1_300).collect::<Vec<_>>());
}

fn epoch(envelope: &bus::Envelope) -> i64 {
    use events::Event;
    events::ReplyRequested::decode(&envelope.body).unwrap().reply_epoch
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_dies_between_confirm_and_forgetting_says_it_twice_and_loses_nothing() {
    let mut house = House::new().await;
    let bus = Arc::new(RememberingBus::default());
    bus.hangs_after_publishing(true);
    house.say(0..3).await;
    let dying = house.relay(bus.clone());
    bus.given.notified().await;

    dying.abort();
    bus.hangs_after_publishing(false);
    house.relay(bus.clone());
    house.until_said().await;

    let ids = bus.ids();
    assert_eq!(ids.len(), 6);
    // The hearer's inbox drops one of the two.
    let mut conn = house.conn().await;
    let mut first_times = 0;
    for id in &ids {
        let first = outbox::first_time(&mut conn, "responder.reply_requested", *id).await.unwrap();
        first_times += usize::from(first);
    }
    assert_eq!(first_times, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_relay_is_active_and_another_takes_over_when_it_loses_its_connection() {
    let mut house = House::new().await;
    let proxy = TcpProxy::before(&house.db.url).await;
    let (first, second) =
        (Arc::new(RememberingBus::default()), Arc::new(RememberingBus::default()));
    let behind = house.db.pool_through(&proxy, ROLE);
    house.relay_over(behind, first.clone());
    house.say(0..1).await;
    house.until_said().await;

    house.relay(second.clone());
    house.say(1..2).await;
    house.until_said().await;
    assert_eq!((first.ids().len(), second.ids().len()), (2, 0));

    proxy.cut().await;
    house.say(2..3).await;
    house.until_said().await;
    assert_eq!((first.ids().len(), second.ids().len()), (2, 1));

    // The first comes back, and stands by.
    proxy.restore();
    house.say(3..4).await;
    house.until_said().await;
    assert_eq!((first.ids().len(), second.ids().len()), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_bus_that_is_away_did_not_confirm_is_said_again() {
    let mut house = House::new().await;
    let bus = Arc::new(RememberingBus::default());
    bus.is_away(true);
    house.say(0..2).await;
    house.relay(bus.clone());
    bus.given.notified().await;
    bus.given.notified().await;
    assert_eq!(house.in_outbox().await, 2);

    bus.is_away(false);
    house.until_said().await;

    assert_eq!(bus.ids().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_nobody_is_bound_for_waits_and_lets_the_others_pass() {
    let mut house = House::new().await;
    let wakeups = house.wakeups();
    let bus: Arc<dyn Bus> =
        Arc::new(EmbeddedBus::new(house.pool.clone(), wakeups, house.clock.shared()));
    let heard = Queue {
        name: "responder.reply_requested",
        event_type: Some("reply.requested"),
        prefetch: 50,
    };
    let late = Queue {
        name: "conversations.reply_withheld",
        event_type: Some("reply.withheld"),
        prefetch: 50,
    };
    bus.declare(&[heard]).await.unwrap();
    outbox::enqueue(&mut house.conn().await, &withheld(), testkit::clock::noon()).await.unwrap();
    house.say(0..2).await;

    house.relay(Arc::clone(&bus));
    until(PATIENCE, "the others have passed", async || {
        bus.depth(&heard).await.unwrap().waiting == 2 && house.in_outbox().await == 1
    })
    .await;

    bus.declare(&[late]).await.unwrap();
    house.clock.advance(TimeDelta::seconds(6));
    house.until_said().await;
    assert_eq!(bus.depth(&late).await.unwrap().waiting, 1);
}

/// Not in the catalogue: for whoever binds a queue of their own.
struct Unheard;

impl events::Event for Unheard {
    const TYPE: &'static str = "nothing.heard";

    fn encode(&self) -> Vec<u8> {
        Vec::new()
    }

    fn decode(_: &[u8]) -> Result<Self, events::InvalidEvent> {
        Ok(Self)
    }

    fn account(&self) -> Option<domain::AccountId> {
        None
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_nobody_in_the_house_hears_is_not_held() {
    let mut house = House::new().await;
    let wakeups = house.wakeups();
    let bus = Arc::new(EmbeddedBus::new(house.pool.clone(), wakeups, house.clock.shared()));
    let now = testkit::clock::noon();
    outbox::enqueue(&mut house.conn().await, &Unheard, now).await.unwrap();

    house.relay(bus);

    house.until_said().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_held_goes_out_even_if_the_relay_is_never_idle() {
    let mut house = House::new().await;
    let bus = Arc::new(RememberingBus::default());
    bus.refuses("reply.withheld");
    outbox::enqueue(&mut house.conn().await, &withheld(), testkit::clock::noon()).await.unwrap();
    house.relay(bus.clone());
    until(PATIENCE, "it is held", async || {
        let held = "SELECT count(*) FROM outbox WHERE held_until IS NOT NULL";
        house.db.ask(held).await.as_deref() == Some("1")
    })
    .await;

    bus.talks_back(house.pool.clone());
    house.say(0..1).await;
    until(PATIENCE, "the talk goes on", async || bus.ids().len() > 5).await;
    bus.takes("reply.withheld");
    house.clock.advance(TimeDelta::seconds(6));

    until(PATIENCE, "it has gone out", async || {
        bus.published().iter().any(|envelope| envelope.event_type == "reply.withheld")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_at_work_does_not_keep_the_migrations_waiting() {
    let mut house = House::new().await;
    let bus = Arc::new(RememberingBus::default());
    house.relay(bus);
    house.say(0..1).await;
    house.until_said().await;

    let migrating = tokio::time::timeout(Duration::from_secs(5), migrate::migrate(&house.db.url));

    assert_eq!(migrating.await.unwrap().unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_told_to_stop_finishes_its_round() {
    let mut house = House::new().await;
    let bus = Arc::new(RememberingBus::default());
    house.relay(bus.clone());
    house.say(0..50).await;
    bus.given.notified().await;

    house.stop.cancel();
    let stopped = async { while house.tasks.join_next().await.is_some() {} };
    tokio::time::timeout(PATIENCE, stopped).await.unwrap();

    let published: HashSet<_> = bus.ids().into_iter().collect();
    assert_eq!(published.len() + house.in_outbox().await, 50);
    assert_eq!(published.len(), bus.ids().len());
}
