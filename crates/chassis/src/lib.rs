//! What every service is: settings, a lifecycle, consumers, workers and an HTTP server.
//!
//! A service is a function of a [`Context`] and its own settings. Nothing here is global, so all of
//! them run in one process, and a test runs two of one kind.

pub mod api;
pub mod consume;
mod context;
mod run;
mod service;
pub mod settings;

pub use bus::{Patience, Subscription};
pub use consume::{Caller, HandleError, Handler, Meta};
pub use context::{Context, ContextError, ContextParts, Spool};
pub use run::{ServiceConfig, asked_to_stop, run};
pub use service::{Running, Service};
pub use settings::House;
