//! Contacts, opt-outs, numbers, conversations and messages.

pub mod read;
mod rows;
pub mod write;

pub use rows::{
    Assigned, Candidate, Claimed, ConversationRow, NumberRow, NumberStatistics, SeatRow, StatusRow,
    TurnRow, Uncertain,
};
