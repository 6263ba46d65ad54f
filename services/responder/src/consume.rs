//! What is heard: one file an event.

pub mod reply_requested;

pub(crate) use reply_requested::muted;
