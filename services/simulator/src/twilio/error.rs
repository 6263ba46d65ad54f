//! Twilio's error document, and the words of the codes that this world can say.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

/// A request that Twilio refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub(crate) struct Refusal {
    pub code: u32,
    pub status: u16,
    pub message: String,
}

impl Refusal {
    /// A 400 with the code's own words.
    pub fn of(code: u32) -> Self {
        Self { code, status: 400, message: words(code).to_owned() }
    }

    /// A 400 that quotes what was wrong.
    pub fn saying(code: u32, message: String) -> Self {
        Self { code, status: 400, message }
    }

    pub fn with_status(code: u32, status: u16) -> Self {
        Self { code, status, message: words(code).to_owned() }
    }

    pub fn not_found(what: &str) -> Self {
        let message = format!("The requested resource {what} was not found");
        Self { code: 20404, status: 404, message }
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        if self.status == 401 {
            answer.insert_header(("WWW-Authenticate", "Basic realm=\"Twilio API\""));
        }
        answer.insert_header(("Twilio-Request-Id", super::json::request_id())).json(json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": self.status,
        }))
    }
}

pub(crate) async fn no_such_resource(request: actix_web::HttpRequest) -> HttpResponse {
    Refusal::not_found(request.path()).error_response()
}

pub(crate) fn words(code: u32) -> &'static str {
    match code {
        20001 => "Unsupported media type: application/x-www-form-urlencoded is required",
        20003 => "Authenticate",
        20429 => "Too Many Requests",
        20500 => "Internal Server Error",
        20503 => "Service unavailable",
        21408 => "Permission to send an SMS has not been enabled for the region",
        21602 => "Message body is required.",
        21603 => "A 'From' phone number is required.",
        21604 => "A 'To' phone number is required.",
        21608 => "The number is unverified. Trial accounts cannot send messages to it.",
        21610 => "Attempt to send to unsubscribed recipient",
        21611 => "This 'From' number has exceeded the maximum number of queued messages",
        21612 => "The 'To' phone number is not currently reachable using the 'From' number",
        21614 => "'To' number is not a valid mobile number",
        21617 => "The concatenated message body exceeds the 1600 character limit",
        21703 => "The Messaging Service does not have a phone number available",
        30003 => "Unreachable destination handset",
        30004 => "Message blocked",
        30005 => "Unknown destination handset",
        30006 => "Landline or unreachable carrier",
        30007 => "Message filtered",
        30008 => "Unknown error",
        _ => "The message could not be sent",
    }
}
