//! One contract, two buses.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod contract;
mod house;
mod ladder;
mod outage;
mod rabbit;
