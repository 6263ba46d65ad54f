//! The client side: a pool of connections in each worker, which shares nothing with the others.

use std::time::Duration;

use actix_web::http::{Method, Uri, uri};
use actix_web::web::Bytes;
use awc::error::SendRequestError;
use awc::{Client, ClientRequest, ClientResponse, Connector};

use crate::Config;

/// A service's answer, its body still to come.
pub type Answer = ClientResponse;

/// Connections of one worker.
pub struct Upstream {
    client: Client,
}

/// Shorter than the five seconds after which our servers close what is idle, so that a request never
/// meets a connection that is just being closed.
const IDLE: Duration = Duration::from_secs(3);
/// In one network this is either quick or in vain.
const CONNECT: Duration = Duration::from_secs(2);
/// Of one worker, to all services together; more wait for their turn.
const CONNECTIONS: usize = 256;

impl Default for Upstream {
    fn default() -> Self {
        let connector = Connector::new().timeout(CONNECT).conn_keep_alive(IDLE).limit(CONNECTIONS);
        let client = Client::builder()
            .connector(connector)
            .disable_redirects()
            .no_default_headers()
            .max_http_version(awc::http::Version::HTTP_11)
            .finish();
        Self { client }
    }
}

impl Upstream {
    /// Begins a request.
    pub fn request(&self, method: Method, uri: Uri) -> ClientRequest {
        self.client.request(method, uri)
    }
}

/// Where the services are.
pub struct Services {
    conversations: uri::Authority,
    responder: uri::Authority,
    sandbox: Option<uri::Authority>,
}

impl Services {
    /// As the settings say; [`Config::check`] has seen that these are plain HTTP.
    ///
    /// # Errors
    /// When a host is none.
    pub fn of(config: &Config) -> Result<Self, uri::InvalidUri> {
        let authority = |url: &url::Url| url.authority().parse();
        Ok(Self {
            conversations: authority(&config.conversations_url)?,
            responder: authority(&config.responder_url)?,
            sandbox: config.sandbox_url.as_ref().map(authority).transpose()?,
        })
    }

    /// The address of a path and query at a service.
    pub fn uri(&self, service: &str, path: &str) -> Uri {
        let authority = match service {
            "conversations" => Some(&self.conversations),
            "responder" => Some(&self.responder),
            _ => self.sandbox.as_ref(),
        };
        let address = Uri::builder().scheme(uri::Scheme::HTTP);
        let address = match authority {
            Some(authority) => address.authority(authority.clone()),
            None => address,
        };
        // What cannot be built is refused by the client as an address without a host.
        address.path_and_query(path).build().unwrap_or_default()
    }
}

/// Why nothing could be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Nobody answered.
    #[error("the service did not answer")]
    Unanswered,
    /// It refused.
    #[error("the service answered {0}")]
    Refused(u16),
    /// The answer broke off or is longer than anybody expected.
    #[error("the answer could not be read")]
    Unread,
}

impl From<SendRequestError> for FetchError {
    fn from(_: SendRequestError) -> Self {
        Self::Unanswered
    }
}

/// Fetches something small of a service for ourselves.
///
/// # Errors
/// When it does not answer with 2xx in time, or with more than `limit` bytes.
pub async fn fetch(
    request: ClientRequest,
    body: Option<Bytes>,
    limit: usize,
    patience: Duration,
) -> Result<Bytes, FetchError> {
    let request = request.timeout(patience);
    let sent = match body {
        None => request.send(),
        Some(body) => request.content_type("application/json").send_body(body),
    };
    let mut answer = sent.await?;
    if !answer.status().is_success() {
        return Err(FetchError::Refused(answer.status().as_u16()));
    }
    answer.body().limit(limit).await.map_err(|_| FetchError::Unread)
}
