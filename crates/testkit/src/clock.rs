//! Time that stands still until a test moves it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta};
use domain::{Clock, SharedClock, Timestamp};

/// A clock that goes when it is told to. Clones show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<Mutex<Timestamp>>);

impl ManualClock {
    /// Stands at this time.
    pub fn at(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Moves to this time, forwards or backwards.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Moves on.
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }

    /// As services take it.
    pub fn shared(&self) -> SharedClock {
        Arc::new(self.clone())
    }
}

/// Noon in Mexico City on a working day.
impl Default for ManualClock {
    fn default() -> Self {
        Self::at(noon())
    }
}

/// 2026-11-23 (a Monday), 18:00 UTC: noon in Mexico City.
pub fn noon() -> Timestamp {
    DateTime::from_timestamp(1_795_456_800, 0).expect("a time that exists")
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_still_until_it_is_moved() {
        let clock = ManualClock::default();
        let shared = clock.shared();

        clock.advance(TimeDelta::seconds(90));

        assert_eq!(shared.now().to_rfc3339(), "2026-11-23T18:01:30+00:00");
    }
}
