//! A circuit breaker: a provider that keeps failing is left alone for a while, so that customers are
//! handed to a person at once instead of waiting for what will not come.

use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use domain::Timestamp;

/// When it opens and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Failures in a row.
    pub failures: NonZeroU32,
    /// How long nothing is let through; then one question is.
    pub pause: TimeDelta,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// All is let through.
    Closed { failures: u32 },
    /// Nothing is.
    Open { until: Timestamp },
    /// One question is on its way. If nothing is heard of it until then (it was dropped, or it
    /// panicked), another one may go.
    HalfOpen { until: Timestamp },
}

/// The breaker of one provider.
#[derive(Debug)]
pub struct Breaker {
    settings: Settings,
    state: Mutex<State>,
}

impl Breaker {
    /// A closed one.
    pub fn new(settings: Settings) -> Self {
        Self { settings, state: Mutex::new(State::Closed { failures: 0 }) }
    }

    /// Whether a question may go now. Who gets a yes says how it went.
    pub fn admits(&self, now: Timestamp) -> bool {
        let mut state = self.state();
        match *state {
            State::Closed { .. } => true,
            State::Open { until } | State::HalfOpen { until } if now < until => false,
            State::Open { .. } | State::HalfOpen { .. } => {
                *state = State::HalfOpen { until: self.after_pause(now) };
                true
            }
        }
    }

    /// The provider answered.
    pub fn succeeded(&self) {
        *self.state() = State::Closed { failures: 0 };
    }

    /// The provider did not answer.
    pub fn failed(&self, now: Timestamp) {
        let mut state = self.state();
        *state = match *state {
            State::Closed { failures } if failures + 1 < self.settings.failures.get() => {
                State::Closed { failures: failures + 1 }
            }
            State::Closed { .. } | State::HalfOpen { .. } => {
                State::Open { until: self.after_pause(now) }
            }
            // A question from before it opened: no news.
            open @ State::Open { .. } => open,
        };
    }

    fn after_pause(&self, now: Timestamp) -> Timestamp {
        now.checked_add_signed(self.settings.pause).unwrap_or(Timestamp::MAX_UTC)
    }

    /// A panic elsewhere leaves a whole state behind.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn breaker(failures: u32) -> Breaker {
        let failures = NonZeroU32::new(failures).unwrap();
        Breaker::new(Settings { failures, pause: TimeDelta::seconds(20) })
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(1_795_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_lets_one_through_after_the_pause() {
        let breaker = breaker(2);
        breaker.failed(at(0));
        breaker.succeeded();
        breaker.failed(at(0));
        assert!(breaker.admits(at(0)));
        breaker.failed(at(0));
        assert!(!breaker.admits(at(19)));
        assert!(breaker.admits(at(20)));
        assert!(!breaker.admits(at(20)), "one is on its way");
        breaker.succeeded();
        assert!(breaker.admits(at(20)) && breaker.admits(at(20)));
    }

    #[test]
    fn a_failed_probe_opens_it_again_and_a_lost_one_does_not_close_it_for_ever() {
        let breaker = breaker(1);
        breaker.failed(at(0));
        assert!(breaker.admits(at(20)));
        breaker.failed(at(21));
        assert!(!breaker.admits(at(40)));
        assert!(breaker.admits(at(41)));
        assert!(breaker.admits(at(61)), "nothing was heard of the last one");
    }

    proptest! {
        #[test]
        fn it_always_lets_somebody_through_in_the_end(
            news in prop::collection::vec((any::<bool>(), 0..30_i64), 0..40),
        ) {
            let breaker = breaker(3);
            let mut now = 0;
            for (good, later) in news {
                now += later;
                if breaker.admits(at(now)) {
                    if good { breaker.succeeded() } else { breaker.failed(at(now)) }
                }
            }
            prop_assert!(breaker.admits(at(now + 20)));
        }
    }
}
