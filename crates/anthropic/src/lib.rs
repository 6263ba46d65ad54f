//! Claude: asks Anthropic's Messages API for the answer to a customer, in a form that a program can
//! check. What the customer wrote is data here, and goes into no log.

mod answer;
mod client;
mod failure;
mod request;

pub use client::{BuildError, Claude, Settings};
