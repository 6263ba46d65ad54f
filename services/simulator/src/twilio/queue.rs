//! The queue of each sending number, at its rate in segments a second, and a text's life from
//! `queued` to its receipt.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use crate::clock::now;
use crate::entry::Entry;
use crate::message::{Direction, Message, Status};
use crate::simulator::Simulator;
use crate::twilio::callbacks;
use crate::world::Slot;

/// Sends a text that holds a place in its number's queue.
pub(crate) fn launch(sim: &Simulator, sid: String, slot: Slot) {
    let world = sim.clone();
    let life = sim.life();
    sim.spawn(async move {
        let _stopped = life.run_until_cancelled(live(&world, &sid, slot)).await;
    });
}

/// Puts the texts that an earlier run left unfinished back into their queues.
pub(crate) fn resume(sim: &Simulator) {
    let unfinished: Vec<Message> = {
        let world = sim.world();
        let outbound = world.messages.iter().filter(|m| m.direction == Direction::OutboundApi);
        outbound.filter(|message| !message.status.is_final()).cloned().collect()
    };
    for message in unfinished {
        let slot = if message.status == Status::Sent {
            let at = Instant::now();
            Some(Slot { starts: at, ends: at })
        } else {
            sim.world().reserve(&message.from, message.segments, Duration::MAX)
        };
        if let Some(slot) = slot {
            launch(sim, message.sid, slot);
        }
    }
}

async fn live(sim: &Simulator, sid: &str, slot: Slot) {
    sleep_until(slot.starts).await;
    let Some(message) = current(sim, sid) else { return };
    let failure = failure_of(sim, &message);
    if let Some(code) = failure.filter(|code| !is_carriers_word(*code)) {
        if let Some(message) = advance(sim, sid, Status::Failed, Some(code)) {
            callbacks::report(sim, &message, Status::Failed).await;
        }
        return;
    }
    let mut sent_report = None;
    if message.status != Status::Sent {
        advance(sim, sid, Status::Sending, None);
        sleep_until(slot.ends).await;
        let Some(message) = advance(sim, sid, Status::Sent, None) else { return };
        sent_report = Some(message);
    }
    finish(sim, sid, sent_report, failure).await;
}

/// From `sent` to the receipt. Callbacks keep their order unless the fault `shuffled` strikes.
async fn finish(sim: &Simulator, sid: &str, sent: Option<Message>, failure: Option<u32>) {
    let is_shuffled = sim.strikes(|faults| &mut faults.callbacks.shuffled);
    let mut on_its_way = None;
    let mut held_back = None;
    if let Some(message) = sent {
        if is_shuffled {
            held_back = Some(message);
        } else {
            let (sim_, life) = (sim.clone(), sim.life());
            on_its_way = Some(sim.spawn(async move {
                let report = callbacks::report(&sim_, &message, Status::Sent);
                let _stopped = life.run_until_cancelled(report).await;
            }));
        }
    }
    let carrier_delay = Duration::from_millis(sim.world().pace.carrier_delay_ms);
    sleep(carrier_delay).await;
    let end = if failure.is_some() { Status::Undelivered } else { Status::Delivered };
    let Some(message) = advance(sim, sid, end, failure) else { return };
    if let Some(first) = on_its_way {
        let _ended = first.await;
    }
    callbacks::report(sim, &message, end).await;
    if let Some(message) = held_back {
        callbacks::report(sim, &message, Status::Sent).await;
    }
}

/// Codes that come in a carrier's receipt, after `sent`; the others mean that it never left.
fn is_carriers_word(code: u32) -> bool {
    (30003..=30008).contains(&code)
}

fn failure_of(sim: &Simulator, message: &Message) -> Option<u32> {
    sim.world().recipients.get(&message.to).and_then(|recipient| recipient.fail)
}

fn current(sim: &Simulator, sid: &str) -> Option<Message> {
    sim.world().find(sid).cloned()
}

/// `None` when the world was reset meanwhile and the text is gone.
fn advance(sim: &Simulator, sid: &str, status: Status, code: Option<u32>) -> Option<Message> {
    current(sim, sid)?;
    sim.record(Entry::Status { sid: sid.to_owned(), status, error_code: code, at: now() });
    current(sim, sid)
}
