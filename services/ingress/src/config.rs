//! The settings of ingress, read once from the environment.

use std::time::Duration;

use chassis::ServiceConfig;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::Url;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The settings of ingress.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `INGRESS__PUBLIC_BASE`: what stands before `/webhooks/…` in the URLs that Twilio was given,
    /// byte for byte and without a slash at the end: `https://hooks.example.mx`. Signatures are
    /// checked against it, never against a `Host` header.
    pub public_base: String,
    /// Whose webhooks these are.
    pub twilio: Twilio,
    /// `INGRESS__RECONCILE_EVERY`: how often Twilio's own record is compared with the journal.
    #[serde(default = "reconcile_every", with = "humantime_serde")]
    pub reconcile_every: Duration,
    /// `INGRESS__RECONCILE_WINDOW`: how far back that looks.
    #[serde(default = "reconcile_window", with = "humantime_serde")]
    pub reconcile_window: Duration,
    /// `INGRESS__RECEIPTS_RETENTION`: how long a receipt is kept. Must be longer than the window:
    /// what was forgotten would be recorded, and said, again.
    #[serde(default = "receipts_retention", with = "humantime_serde")]
    pub receipts_retention: Duration,
    /// `INGRESS__QUEUE_CAPACITY`: how many webhooks may wait for a commit; one more is told 503.
    #[serde(default = "queue_capacity")]
    pub queue_capacity: usize,
    /// `INGRESS__BATCH`: how many webhooks share a commit at most.
    #[serde(default = "batch")]
    pub batch: usize,
}

/// The Twilio account, from `TWILIO_*`. Others read the same variables, so what is unknown here may
/// be theirs.
#[derive(Debug, Clone, Deserialize)]
pub struct Twilio {
    /// `TWILIO_ACCOUNT_SID`: `AC…`; webhooks of another account are refused.
    pub account_sid: String,
    /// `TWILIO_AUTH_TOKEN`: signs the webhooks and opens Twilio's record.
    pub auth_token: SecretString,
    /// `TWILIO_AUTH_TOKEN_SECONDARY`: signs as well, while the tokens are being rotated.
    #[serde(default)]
    pub auth_token_secondary: Option<SecretString>,
    /// `TWILIO_BASE_URL`: where its REST API is.
    #[serde(default = "base_url")]
    pub base_url: String,
}

impl ServiceConfig for Config {
    const SHARED: &'static [&'static str] = &["twilio"];
}

/// Settings that fit their types and yet not each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidConfig {
    /// Twilio's list would be read without end.
    #[error("INGRESS__RECONCILE_EVERY is less than a second")]
    ReconcileEvery,
    /// What was forgotten would be found missing.
    #[error("INGRESS__RECEIPTS_RETENTION is not longer than INGRESS__RECONCILE_WINDOW and a day")]
    Retention,
}

impl Config {
    /// The settings that have no default, with the others at theirs.
    pub fn new(public_base: impl Into<String>, twilio: Twilio) -> Self {
        Self {
            public_base: public_base.into(),
            twilio,
            reconcile_every: reconcile_every(),
            reconcile_window: reconcile_window(),
            receipts_retention: receipts_retention(),
            queue_capacity: queue_capacity(),
            batch: batch(),
        }
    }

    /// Whether the settings fit each other.
    ///
    /// # Errors
    /// When they do not.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        if self.reconcile_every < Duration::from_secs(1) {
            return Err(InvalidConfig::ReconcileEvery);
        }
        // A day more, for a text that reached us long after it was made.
        if self.receipts_retention <= self.reconcile_window.saturating_add(DAY) {
            return Err(InvalidConfig::Retention);
        }
        Ok(())
    }
}

impl Twilio {
    /// An account at Twilio's own address, without a second token.
    pub fn new(account_sid: impl Into<String>, auth_token: SecretString) -> Self {
        Self {
            account_sid: account_sid.into(),
            auth_token,
            auth_token_secondary: None,
            base_url: base_url(),
        }
    }

    /// The tokens that sign, the primary one first. An empty variable is how compose files leave a
    /// setting out.
    pub(crate) fn tokens(&self) -> Vec<SecretString> {
        let secondary = self.auth_token_secondary.clone();
        let secondary = secondary.filter(|token| !token.expose_secret().is_empty());
        [self.auth_token.clone()].into_iter().chain(secondary).collect()
    }

    /// Where the REST API is, parsed.
    pub(crate) fn base_url(&self) -> Result<Url, url::ParseError> {
        self.base_url.parse()
    }
}

fn base_url() -> String {
    "https://api.twilio.com".to_owned()
}
fn reconcile_every() -> Duration {
    5 * MINUTE
}
/// More than a day, because Twilio's list is cut by whole days and an outage is noticed within one.
fn reconcile_window() -> Duration {
    26 * HOUR
}
/// More than a year, so that last year's bill can still be checked against it.
fn receipts_retention() -> Duration {
    400 * DAY
}
/// Half a second of the busiest traffic; whoever comes later is better served by a 503 at once.
fn queue_capacity() -> usize {
    10_000
}
/// Beyond a few hundred rows the cost of a commit is nothing beside that of its rows.
fn batch() -> usize {
    512
}
