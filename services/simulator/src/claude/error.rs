//! Claude's error document and its headers.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

use crate::claude::reply::request_id;

/// Seconds that a plain 429 asks for.
const RETRY_AFTER: u64 = 1;

#[derive(Clone, Debug, thiserror::Error)]
#[error("{kind}: {message}")]
pub(crate) struct Failure {
    pub status: u16,
    pub kind: &'static str,
    message: String,
    error_code: Option<&'static str>,
    retry_after: Option<u64>,
}

impl Failure {
    fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into(), error_code: None, retry_after: None }
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", message)
    }

    pub fn authentication(message: &str) -> Self {
        Self::new(401, "authentication_error", message)
    }

    pub fn not_found(message: String) -> Self {
        Self::new(404, "not_found_error", message)
    }

    pub fn rate_limited() -> Self {
        let message = "This request would exceed your organization's rate limit";
        let failure = Self::new(429, "rate_limit_error", message);
        Self { retry_after: Some(RETRY_AFTER), ..failure }
    }

    /// Lasts until the month ends: there is no `retry-after`, and trying again is useless.
    pub fn spend_limit() -> Self {
        let message = "Your organization has reached its spend limit";
        let failure = Self::new(429, "rate_limit_error", message);
        Self { error_code: Some("contract_spend_limit_reached"), ..failure }
    }

    pub fn overloaded() -> Self {
        Self::new(529, "overloaded_error", "Overloaded")
    }

    pub fn internal() -> Self {
        Self::new(500, "api_error", "Internal server error")
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let id = request_id();
        let mut error = json!({ "type": self.kind, "message": self.message });
        if let (Some(code), Some(error)) = (self.error_code, error.as_object_mut()) {
            error.insert("details".to_owned(), json!({ "error_code": code }));
        }
        let mut answer = HttpResponse::build(self.status_code());
        answer.insert_header(("request-id", id.clone()));
        if let Some(seconds) = self.retry_after {
            answer.insert_header(("retry-after", seconds.to_string()));
        }
        answer.json(json!({ "type": "error", "error": error, "request_id": id }))
    }
}
