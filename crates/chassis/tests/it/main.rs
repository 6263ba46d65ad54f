//! What every service is, over both buses.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod callers;
mod drains;
mod handlers;
mod house;
mod once;
mod outage;
mod shutdown;
