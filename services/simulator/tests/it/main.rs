//! The simulator as its clients meet it: over HTTP, on a port of its own in every test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may die where it stands"
)]

mod actors;
mod claude;
mod faults;
mod kit;
mod ledger;
mod lists;
mod messages;
mod page;
mod vectors;
mod webhooks;
