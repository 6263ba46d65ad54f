//! Customers who text by themselves.

use simulator::actors;
use tokio_util::sync::CancellationToken;

use crate::kit::{OTHER, OURS, World, until};

#[tokio::test]
async fn actors_text_within_two_seconds_and_each_keeps_to_one_number() {
    let world = World::start().await;
    let stop = CancellationToken::new();
    let numbers = vec![OURS.to_owned(), OTHER.to_owned()];
    let began = std::time::Instant::now();
    let acting = actors::run_actors(world.sim.clone(), actors::people(4), numbers, stop.clone());
    let watching = async {
        until("a first text", async || world.sim.summary().inbound > 0).await;
        assert!(began.elapsed().as_secs() < 2);
        until("three texts", async || world.sim.summary().inbound >= 3).await;
        stop.cancel();
    };
    tokio::join!(acting, watching);
    let mut theirs = std::collections::HashMap::new();
    for text in world.sim.ledger().inbound {
        let first = theirs.entry(text.from).or_insert_with(|| text.to.clone());
        assert_eq!(*first, text.to);
    }
}
