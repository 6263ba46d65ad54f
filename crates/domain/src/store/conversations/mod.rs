//! Contacts, opt-outs, numbers, conversations and messages.

pub mod list;
pub mod read;
mod rows;
pub mod views;
pub mod words;
pub mod write;

pub use rows::{
    Assigned, Candidate, Claimed, ConversationRow, NumberRow, NumberStatistics, SeatRow, StatusRow,
    TurnRow, Uncertain,
};
