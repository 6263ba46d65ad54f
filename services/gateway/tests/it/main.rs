//! The gateway as people and programs meet it: over HTTP, on a database of each test's own, before
//! services that are stubs and on the embedded bus.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

mod app;
mod audit;
mod client;
mod documents;
mod files;
mod forward;
mod gate;
mod invitations;
mod limits;
mod live;
mod people;
mod sandbox;
mod second_factor;
mod sessions;
mod sign_in;
mod stream;
mod tokens;
