//! Twilio's Messages API and Claude's Messages API in a box, for demo, tests and load.
//!
//! The simulator is the outside world: it shares no code with the connectors it tests, so that a
//! misreading of a provider's contract cannot hide by being on both sides of the wire.

mod clock;
mod config;
mod control;
mod entry;
mod faults;
mod gsm;
mod journal;
mod ledger;
mod message;
mod server;
mod simulator;
mod world;

pub mod actors;
pub mod claude;
pub mod twilio;

use std::net::TcpListener;

use tokio_util::sync::CancellationToken;

pub use crate::config::Config;
pub use crate::entry::Entry;
pub use crate::faults::{ApiFaults, CallbackFaults, Chance, ClaudeFaults, Faults, InboundFaults};
pub use crate::ledger::{Ledger, Received, Sent, Summary};
pub use crate::message::{Direction, Message, Status, StatusAt};
pub use crate::simulator::{Simulator, Texted};
pub use crate::world::{Bubble, Number, Phone, Recipient};

/// Runs a simulator on `listener` until `stop`, then drains for at most two seconds.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    Simulator::new(config)?.serve(listener, stop).await
}

/// Chooses *ring* for TLS, once a process; whoever chose before us keeps their choice.
pub fn install_tls() {
    let _already_chosen = rustls::crypto::ring::default_provider().install_default();
}
