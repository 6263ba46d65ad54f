//! The client: one question, a few attempts.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use providers::{Answer, ModelError, Prompt, ReplyModel, Usage};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use reqwest::Method;
use reqwest::header::{HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use telemetry::http::{BodyError, Client, ClientError, HttpSettings};
use url::Url;

use crate::failure::{Again, Failure, wait};
use crate::{answer, request};

/// Settings of the Claude client.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://api.anthropic.com`, or a stub.
    pub base_url: Url,
    /// The API key.
    pub key: SecretString,
    /// The model's id.
    pub model: String,
    /// `anthropic-version`: which contract the API keeps to.
    pub version: String,
    /// How long one attempt may take.
    pub timeout: Duration,
    /// How many attempts follow a failed first one.
    pub retries: u32,
    /// The wait before the second attempt; it doubles from there.
    pub backoff: Duration,
    /// The most bytes of an answer that are read.
    pub max_body: usize,
    /// Where the jitter of the waits begins.
    pub jitter_seed: u64,
}

impl Settings {
    /// The defaults.
    pub fn new(base_url: Url, key: SecretString) -> Self {
        Self {
            base_url,
            key,
            model: "claude-haiku-5-5".to_owned(),
            version: "2026-10-21".to_owned(),
            timeout: Duration::from_secs(20),
            retries: 2,
            backoff: Duration::from_millis(500),
            max_body: 1024 * 1024,
            jitter_seed: rand::random(),
        }
    }
}

/// A client of the Messages API.
pub struct Claude {
    http: Client,
    settings: Settings,
    url: Url,
    key: HeaderValue,
    version: HeaderValue,
    jitter: Mutex<StdRng>,
}

/// Why the client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// There is no key, or it is no header value.
    #[error("the API key is empty or cannot be sent in a header")]
    Key,
    /// The version is no header value.
    #[error("the API version cannot be sent in a header")]
    Version(#[source] InvalidHeaderValue),
    /// The base URL is no base.
    #[error("the base URL cannot be built upon")]
    BaseUrl(#[source] url::ParseError),
    /// The HTTP client could not be built.
    #[error("the HTTP client for Claude could not be built")]
    Http(#[source] ClientError),
}

impl Claude {
    /// # Errors
    /// When a setting is malformed.
    pub fn new(settings: Settings) -> Result<Self, BuildError> {
        let key = settings.key.expose_secret();
        // No source here: an error about the key might show the key.
        let mut key = HeaderValue::from_str(key).map_err(|_| BuildError::Key)?;
        if key.is_empty() {
            return Err(BuildError::Key);
        }
        key.set_sensitive(true);
        let version = HeaderValue::from_str(&settings.version).map_err(BuildError::Version)?;
        let base = settings.base_url.as_str().trim_end_matches('/');
        let url = Url::parse(&format!("{base}/v1/messages")).map_err(BuildError::BaseUrl)?;
        let http = telemetry::http::client(&HttpSettings {
            user_agent: concat!("hilo/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(5).min(settings.timeout),
            timeout: settings.timeout,
        })
        .map_err(BuildError::Http)?;
        let jitter = Mutex::new(StdRng::seed_from_u64(settings.jitter_seed));
        Ok(Self { http, settings, url, key, version, jitter })
    }

    async fn attempt(&self, body: &Value) -> Result<(Answer, Usage), Failure> {
        let request = self
            .http
            .request(Method::POST, self.url.clone())
            .header("x-api-key", self.key.clone())
            .header("anthropic-version", self.version.clone())
            .json(body);
        let sent = self.http.send("/v1/messages", request).await;
        let response = sent.map_err(|_| Failure::unreachable())?;
        let status = response.status();
        let headers = response.headers().clone();
        let body = telemetry::http::read(response, self.settings.max_body).await;
        if !status.is_success() {
            // An error without a body is classed by its status.
            let body = body.unwrap_or_default();
            return Err(Failure::refused(status.as_u16(), &headers, &body));
        }
        let body = body.map_err(|error| match error {
            BodyError::Broken(_) => Failure::unreachable(),
            BodyError::TooLarge { .. } => {
                let what = "the response, which is too long".to_owned();
                Failure::final_(ModelError::Unusable { what })
            }
        })?;
        answer::read(&body).map_err(Failure::final_)
    }

    /// How long to wait for the next attempt; `None` when there is none.
    fn patience(&self, attempt: u32, again: Again) -> Option<Duration> {
        let Again::After(asked) = again else { return None };
        if attempt >= self.settings.retries {
            return None;
        }
        let chance = self.jitter.lock().unwrap_or_else(PoisonError::into_inner).random();
        wait(self.settings.backoff, attempt, asked, chance)
    }
}

#[async_trait]
impl ReplyModel for Claude {
    async fn answer(&self, prompt: &Prompt) -> Result<(Answer, Usage), ModelError> {
        let body = request::body(&self.settings.model, prompt)?;
        let mut attempt = 0;
        loop {
            let failure = match self.attempt(&body).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let Some(wait) = self.patience(attempt, failure.again) else {
                return Err(failure.error);
            };
            attempt += 1;
            tracing::info!(attempt, error = %failure.error, "asking Claude again in {wait:?}");
            tokio::time::sleep(wait).await;
        }
    }

    fn name(&self) -> &str {
        &self.settings.model
    }
}
