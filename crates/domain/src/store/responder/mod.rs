//! Rules, the assistant's profile, its budget, and what became of each attempt to find a reply.

pub mod read;
mod rows;
pub mod write;

pub use rows::{ProfileRow, ProfileSheet, RunRow, SpentRow, StaticRow};
