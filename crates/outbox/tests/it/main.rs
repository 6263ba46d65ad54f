//! State and its announcement, together.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod batch;
mod house;
mod outbox;
mod prune;
mod relay;
