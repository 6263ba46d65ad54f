//! The service as a whole, on a database of each test's own and on the embedded bus, with a provider
//! that remembers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

mod app;
mod deliveries;
mod inbound;
mod reports;
mod rotation;
