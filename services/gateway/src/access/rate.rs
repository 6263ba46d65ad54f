//! How often somebody may ask: so many a second on average, and so many at once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;

/// Callers that are remembered. One that is forgotten begins anew with a full burst.
const REMEMBERED: usize = 50_000;

/// The generic cell rate algorithm: of each caller one instant is kept, until which it has used up
/// what it may. In microseconds, because sums of fractions drift.
pub struct Limiter<K> {
    interval: i64,
    burst: i64,
    used_up_to: Mutex<HashMap<K, i64>>,
}

/// Whether a caller may, and what is left to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// `None`: it may. Otherwise when it may.
    pub wait: Option<Duration>,
    /// The burst.
    pub limit: i64,
    /// Requests that it may make at once after this one.
    pub remaining: i64,
    /// When the whole burst is there again.
    pub reset: Duration,
}

impl<K: Eq + Hash> Limiter<K> {
    /// One that allows so many a second, and `burst` at once.
    pub fn new(per_second: u32, burst: u32) -> Self {
        Self {
            interval: 1_000_000 / i64::from(per_second.max(1)),
            burst: i64::from(burst.max(1)),
            used_up_to: Mutex::default(),
        }
    }

    /// Uses up one request, if it may be made.
    pub fn draw(&self, caller: K, now: Timestamp) -> Verdict {
        let now = now.timestamp_micros();
        let mut used = self.used_up_to.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= REMEMBERED && !used.contains_key(&caller) {
            used.retain(|_, until| *until > now);
            if used.len() >= REMEMBERED {
                used.clear();
            }
        }
        let until = used.entry(caller).or_insert(now);
        let next = (*until).max(now) + self.interval;
        let verdict = self.verdict(next, now);
        if verdict.wait.is_none() {
            *until = next;
        }
        verdict
    }

    /// Whether a request could be made, without using it up.
    pub fn peek(&self, caller: &K, now: Timestamp) -> Verdict {
        let now = now.timestamp_micros();
        let used = self.used_up_to.lock().unwrap_or_else(PoisonError::into_inner);
        let until = used.get(caller).copied().unwrap_or(now);
        self.verdict(until.max(now) + self.interval, now)
    }

    fn verdict(&self, next: i64, now: i64) -> Verdict {
        let capacity = self.burst * self.interval;
        let over = next - now - capacity;
        Verdict {
            wait: (over > 0).then(|| micros(over)),
            limit: self.burst,
            remaining: ((capacity - (next - now)) / self.interval).max(0),
            reset: micros(next - now),
        }
    }
}

fn micros(micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_burst_passes_then_one_an_interval() {
        let limiter = Limiter::new(10, 3);
        let begin = Timestamp::from_timestamp(1_000, 0).unwrap();

        let left: Vec<i64> = (0..3).map(|_| limiter.draw("ana", begin).remaining).collect();
        assert_eq!(left, [2, 1, 0]);
        let refused = limiter.draw("ana", begin);
        assert_eq!(refused.wait, Some(Duration::from_millis(100)));
        assert_eq!(limiter.draw("luis", begin).wait, None);

        let later = begin + TimeDelta::milliseconds(100);
        assert_eq!(limiter.peek(&"ana", later).wait, None);
        assert_eq!(limiter.draw("ana", later).wait, None);
        assert!(limiter.draw("ana", later).wait.is_some());
        assert_eq!(limiter.draw("ana", begin + TimeDelta::seconds(9)).remaining, 2);
    }

    #[test]
    fn a_refused_request_uses_nothing_up() {
        let limiter = Limiter::new(1, 1);
        let begin = Timestamp::from_timestamp(1_000, 0).unwrap();
        assert_eq!(limiter.draw((), begin).wait, None);
        for _ in 0..10 {
            assert_eq!(limiter.draw((), begin).wait, Some(Duration::from_secs(1)));
        }
    }
}
