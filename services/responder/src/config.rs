//! Settings of the service. No other file reads the environment.

use std::num::{NonZeroU16, NonZeroU32};
use std::time::Duration;

use chassis::ServiceConfig;
use chrono::TimeDelta;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use crate::breaker;

/// Settings of `responder`, from `RESPONDER__*` and `ANTHROPIC_*` over the defaults below.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The model's provider; without its key there are static responses only.
    pub anthropic: Anthropic,
    /// The latest turns of the conversation that the model sees.
    pub turns_in_prompt: TurnsInPrompt,
    /// When to leave a failing provider alone.
    pub breaker: BreakerConfig,
}

impl ServiceConfig for Config {
    const SHARED: &'static [&'static str] = &["anthropic"];
}

/// How many turns of a conversation the model sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct TurnsInPrompt(NonZeroU16);

impl TurnsInPrompt {
    /// As many as that.
    pub const fn new(turns: NonZeroU16) -> Self {
        Self(turns)
    }

    /// As the query takes it.
    pub fn at_most(self) -> i64 {
        i64::from(self.0.get())
    }
}

impl Default for TurnsInPrompt {
    /// About a screen of a telephone; each more is paid for with every answer.
    fn default() -> Self {
        const TURNS: NonZeroU16 = NonZeroU16::MIN.saturating_add(19);
        Self(TURNS)
    }
}

/// Settings of Claude, from `ANTHROPIC_*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Anthropic {
    /// `ANTHROPIC_API_KEY`: without it, or when it is empty, the model is never asked.
    pub api_key: Option<SecretString>,
    /// `ANTHROPIC_BASE_URL`: the API, or a stub.
    pub base_url: Option<Url>,
    /// `ANTHROPIC_MODEL`: the model's id.
    pub model: String,
    /// `ANTHROPIC_VERSION`: the header `anthropic-version`.
    pub version: String,
    /// `ANTHROPIC_TIMEOUT`: how long one attempt may take; the client makes up to three.
    #[serde(with = "humantime_serde")]
    pub timeout: Duration,
}

impl Default for Anthropic {
    fn default() -> Self {
        Self {
            api_key: None,
            base_url: None,
            model: "claude-haiku-5-5".to_owned(),
            version: "2026-10-21".to_owned(),
            // An answer of two segments takes a second or two; a customer waits no minute.
            timeout: Duration::from_secs(15),
        }
    }
}

/// Settings of the circuit breaker, from `RESPONDER__BREAKER__*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BreakerConfig {
    /// `FAILURES`: after so many in a row the provider is left alone.
    pub failures: NonZeroU32,
    /// `PAUSE`: for so long; then one question is let through.
    #[serde(with = "humantime_serde")]
    pub pause: Duration,
}

impl Default for BreakerConfig {
    /// Each failure is up to three attempts of the client already.
    fn default() -> Self {
        const FAILURES: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);
        Self { failures: FAILURES, pause: Duration::from_secs(20) }
    }
}

impl BreakerConfig {
    /// For the breaker, which counts in the clock's time.
    pub fn settings(&self) -> breaker::Settings {
        breaker::Settings {
            failures: self.failures,
            pause: TimeDelta::from_std(self.pause).unwrap_or(TimeDelta::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chassis::settings::{self, Environment};

    fn read(pairs: &[(&str, &str)]) -> Result<Config, settings::InvalidSettings> {
        let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        settings::service("responder", Config::SHARED, &pairs.collect::<Environment>())
    }

    #[test]
    fn nothing_need_be_set() {
        let config = read(&[]).unwrap();
        assert!(config.anthropic.api_key.is_none() && config.anthropic.base_url.is_none());
        assert_eq!((config.turns_in_prompt.at_most(), config.breaker.failures.get()), (20, 5));
    }

    #[test]
    fn everything_may_be() {
        let config = read(&[
            ("ANTHROPIC_API_KEY", "a key"),
            ("ANTHROPIC_BASE_URL", "http://127.0.0.1:9000"),
            ("ANTHROPIC_MODEL", "claude-sonnet-5-5"),
            ("ANTHROPIC_VERSION", "2023-06-01"),
            ("ANTHROPIC_TIMEOUT", "5s"),
            ("RESPONDER__TURNS_IN_PROMPT", "7"),
            ("RESPONDER__BREAKER__FAILURES", "2"),
            ("RESPONDER__BREAKER__PAUSE", "1m"),
        ])
        .unwrap();
        assert_eq!(config.turns_in_prompt.at_most(), 7);
        assert_eq!(config.breaker.pause, Duration::from_secs(60));
        assert_eq!(config.anthropic.timeout, Duration::from_secs(5));
        assert!(!format!("{config:?}").contains("a key"));
        assert!(read(&[("RESPONDER__TURNS_IN_PROMPT", "0")]).is_err());
        assert!(read(&[("ANTHROPIC_MODLE", "x")]).is_err());
    }

    #[test]
    fn an_empty_key_is_none() {
        let config = read(&[("ANTHROPIC_API_KEY", "")]).unwrap();
        assert!(crate::wire::model(&config).unwrap().is_none());
    }
}
