//! Problem documents (RFC 9457): the one form in which a service says that something is wrong.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::request_id;

/// The media type of a problem document.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// What is wrong, for the caller. A `code` is part of the API: programs branch on it, so it is
/// short, in kebab-case, and never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: Option<String>,
    fields: Vec<FieldProblem>,
    retry_after: Option<Duration>,
}

/// What is wrong with one field of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Where it is: `contact.number`.
    pub path: String,
    /// What is wrong: `not-a-phone-number`.
    pub code: &'static str,
}

impl Problem {
    /// 400: the request cannot be understood.
    pub fn bad_request(code: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code)
    }

    /// 401: we don't know who asks.
    pub fn unauthorized(code: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code)
    }

    /// 403: we know, and they may not.
    pub fn forbidden(code: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, code)
    }

    /// 404: there is no such thing, or it is another's.
    pub fn not_found(code: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, code)
    }

    /// 405: the path is there, but not for this method. The answer should say for which (`Allow`).
    pub fn method_not_allowed() -> Self {
        Self::bare(StatusCode::METHOD_NOT_ALLOWED)
    }

    /// 408: the request did not arrive in time.
    pub fn request_timeout() -> Self {
        Self::bare(StatusCode::REQUEST_TIMEOUT)
    }

    /// 409: not in the present state.
    pub fn conflict(code: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code)
    }

    /// 413: the body is larger than we read.
    pub fn too_large(code: &'static str) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, code)
    }

    /// 415: another kind of body is wanted.
    pub fn unsupported_media_type() -> Self {
        Self::bare(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    }

    /// 422: understood, and wrong.
    pub fn unprocessable(code: &'static str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code)
    }

    /// 429: too often.
    pub fn too_many_requests(code: &'static str) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, code)
    }

    /// 503: not now; the same request may succeed later.
    pub fn unavailable(code: &'static str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code)
    }

    /// 500. The caller learns nothing of our inside; the log gets the whole chain, once, here.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let source = source.into();
        let error = telemetry::chain(source.as_ref());
        tracing::error!(error, request.id = request_id::current().map(field), "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }

    /// What this occurrence is about, for a person. It must not name one.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// Which field is wrong, and how; may be called again.
    #[must_use]
    pub fn field(mut self, path: impl Into<String>, code: &'static str) -> Self {
        self.fields.push(FieldProblem { path: path.into(), code });
        self
    }

    /// When to try again (whole seconds, rounded up).
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The code that programs branch on.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Which fields are wrong.
    pub fn fields(&self) -> &[FieldProblem] {
        &self.fields
    }

    /// What a bare status means, where nobody chose a code.
    pub(crate) fn bare(status: StatusCode) -> Self {
        let code = match status {
            StatusCode::BAD_REQUEST => "malformed-request",
            StatusCode::NOT_FOUND => "no-such-route",
            StatusCode::METHOD_NOT_ALLOWED => "method-not-allowed",
            StatusCode::REQUEST_TIMEOUT => "request-timeout",
            StatusCode::PAYLOAD_TOO_LARGE => "body-too-large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported-media-type",
            other if other.is_client_error() => "refused",
            _ => "internal",
        };
        Self::new(status, code)
    }

    fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, detail: None, fields: Vec::new(), retry_after: None }
    }
}

/// A problem on the wire.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument<'a> {
    /// `urn:hilo:` and the code.
    #[schema(example = "urn:hilo:conversation-not-found")]
    r#type: String,
    /// The status in words.
    #[schema(example = "Not Found")]
    title: &'a str,
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// What programs branch on.
    #[schema(example = "conversation-not-found")]
    code: &'a str,
    /// For a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// Which fields are wrong.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Option<Vec<FieldProblem>>)]
    fields: &'a [FieldProblem],
    /// What to quote when asking for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let document = ProblemDocument {
            r#type: format!("urn:hilo:{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            code: self.code,
            detail: self.detail.as_deref(),
            fields: &self.fields,
            request_id: request_id::current().map(|id| id.to_string()),
        };
        let mut response = HttpResponse::build(self.status);
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 9110, 15.5.2: a 401 says how to authenticate.
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(wait) = self.retry_after {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        let body = serde_json::to_vec(&document).unwrap_or_default();
        response.content_type(CONTENT_TYPE).body(body)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.code, self.status.as_u16())
    }
}

impl Error for Problem {}

fn field(id: request_id::RequestId) -> tracing::field::DisplayValue<request_id::RequestId> {
    tracing::field::display(id)
}
