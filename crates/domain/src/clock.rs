//! Time as an argument: tests own it, and nothing in the business reads the machine's clock.

use std::sync::Arc;

use chrono::{DateTime, Utc};

/// An instant, in UTC. Zones are a matter of the edge (see [`crate::zone`]).
pub type Timestamp = DateTime<Utc>;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// A clock that everyone in a service shares.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's own clock: the only place that reads it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one reader of the machine's clock")]
    fn now(&self) -> Timestamp {
        Utc::now()
    }
}
