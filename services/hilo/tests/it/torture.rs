//! The judge of the crash test, to be judged itself.
#![allow(dead_code, reason = "the half that reads the tables and the ledger is the example's")]

#[path = "../../examples/torture/audit.rs"]
pub mod audit;
#[path = "../../examples/torture/books.rs"]
pub mod books;
#[path = "../../examples/torture/frames.rs"]
pub mod frames;
#[path = "../../examples/torture/heard.rs"]
pub mod heard;
#[path = "../../examples/torture/screens.rs"]
pub mod screens;
#[path = "../../examples/torture/watch.rs"]
pub mod watch;
