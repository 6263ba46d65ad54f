//! Settings of one simulator. Everything has a default that suits a demo on a laptop.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

// No `Debug`: it would print the token and the key.
#[derive(Clone)]
pub struct Config {
    /// `AC…`, the account that exists in this world.
    pub account_sid: String,
    /// Checked on every request and used to sign every webhook.
    pub auth_token: String,
    /// The key that the simulated Claude accepts.
    pub claude_key: String,
    /// Public base URL of Hilo's ingress; without one, inbound texts are only recorded.
    pub webhook_base: Option<Url>,
    /// Our numbers. Empty: every E.164 `From` is accepted.
    pub numbers: Vec<String>,
    /// Seeds the faults and the actors, so that a bad day can be lived again.
    pub seed: u64,
    /// SMS segments a second and number; 0 is unlimited. A real long code has 1.
    pub segments_per_second: u32,
    /// From "sent" to the carrier's delivery receipt.
    pub carrier_delay: Duration,
    /// Longest queue of one number before 21611.
    pub queue_limit: Duration,
    /// Requests at a time before 429/20429; 0 is unlimited.
    pub max_concurrent: usize,
    /// First wait before a webhook is tried again; doubles each time.
    pub retry_base: Duration,
    /// How long a request hangs when the fault `create_timeout` strikes.
    pub hang: Duration,
    /// JSON lines that survive `kill -9`, read back at start.
    pub ledger: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            account_sid: "AC00000000000000000000000000000000".to_owned(),
            auth_token: "0123456789abcdef0123456789abcdef".to_owned(),
            claude_key: "sk-ant-simulated".to_owned(),
            webhook_base: None,
            numbers: Vec::new(),
            seed: 1,
            segments_per_second: 10,
            carrier_delay: Duration::from_millis(600),
            queue_limit: Duration::from_secs(10 * 60 * 60),
            max_concurrent: 0,
            retry_base: Duration::from_secs(1),
            hang: Duration::from_secs(30),
            ledger: None,
        }
    }
}
