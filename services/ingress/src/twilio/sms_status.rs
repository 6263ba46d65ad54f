//! `POST /webhooks/sms/status`: how a text of ours fares. Reports come late, twice and out of
//! order; each is passed on, also one in a word that is new to us.

use ::twilio::callback::message_of;
use ::twilio::{InvalidWebhook, SmsStatus};
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpRequest, HttpResponse};
use events::SmsStatusChanged;

use super::{Arrived, Door, Kind, Pairs, Reading, key, without_nul};

pub(super) async fn receive(
    request: HttpRequest,
    body: Result<Bytes, Error>,
    door: Data<Door>,
) -> HttpResponse {
    door.receive(Kind::SmsStatus, &request, body, || HttpResponse::NoContent().finish()).await
}

/// Reads the parameters.
pub(super) fn read(arrived: &Arrived, pairs: &Pairs<'_>) -> Result<Reading, InvalidWebhook> {
    let report = SmsStatus::parse(pairs)?;
    let dedupe_key = key(dedupe_key(&report));
    let event = SmsStatusChanged {
        receipt: arrived.id,
        sid: report.sid,
        message: message_of(&arrived.request_target),
        status: without_nul(report.status.as_word().to_owned()),
        error_code: report.error_code,
        received_at: arrived.received_at,
    };
    let said = outbox::said(&event, arrived.received_at, arrived.traceparent.clone());
    Ok(Reading { dedupe_key, said })
}

/// What makes two reports the same (contracts, section 3).
fn dedupe_key(report: &SmsStatus) -> String {
    let SmsStatus { sid, status, error_code, done_at, .. } = report;
    let code = error_code.map(|code| code.to_string()).unwrap_or_default();
    let done_at = done_at.as_deref().unwrap_or_default();
    format!("{sid}|{}|{code}|{done_at}", status.as_word())
}
