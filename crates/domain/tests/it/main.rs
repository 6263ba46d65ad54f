//! The tables, their grants, and what the slices promise under concurrency.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod assign;
mod claim;
mod open;
mod schema;
mod settle;
mod town;
