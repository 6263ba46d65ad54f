//! The ladder's laws.

use std::time::Duration;

use bus::{Ladder, Patience};
use proptest::prelude::*;

fn delays(patience: Patience) -> Vec<Duration> {
    (0..).map_while(|attempt| Ladder::default().delay(patience, attempt)).collect()
}

#[test]
fn each_patience_lasts_as_long_as_it_says() {
    let lasts = |patience| {
        let delays = delays(patience);
        (delays.len(), delays.iter().sum::<Duration>().as_secs())
    };
    assert_eq!(lasts(Patience::Seconds), (3, 12));
    assert_eq!(lasts(Patience::Minutes), (4, 11 * 60 + 11));
    assert_eq!(lasts(Patience::Hours), (9, 5 * 3600 + 11 * 60 + 11));
}

proptest! {
    #[test]
    fn every_delay_is_a_rung_that_is_declared(millis in 1..5_000_u64, attempt in 0..20_u32) {
        let ladder = Ladder::of(Duration::from_millis(millis));
        for patience in [Patience::Seconds, Patience::Minutes, Patience::Hours] {
            if let Some(delay) = ladder.delay(patience, attempt) {
                prop_assert!(ladder.rungs().any(|rung| rung == delay));
            }
        }
    }
}
