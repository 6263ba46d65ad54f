//! Twilio's default English keywords on a long code: a single word, the whole message. Spanish
//! ones (ALTO, BAJA) are not among them: those are Hilo's to understand.

use crate::clock::now;
use crate::entry::Entry;
use crate::simulator::Simulator;

const STOP: [&str; 6] = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"];
const START: [&str; 3] = ["START", "YES", "UNSTOP"];
const HELP: [&str; 2] = ["HELP", "INFO"];

const STOPPED: &str = "You have successfully been unsubscribed. You will not receive any more \
messages from this number. Reply START to resubscribe.";
const STARTED: &str = "You have successfully been re-subscribed to messages from this number. \
Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.";
const HELPED: &str = "Reply STOP to unsubscribe. Msg&Data Rates May Apply.";

/// Blocks or unblocks the pair when the text is a keyword, and answers for Twilio.
pub(crate) fn on_inbound(sim: &Simulator, customer: &str, ours: &str, body: &str) {
    let word = body.trim().to_ascii_uppercase();
    let was_blocked = sim.world().is_blocked(ours, customer);
    let (ours, customer, at) = (ours.to_owned(), customer.to_owned(), now());
    let notice = if STOP.contains(&word.as_str()) {
        sim.record(Entry::Blocked { ours: ours.clone(), customer: customer.clone(), at });
        // Someone who has stopped already gets no second confirmation.
        (!was_blocked).then_some(STOPPED)
    } else if START.contains(&word.as_str()) && was_blocked {
        sim.record(Entry::Unblocked { ours: ours.clone(), customer: customer.clone(), at });
        Some(STARTED)
    } else if HELP.contains(&word.as_str()) {
        Some(HELPED)
    } else {
        None
    };
    if let Some(body) = notice {
        sim.record(Entry::Notice { ours, customer, body: body.to_owned(), at: now() });
    }
}
