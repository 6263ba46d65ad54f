//! Connection overrides in a webhook URL's fragment, as in `#rc=3&rp=5xx,ct,rt`. Without them
//! Twilio tries a failed connection once more, and nothing else.

use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overrides {
    pub retries: u32,
    pub read_timeout: Duration,
    pub total_timeout: Duration,
    on_4xx: bool,
    on_5xx: bool,
    on_connect: bool,
    on_read: bool,
}

/// How one attempt to reach a webhook ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    Answered(u16),
    NotConnected,
    /// Connected, but no (whole) answer came in time.
    NotAnswered,
}

impl Default for Overrides {
    fn default() -> Self {
        Self {
            retries: 1,
            read_timeout: Duration::from_millis(15_000),
            total_timeout: Duration::from_millis(15_000),
            on_4xx: false,
            on_5xx: false,
            on_connect: true,
            on_read: false,
        }
    }
}

impl Overrides {
    /// Reads a fragment; what is unknown or out of range is left at its default.
    pub fn parse(fragment: Option<&str>) -> Self {
        let mut overrides = Self::default();
        for pair in fragment.unwrap_or_default().split('&') {
            let Some((key, value)) = pair.split_once('=') else { continue };
            match key {
                "rc" => overrides.retries = within(value, 0..=5).unwrap_or(overrides.retries),
                "rt" => overrides.read_timeout = millis(value).unwrap_or(overrides.read_timeout),
                "tt" => overrides.total_timeout = millis(value).unwrap_or(overrides.total_timeout),
                "rp" => overrides.policies(value),
                _ => {}
            }
        }
        overrides
    }

    pub fn retries_after(&self, attempt: Attempt) -> bool {
        match attempt {
            Attempt::Answered(status) if status >= 500 => self.on_5xx,
            Attempt::Answered(status) if status >= 400 => self.on_4xx,
            Attempt::Answered(_) => false,
            Attempt::NotConnected => self.on_connect,
            Attempt::NotAnswered => self.on_read,
        }
    }

    fn policies(&mut self, list: &str) {
        let has = |name: &str| list.split(',').any(|item| item == name || item == "all");
        self.on_4xx = has("4xx");
        self.on_5xx = has("5xx");
        self.on_connect = has("ct");
        self.on_read = has("rt");
    }
}

fn millis(value: &str) -> Option<Duration> {
    within(value, 100..=15_000).map(|millis| Duration::from_millis(u64::from(millis)))
}

fn within(value: &str, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
    value.parse().ok().filter(|number| range.contains(number))
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Overrides};

    #[test]
    fn without_a_fragment_only_a_failed_connection_is_tried_again_and_once() {
        let overrides = Overrides::parse(None);
        assert_eq!(overrides.retries, 1);
        assert!(overrides.retries_after(Attempt::NotConnected));
        assert!(!overrides.retries_after(Attempt::Answered(503)));
        assert!(!overrides.retries_after(Attempt::NotAnswered));
    }

    #[test]
    fn a_fragment_chooses_the_count_and_the_policies() {
        let overrides = Overrides::parse(Some("rc=3&rp=5xx,ct,rt"));
        assert_eq!(overrides.retries, 3);
        assert!(overrides.retries_after(Attempt::Answered(500)));
        assert!(overrides.retries_after(Attempt::NotAnswered));
        assert!(!overrides.retries_after(Attempt::Answered(404)));
        assert!(!overrides.retries_after(Attempt::Answered(200)));
    }

    #[test]
    fn values_out_of_range_are_ignored() {
        assert_eq!(Overrides::parse(Some("rc=9&rt=5")), Overrides::default());
    }
}
