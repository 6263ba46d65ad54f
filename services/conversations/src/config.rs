//! Settings of `conversations`, from `CONVERSATIONS__*` and `TWILIO_*` over the defaults below.

use std::time::Duration;

use chassis::ServiceConfig;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

/// All of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the provider reaches `ingress`, without a trailing slash: status callbacks go there.
    pub public_base: String,
    /// Sends that may be under way at once; Twilio limits an account's concurrency (20429).
    #[serde(default = "default_in_flight")]
    pub in_flight: usize,
    /// How long a send may stay unanswered before it counts as uncertain.
    #[serde(default = "default_send_timeout", with = "humantime_serde")]
    pub send_timeout: Duration,
    /// How long a claimed text stays ours. It must be longer than a send and its record take, or a
    /// text that is on its way is looked for too early.
    #[serde(default = "default_lease", with = "humantime_serde")]
    pub lease: Duration,
    /// How long after a send became uncertain, and between two looks, the provider's list is read.
    /// The list lags behind what the provider has taken.
    #[serde(default = "default_look_after", with = "humantime_serde")]
    pub look_after: Duration,
    /// An answer by machine that could not leave for this long is not sent any more: by then it
    /// answers yesterday's question.
    #[serde(default = "default_answer_expires", with = "humantime_serde")]
    pub answer_expires: Duration,
    /// The provider.
    pub twilio: TwilioConfig,
}

/// `TWILIO_*`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwilioConfig {
    /// `AC…`.
    pub account_sid: String,
    /// The account's token, with which Twilio also signs its webhooks.
    pub auth_token: SecretString,
    /// The token that is about to become the primary one; only `ingress` needs it.
    #[serde(default)]
    pub auth_token_secondary: Option<SecretString>,
    /// Twilio's API, or the simulator.
    #[serde(default = "default_base_url")]
    pub base_url: Url,
}

impl ServiceConfig for Config {
    const SHARED: &'static [&'static str] = &["twilio"];
}

fn default_in_flight() -> usize {
    64
}
fn default_send_timeout() -> Duration {
    Duration::from_secs(15)
}
fn default_lease() -> Duration {
    Duration::from_secs(60)
}
fn default_look_after() -> Duration {
    Duration::from_secs(30)
}
fn default_answer_expires() -> Duration {
    Duration::from_secs(4 * 60 * 60)
}
#[expect(clippy::expect_used, reason = "a constant that parses")]
fn default_base_url() -> Url {
    Url::parse("https://api.twilio.com").expect("a URL")
}
