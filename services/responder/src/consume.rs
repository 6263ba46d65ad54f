//! What is heard: one file an event.

pub mod reply_requested;
