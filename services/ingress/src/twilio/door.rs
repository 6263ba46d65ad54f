//! The door: whose webhook it is, before anything is made of it, and what its sender is told.

use std::time::Duration;

use ::twilio::{Forged, InvalidWebhook, Signatures};
use actix_web::error::PayloadError;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError as _};
use domain::{ReceiptId, SharedClock};
use telemetry::metrics::{Counter, Meters};
use web::Problem;

use super::{Arrived, Kind, Pairs, parse};
use crate::journal::{Journal, Recorded};

const SIGNATURE: &str = "X-Twilio-Signature";

/// When to come again after a 503. Twilio follows its own schedule; a proxy may follow this.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Where webhooks of one Twilio account come in.
pub struct Door {
    signatures: Signatures,
    account: String,
    journal: Journal,
    clock: SharedClock,
    received: Counter,
}

/// Why a webhook is not answered with 2xx.
enum Refusal {
    TooLarge,
    /// The connection broke before the body was there.
    Cut,
    Forged(Forged),
    /// Signed with our token, and yet about somebody else's account.
    Stranger,
    Malformed(InvalidWebhook),
    Unavailable,
}

impl Door {
    /// `account` is the only one whose webhooks are taken.
    pub fn new(
        signatures: Signatures,
        account: String,
        journal: Journal,
        clock: SharedClock,
        meters: &Meters,
    ) -> Self {
        let help = "Webhooks by kind and by what became of them.";
        let received = meters.counter("ingress_webhooks_total", help);
        Self { signatures, account, journal, clock, received }
    }

    /// Takes a webhook in and answers it; `thanks` is the answer to one that is recorded.
    pub(super) async fn receive(
        &self,
        kind: Kind,
        request: &HttpRequest,
        body: Result<Bytes, Error>,
        thanks: fn() -> HttpResponse,
    ) -> HttpResponse {
        let taken = self.take(kind, request, body).await;
        self.received.add(1, &[("kind", kind.name()), ("outcome", outcome(&taken))]);
        let mut answer = match taken {
            Ok(_) => thanks(),
            Err(refusal) => Problem::from(refusal).error_response(),
        };
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }

    async fn take(
        &self,
        kind: Kind,
        request: &HttpRequest,
        body: Result<Bytes, Error>,
    ) -> Result<Recorded, Refusal> {
        let body = body.map_err(|error| unread(&error))?;
        // As it came, percent signs and all: the signature is of these bytes.
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        let pairs = if is_json(request) { None } else { Some(parse(&body)) };
        self.verify(target, request, &body, pairs.as_deref())?;
        let mut arrived = Arrived {
            id: ReceiptId::generate(),
            kind,
            source: "webhook",
            request_target: target.to_owned(),
            body: Vec::new(),
            received_at: self.clock.now(),
            traceparent: telemetry::context::current(),
        };
        let reading = match &pairs {
            Some(pairs) => arrived.read(pairs),
            None => Err(InvalidWebhook { field: "body", why: "is JSON, and no form" }),
        };
        let invalid = reading.as_ref().err().copied();
        drop(pairs);
        arrived.body = body.into();
        match (self.journal.record(arrived.as_entry(reading)).await, invalid) {
            (Recorded::Unavailable, _) => Err(Refusal::Unavailable),
            (_, Some(invalid)) => Err(Refusal::Malformed(invalid)),
            (recorded, None) => Ok(recorded),
        }
    }

    /// Whatever is not JSON is read as the form that these webhooks are; the signature decides.
    fn verify(
        &self,
        target: &str,
        request: &HttpRequest,
        body: &[u8],
        pairs: Option<&Pairs<'_>>,
    ) -> Result<(), Refusal> {
        let signature = request.headers().get(SIGNATURE).and_then(|value| value.to_str().ok());
        let signature = signature.ok_or(Refusal::Forged(Forged::Signature))?;
        let Some(pairs) = pairs else {
            return self.signatures.verify_json(target, body, signature).map_err(Refusal::Forged);
        };
        self.signatures.verify_form(target, pairs, signature).map_err(Refusal::Forged)?;
        match pairs.iter().find(|(name, _)| name == "AccountSid") {
            Some((_, account)) if !account.is_empty() && *account != self.account => {
                Err(Refusal::Stranger)
            }
            // One that is missing is a parameter like others.
            _ => Ok(()),
        }
    }
}

/// `application/json`, with or without parameters.
fn is_json(request: &HttpRequest) -> bool {
    let value = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

fn unread(error: &Error) -> Refusal {
    match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => Refusal::TooLarge,
        _ => Refusal::Cut,
    }
}

fn outcome(taken: &Result<Recorded, Refusal>) -> &'static str {
    match taken {
        Ok(Recorded::New) => "new",
        Ok(Recorded::Duplicate) => "duplicate",
        Ok(Recorded::Spooled) => "spooled",
        Ok(Recorded::Unavailable) | Err(Refusal::Unavailable) => "unavailable",
        Err(Refusal::TooLarge) => "too_large",
        Err(Refusal::Cut) => "cut",
        Err(Refusal::Forged(_)) => "forged",
        Err(Refusal::Stranger) => "stranger",
        Err(Refusal::Malformed(_)) => "malformed",
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::TooLarge => Self::too_large("body-too-large"),
            Refusal::Cut => Self::bad_request("incomplete-body"),
            Refusal::Forged(forged) => Self::forbidden("forged").detail(forged.to_string()),
            Refusal::Stranger => Self::forbidden("another-account")
                .detail("the webhook is about another account than ours"),
            Refusal::Malformed(invalid) => Self::bad_request("malformed-webhook")
                .detail(invalid.to_string())
                .field(invalid.field, "missing-or-malformed"),
            Refusal::Unavailable => Self::unavailable("not-recorded").retry_after(RETRY_AFTER),
        }
    }
}
