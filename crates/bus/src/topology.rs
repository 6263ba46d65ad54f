//! Queues as data: what a consumer hears, and how patient it is.

use std::time::Duration;

/// The broker's side of a consumer, said beside what it governs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subscription {
    /// `<hearer>.<event with _ for the dot>`.
    pub queue: &'static str,
    /// How long a failing message is tried.
    pub patience: Patience,
    /// How many deliveries may be unsettled at once; about 50 gets nine tenths of what is possible.
    pub prefetch: u16,
    /// How many are handled at once. Each holds a database connection for as long as it lasts.
    pub concurrency: u16,
}

impl Subscription {
    /// A subscription of ordinary patience.
    pub const fn new(queue: &'static str) -> Self {
        Self { queue, patience: Patience::Minutes, prefetch: 50, concurrency: 4 }
    }

    /// Changes the patience.
    pub const fn patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// Changes how many are handled at once.
    pub const fn concurrency(mut self, concurrency: u16) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// The queue, bound to a type of event.
    pub const fn hears(&self, event_type: &'static str) -> Queue {
        Queue { name: self.queue, event_type: Some(event_type), prefetch: self.prefetch }
    }
}

/// A queue to declare, publish to or consume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// Its name.
    pub name: &'static str,
    /// The type of event that it is bound to; `None` for one that is only ever [`put`](crate::Bus::put) to.
    pub event_type: Option<&'static str>,
    /// How many deliveries may be unsettled at once.
    pub prefetch: u16,
}

/// For how long a message that cannot be handled is tried again before it is set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// A customer waits: three more attempts within about twelve seconds.
    Seconds,
    /// Four more attempts within about eleven minutes.
    Minutes,
    /// Nine more attempts within about five hours: for what must not be lost to a long outage.
    Hours,
}

/// The delays of the retry ladder. Its queues are shared by all consumers, one a delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ladder {
    /// The shortest delay; each rung above is longer by the factors of [`Ladder::RUNGS`].
    unit: Duration,
}

impl Default for Ladder {
    fn default() -> Self {
        Self::of(Duration::from_secs(1))
    }
}

impl Ladder {
    /// In units: 1 s, 10 s, 1 min, 10 min, 1 h.
    const RUNGS: [u32; 5] = [1, 10, 60, 600, 3600];

    /// A ladder whose first rung is `unit`: the house's own has a second, a test's a few
    /// milliseconds.
    pub const fn of(unit: Duration) -> Self {
        Self { unit }
    }

    /// All delays, for declaring their queues.
    pub fn rungs(self) -> impl Iterator<Item = Duration> {
        Self::RUNGS.into_iter().map(move |factor| self.unit * factor)
    }

    /// How long to wait after `attempt` attempts in vain (0 is the first); `None` when patience is
    /// at its end.
    pub fn delay(self, patience: Patience, attempt: u32) -> Option<Duration> {
        let factors: &[u32] = match patience {
            Patience::Seconds => &[1, 1, 10],
            Patience::Minutes => &[1, 10, 60, 600],
            Patience::Hours => &[1, 10, 60, 600, 3600, 3600, 3600, 3600, 3600],
        };
        let index = usize::try_from(attempt).ok()?;
        factors.get(index).map(|factor| self.unit * *factor)
    }
}
