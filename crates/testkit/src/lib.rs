//! What tests need and nothing that ships may see: a database a test, clocks that stand still,
//! builders in the verbs of the domain, a network that can be cut, and `until`.
#![allow(clippy::panic, clippy::expect_used, reason = "a kit for tests fails by panicking")]

pub mod clock;
pub mod db;
mod environment;
pub mod identity;
pub mod proxy;
mod rabbit;
mod until;
pub mod world;

pub use clock::ManualClock;
pub use db::{TestDb, database};
pub use identity::{IDENTITY_KEY, Visitor};
pub use proxy::TcpProxy;
pub use rabbit::{Rabbit, rabbit};
pub use until::{Found, until};

/// Metrics of a test's own; nothing is exported, and TLS works.
pub fn telemetry() -> telemetry::Telemetry {
    telemetry::install_tls_provider();
    telemetry::Telemetry::without_export().expect("a registry of metrics")
}
