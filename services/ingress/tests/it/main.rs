//! Ingress as Twilio meets it: real requests, a real database, a real broker.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod hostile;
mod journal;
mod kit;
mod outage;
mod reconcile;
mod refusals;
mod settings;
mod status;
mod texts;
