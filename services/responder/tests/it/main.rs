//! The responder against a real PostgreSQL, with a model in memory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and so does its kit"
)]

mod api;
mod kit;

mod api_assistant;
mod api_rules;
mod api_try;
mod cancelled;
mod giving_up;
mod injection;
mod once;
mod rules;
