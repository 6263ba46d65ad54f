//! The REST client: where Twilio is, who we are, and how its answers are read.

use std::time::Duration;

use providers::ReadError;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use telemetry::http::{Client, ClientError, HttpSettings};
use url::Url;

/// The most bytes of an answer that we read: a full page of 1000 messages has about 2 MB.
const ANSWER_LIMIT: usize = 8 * 1024 * 1024;

/// Settings of the Twilio client.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://api.twilio.com`, or a stub.
    pub base_url: Url,
    /// `AC…`.
    pub account_sid: String,
    /// How we prove who we are.
    pub auth: Auth,
    /// Where Twilio reaches us, without a slash at the end: what [`crate::Signatures`] is given.
    pub public_base: String,
    /// How long a request may take in all. After it nobody knows whether a text left, so it is
    /// rather too long than too short.
    pub timeout: Duration,
}

/// How we prove who we are.
#[derive(Debug, Clone)]
pub enum Auth {
    /// The account's auth token.
    Token(SecretString),
    /// An API key, which can be revoked alone.
    ApiKey {
        /// `SK…`.
        sid: String,
        /// Its secret.
        secret: SecretString,
    },
}

impl Settings {
    /// How long a request may take, unless set otherwise.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(15);
}

/// A client of Twilio's REST API for one account.
pub struct Twilio {
    pub(crate) http: Client,
    pub(crate) settings: Settings,
    /// `{base}/2010-04-01/Accounts/{AC}`.
    account: String,
}

/// Why the client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// It becomes part of every URL.
    #[error("the account is not `AC` followed by letters and digits")]
    Account,
    /// It becomes part of every callback URL.
    #[error("the public base is not `https://host[/path]` without a slash at the end")]
    PublicBase,
    /// The HTTP client could not be built.
    #[error("the HTTP client for Twilio could not be built")]
    Http(#[source] ClientError),
}

impl Twilio {
    /// # Errors
    /// When a setting is malformed.
    pub fn new(settings: Settings) -> Result<Self, BuildError> {
        let digits = settings.account_sid.strip_prefix("AC").unwrap_or_default();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(BuildError::Account);
        }
        if !crate::signature::is_public_base(&settings.public_base) {
            return Err(BuildError::PublicBase);
        }
        let http = telemetry::http::client(&HttpSettings {
            user_agent: concat!("hilo/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(5).min(settings.timeout),
            timeout: settings.timeout,
        })
        .map_err(BuildError::Http)?;
        let base = settings.base_url.as_str().trim_end_matches('/');
        let account = format!("{base}/2010-04-01/Accounts/{}", settings.account_sid);
        Ok(Self { http, settings, account })
    }

    /// The URL of something of the account's.
    pub(crate) fn url(&self, path: &str) -> Result<Url, url::ParseError> {
        Url::parse(&format!("{}/{path}", self.account))
    }

    pub(crate) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let (user, secret) = match &self.settings.auth {
            Auth::Token(token) => (&self.settings.account_sid, token),
            Auth::ApiKey { sid, secret } => (sid, secret),
        };
        self.http.request(method, url).basic_auth(user, Some(secret.expose_secret()))
    }

    /// Reads something; `None` if there is no such thing.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        route: &'static str,
        request: RequestBuilder,
    ) -> Result<Option<T>, ReadError> {
        let unavailable = |_| ReadError::Unavailable { retry_after: None };
        let response = self.http.send(route, request).await.map_err(unavailable)?;
        let status = response.status();
        if status.is_success() {
            return read_json(response).await.map(Some);
        }
        let refusal = Refusal::read(response).await;
        if status == StatusCode::NOT_FOUND && refusal.code == Some(20404) {
            return Ok(None);
        }
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            return Err(ReadError::Unavailable { retry_after: refusal.retry_after });
        }
        Err(ReadError::Refused { code: refusal.code.unwrap_or(u32::from(status.as_u16())) })
    }
}

/// What Twilio says when it refuses: `{"code":21211,"message":…}`. The message quotes numbers, so it
/// is not read.
pub(crate) struct Refusal {
    pub(crate) code: Option<u32>,
    pub(crate) retry_after: Option<Duration>,
}

impl Refusal {
    pub(crate) async fn read(response: Response) -> Self {
        #[derive(Deserialize)]
        struct Body {
            code: Option<u32>,
        }
        let retry_after = telemetry::http::retry_after(response.headers());
        // Without a body that we understand, the status must do.
        let body = telemetry::http::read(response, ANSWER_LIMIT).await.unwrap_or_default();
        let code = serde_json::from_slice::<Body>(&body).ok().and_then(|body| body.code);
        Self { code, retry_after }
    }
}

pub(crate) async fn read_json<T: DeserializeOwned>(response: Response) -> Result<T, ReadError> {
    use telemetry::http::BodyError;
    let body = match telemetry::http::read(response, ANSWER_LIMIT).await {
        Ok(body) => body,
        Err(BodyError::Broken(_)) => return Err(ReadError::Unavailable { retry_after: None }),
        Err(error @ BodyError::TooLarge { .. }) => {
            return Err(ReadError::Malformed { what: error.to_string() });
        }
    };
    serde_json::from_slice(&body).map_err(|error| {
        // Not serde's own words: they quote what people wrote.
        let (line, column) = (error.line(), error.column());
        ReadError::Malformed { what: format!("the JSON at line {line}, column {column}") }
    })
}
