//! Waiting for what a test waits for, instead of for a while.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior};

/// How often we look.
const EVERY: Duration = Duration::from_millis(10);

/// What a look can bring: `true`, or `Some` of what was looked for.
pub trait Found {
    /// What is found.
    type What;
    /// It, if it is there.
    fn found(self) -> Option<Self::What>;
}

impl Found for bool {
    type What = ();

    fn found(self) -> Option<()> {
        self.then_some(())
    }
}

impl<T> Found for Option<T> {
    type What = T;

    fn found(self) -> Option<T> {
        self
    }
}

/// Looks until it is found; panics with `what` when the deadline has passed.
pub async fn until<F: Found>(
    deadline: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> F,
) -> F::What {
    let begun = Instant::now();
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let look = tokio::time::timeout(deadline.saturating_sub(begun.elapsed()), look());
        match look.await.map(Found::found) {
            Ok(Some(what)) => return what,
            Ok(None) if begun.elapsed() < deadline => {}
            _ => panic!("not within {deadline:?}: {what}"),
        }
    }
}
