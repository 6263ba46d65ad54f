//! The HTTP client for calls to providers: it has timeouts, carries the trace, and measures. What it
//! records is method, host and route, never a URL or a body, which name people.

mod answer;

use std::time::{Duration, Instant};

use reqwest::header::{HeaderValue, InvalidHeaderValue};
use reqwest::{Method, Request, RequestBuilder, Response, Url};
use tracing::{Instrument as _, Span, field};

use crate::context;
use crate::metrics::{Histogram, Meters, status_class};

pub use answer::{BodyError, read, retry_after};

/// Settings of one provider's client.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// What we call ourselves.
    pub user_agent: String,
    /// How long a connection may take to be made; a failure here means that nothing was sent.
    pub connect_timeout: Duration,
    /// How long the whole exchange may take, body included.
    pub timeout: Duration,
}

/// A traced HTTP client. Clones share its connections.
#[derive(Clone)]
pub struct Client {
    inner: reqwest::Client,
    duration: Histogram,
}

/// Why a client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The user agent is no header value.
    #[error("the user agent cannot be sent in a header")]
    UserAgent(#[source] InvalidHeaderValue),
    /// TLS could not be set up; usually the machine has no root certificates.
    #[error("the HTTP client could not be built")]
    Build(#[source] reqwest::Error),
}

/// A client that traces and measures into the process's telemetry.
///
/// # Errors
/// When the user agent is no header value or the machine has no root certificates.
pub fn client(settings: &HttpSettings) -> Result<Client, ClientError> {
    client_with(settings, &Meters::global())
}

/// As [`client`], measuring elsewhere.
///
/// # Errors
/// As [`client`].
pub fn client_with(settings: &HttpSettings, meters: &Meters) -> Result<Client, ClientError> {
    crate::install_tls_provider();
    let agent = HeaderValue::from_str(&settings.user_agent).map_err(ClientError::UserAgent)?;
    let inner = reqwest::Client::builder()
        .user_agent(agent)
        .connect_timeout(settings.connect_timeout)
        .timeout(settings.timeout)
        // Our keys must not follow a redirect, and a redirected POST is not the POST we meant.
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(ClientError::Build)?;
    let duration = meters.histogram("http_client_duration_seconds", "Calls to providers.");
    Ok(Client { inner, duration })
}

impl Client {
    /// Begins a request; [`Client::send`] sends it.
    pub fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.inner.request(method, url)
    }

    /// Sends a request, and is back when the answer's head is there. `route` is the path with its
    /// variable parts as `{names}`: the only part of the URL that is recorded.
    ///
    /// # Errors
    /// As reqwest reports them, without the URL.
    pub async fn send(
        &self,
        route: &'static str,
        request: RequestBuilder,
    ) -> Result<Response, reqwest::Error> {
        let request = request.build().map_err(reqwest::Error::without_url)?;
        let method = request.method().clone();
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let span = tracing::info_span!(
            "http.client",
            otel.name = route,
            otel.kind = "client",
            http.request.method = %method,
            server.address = %host,
            http.route = route,
            http.response.status_code = field::Empty,
            error.type = field::Empty,
        );
        let started = Instant::now();
        let outcome = self.exchange(request, &span).instrument(span.clone()).await;
        let status = match &outcome {
            Ok(response) => {
                let status = response.status().as_u16();
                span.record("http.response.status_code", status);
                status_class(status)
            }
            Err(error) => {
                let kind = kind(error);
                span.record("error.type", kind);
                kind
            }
        };
        let labels = [("host", host.as_str()), ("method", method.as_str()), ("status", status)];
        self.duration.record(started.elapsed(), &labels);
        outcome
    }

    async fn exchange(
        &self,
        mut request: Request,
        span: &Span,
    ) -> Result<Response, reqwest::Error> {
        let traceparent = context::of(span).and_then(|text| HeaderValue::from_str(&text).ok());
        if let Some(value) = traceparent {
            request.headers_mut().insert(context::TRACEPARENT, value);
        }
        // reqwest prints the URL in its errors, and ours hold telephone numbers.
        self.inner.execute(request).await.map_err(reqwest::Error::without_url)
    }
}

fn kind(error: &reqwest::Error) -> &'static str {
    if error.is_connect() {
        "connect"
    } else if error.is_timeout() {
        "timeout"
    } else {
        "broken"
    }
}

#[cfg(test)]
mod tests {
    use wiremock::matchers::{header, method};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::Telemetry;

    fn settings() -> HttpSettings {
        HttpSettings {
            user_agent: "hilo/test".to_owned(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(5),
        }
    }

    #[tokio::test]
    async fn a_call_is_measured_by_host_method_and_status_class() {
        let telemetry = Telemetry::without_export().unwrap();
        let client = client_with(&settings(), &telemetry.meters()).unwrap();
        let stub = MockServer::start().await;
        let answers = Mock::given(method("GET")).and(header("user-agent", "hilo/test"));
        answers.respond_with(ResponseTemplate::new(404)).mount(&stub).await;
        let url = Url::parse(&format!("{}/people/+14155552671", stub.uri())).unwrap();

        let response =
            client.send("/people/{number}", client.request(Method::GET, url)).await.unwrap();

        assert_eq!(response.status(), 404);
        let text = telemetry.render();
        let labels = "{host=\"127.0.0.1\",method=\"GET\",status=\"4xx\"} 1";
        assert!(text.contains(&format!("http_client_duration_seconds_count{labels}")), "{text}");
    }

    #[tokio::test]
    async fn a_failed_call_does_not_tell_the_url() {
        let client = client(&settings()).unwrap();
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/people/+14155552671", nobody.local_addr().unwrap());
        drop(nobody);
        let request = client.request(Method::GET, Url::parse(&url).unwrap());

        let error = client.send("/people/{number}", request).await.unwrap_err();

        assert!(error.is_connect());
        let told = format!("{} {error:?}", crate::chain(&error));
        assert!(!told.contains("+1415"), "{told}");
    }
}
