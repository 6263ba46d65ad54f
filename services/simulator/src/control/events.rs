//! What happened: the ledger, and the wire events as a list that one can wait on.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;

use crate::entry::Event;
use crate::simulator::Simulator;

/// Events in one answer; the next question asks for what comes after the last of them.
const MOST_EVENTS: usize = 500;

/// Longest wait for something to happen.
const LONGEST_WAIT_MS: u64 = 25_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LedgerQuery {
    #[serde(default)]
    summary: u8,
}

pub(super) async fn ledger(sim: Data<Simulator>, query: Query<LedgerQuery>) -> HttpResponse {
    if query.summary == 1 {
        return HttpResponse::Ok().json(sim.summary());
    }
    HttpResponse::Ok().json(sim.ledger())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventsQuery {
    #[serde(default)]
    after: u64,
    /// With nothing new, wait this long for something.
    #[serde(default)]
    wait_ms: u64,
}

pub(super) async fn list(sim: Data<Simulator>, query: Query<EventsQuery>) -> HttpResponse {
    let wait = Duration::from_millis(query.wait_ms.min(LONGEST_WAIT_MS));
    let mut watch = sim.watch();
    let something_new = watch.wait_for(|last| *last > query.after);
    let life = sim.life();
    drop(timeout(wait, life.run_until_cancelled(something_new)).await);
    let world = sim.world();
    let events: Vec<&Event> =
        world.events.iter().filter(|event| event.n > query.after).take(MOST_EVENTS).collect();
    let last = events.last().map_or(world.last_event, |event| event.n);
    HttpResponse::Ok().json(json!({ "events": events, "last": last }))
}
