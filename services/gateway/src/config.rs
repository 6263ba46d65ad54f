//! Settings of `gateway`, from `GATEWAY__*` over the defaults below.

use std::time::Duration;

use chassis::ServiceConfig;
use serde::Deserialize;
use url::Url;

/// All of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `GATEWAY__PUBLIC_BASE`: where people reach it, without a slash at the end:
    /// `https://hilo.example.mx`. Invitations link there, and forms of other origins are refused.
    pub public_base: Url,
    /// `GATEWAY__CONVERSATIONS_URL`: where `conversations` is, `http://conversations:8080`. The house
    /// is one network: plain HTTP, under whose identity header nobody else's request passes.
    pub conversations_url: Url,
    /// `GATEWAY__RESPONDER_URL`: where `responder` is.
    pub responder_url: Url,
    /// `GATEWAY__SANDBOX_URL`: where the simulator is. With it `/api/sandbox` is there, and people
    /// see that they are in a sandbox.
    #[serde(default)]
    pub sandbox_url: Option<Url>,
    /// `GATEWAY__TRUSTED_PROXIES`: how many proxies of ours stand before it. The client's address is
    /// then so many places from the right in `X-Forwarded-For`; what stands further left anybody may
    /// have written.
    #[serde(default)]
    pub trusted_proxies: usize,
    /// `GATEWAY__REQUESTS_PER_SECOND`: of one session or token, on average.
    #[serde(default = "requests_per_second")]
    pub requests_per_second: u32,
    /// `GATEWAY__REQUEST_BURST`: of one session or token, at once.
    #[serde(default = "request_burst")]
    pub request_burst: u32,
    /// `GATEWAY__STRANGER_REQUESTS_PER_SECOND`: of one address without a valid session or token, on
    /// average.
    #[serde(default = "stranger_requests_per_second")]
    pub stranger_requests_per_second: u32,
    /// `GATEWAY__STRANGER_BURST`: of one such address, at once.
    #[serde(default = "stranger_burst")]
    pub stranger_burst: u32,
    /// `GATEWAY__STREAMS_PER_ACCOUNT`: live streams that one process holds for an account.
    #[serde(default = "streams_per_account")]
    pub streams_per_account: usize,
    /// `GATEWAY__STREAMS_PER_USER`: live streams that one process holds for a person. A browser needs
    /// one, whatever the number of its tabs.
    #[serde(default = "streams_per_user")]
    pub streams_per_user: usize,
    /// `GATEWAY__FORWARD_TIMEOUT`: how long a service may take to begin its answer.
    #[serde(default = "forward_timeout", with = "humantime_serde")]
    pub forward_timeout: Duration,
    /// `GATEWAY__IMPORT_TIMEOUT`: the same for a file of contacts, and how long its upload may take.
    #[serde(default = "import_timeout", with = "humantime_serde")]
    pub import_timeout: Duration,
    /// `GATEWAY__AUDIT_RETENTION`: how long the audit log goes back.
    #[serde(default = "audit_retention", with = "humantime_serde")]
    pub audit_retention: Duration,
}

impl ServiceConfig for Config {
    const SHARED: &'static [&'static str] = &[];
}

/// Settings that fit their types and are wrong all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{setting} {why}")]
pub struct InvalidConfig {
    setting: &'static str,
    why: &'static str,
}

impl Config {
    /// The settings that have no default, with the others at theirs.
    pub fn new(public_base: Url, conversations_url: Url, responder_url: Url) -> Self {
        Self {
            public_base,
            conversations_url,
            responder_url,
            sandbox_url: None,
            trusted_proxies: 0,
            requests_per_second: requests_per_second(),
            request_burst: request_burst(),
            stranger_requests_per_second: stranger_requests_per_second(),
            stranger_burst: stranger_burst(),
            streams_per_account: streams_per_account(),
            streams_per_user: streams_per_user(),
            forward_timeout: forward_timeout(),
            import_timeout: import_timeout(),
            audit_retention: audit_retention(),
        }
    }

    /// Whether they can be used.
    ///
    /// # Errors
    /// When they cannot; says which.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        let urls = [
            ("GATEWAY__CONVERSATIONS_URL", Some(&self.conversations_url)),
            ("GATEWAY__RESPONDER_URL", Some(&self.responder_url)),
            ("GATEWAY__SANDBOX_URL", self.sandbox_url.as_ref()),
        ];
        for (setting, url) in urls {
            if url.is_some_and(|url| url.scheme() != "http" || !url.has_host() || url.path() != "/")
            {
                return Err(InvalidConfig { setting, why: "is not http://host:port" });
            }
        }
        let base = &self.public_base;
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() || base.path() != "/" {
            let why = "is not an http(s) address without a path";
            return Err(InvalidConfig { setting: "GATEWAY__PUBLIC_BASE", why });
        }
        let rates = [
            ("GATEWAY__REQUESTS_PER_SECOND", self.requests_per_second),
            ("GATEWAY__REQUEST_BURST", self.request_burst),
            ("GATEWAY__STRANGER_REQUESTS_PER_SECOND", self.stranger_requests_per_second),
            ("GATEWAY__STRANGER_BURST", self.stranger_burst),
        ];
        match rates.into_iter().find(|(_, rate)| *rate == 0) {
            Some((setting, _)) => Err(InvalidConfig { setting, why: "is 0" }),
            None => Ok(()),
        }
    }
}

/// A busy person's browser makes a few.
fn requests_per_second() -> u32 {
    50
}
fn request_burst() -> u32 {
    200
}
/// Enough for an office behind one address that signs in on a Monday.
fn stranger_requests_per_second() -> u32 {
    10
}
fn stranger_burst() -> u32 {
    100
}
fn streams_per_account() -> usize {
    5_000
}
fn streams_per_user() -> usize {
    20
}
fn forward_timeout() -> Duration {
    Duration::from_secs(30)
}
fn import_timeout() -> Duration {
    Duration::from_secs(120)
}
/// More than a year, so that last year's doings can still be looked up.
fn audit_retention() -> Duration {
    Duration::from_secs(400 * 24 * 60 * 60)
}
