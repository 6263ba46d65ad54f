//! The service as a whole, on a database of each test's own and on the embedded bus, with a provider
//! that remembers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

mod api_contacts;
mod api_door;
mod api_imports;
mod api_inbox;
mod api_list;
mod api_numbers;
mod api_thread;
mod app;
mod client;
mod deliveries;
mod inbound;
mod reports;
mod rotation;
