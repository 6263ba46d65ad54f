//! `POST /webhooks/sms/inbound`: a text came in. Whoever it is from, it is never dropped.

use std::borrow::Cow;

use ::twilio::{InboundSms, InvalidWebhook, OptOutType};
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpRequest, HttpResponse};
use events::SmsReceived;
use providers::SmsRecord;

use super::{Arrived, Door, Kind, Pairs, Reading, without_nul};

/// TwiML for "no answer from here": the answer, if there is one, is sent like any other text, so
/// that it has a row before it leaves.
const NO_ANSWER: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

pub(super) async fn receive(
    request: HttpRequest,
    body: Result<Bytes, Error>,
    door: Data<Door>,
) -> HttpResponse {
    door.receive(Kind::SmsInbound, &request, body, || {
        HttpResponse::Ok().content_type("text/xml").body(NO_ANSWER)
    })
    .await
}

/// Reads the parameters.
pub(super) fn read(arrived: &Arrived, pairs: &Pairs<'_>) -> Result<Reading, InvalidWebhook> {
    let sms = parse(pairs)?;
    let dedupe_key = sms.sid.to_string();
    let event = SmsReceived {
        receipt: arrived.id,
        sid: sms.sid,
        from: without_nul(sms.from),
        to: without_nul(sms.to),
        body: without_nul(sms.body),
        num_media: sms.num_media,
        opt_out_type: sms.opt_out_type.map(word),
        received_at: arrived.received_at,
    };
    let said = outbox::said(&event, arrived.received_at, arrived.traceparent.clone());
    Ok(Reading { dedupe_key, said })
}

/// A text in Twilio's list as the webhook that never came.
pub fn listed(text: &SmsRecord, account: &str) -> Vec<u8> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("MessageSid", text.sid.as_str())
        .append_pair("AccountSid", account)
        .append_pair("From", &text.from)
        .append_pair("To", &text.to)
        .append_pair("Body", &text.body)
        .append_pair("NumMedia", &text.num_media.to_string())
        .append_pair("SmsStatus", &text.status)
        .append_pair("DateCreated", &text.created_at.to_rfc3339());
    form.finish().into_bytes()
}

fn parse(pairs: &Pairs<'_>) -> Result<InboundSms, InvalidWebhook> {
    match InboundSms::parse(pairs) {
        // A count that cannot be read is no reason to lose the text.
        Err(InvalidWebhook { field: "NumMedia" | "NumSegments", .. }) => {
            let countless: Vec<(Cow<'_, str>, Cow<'_, str>)> = pairs
                .iter()
                .filter(|(name, _)| name != "NumMedia" && name != "NumSegments")
                .cloned()
                .collect();
            InboundSms::parse(&countless)
        }
        parsed => parsed,
    }
}

fn word(opt_out: OptOutType) -> String {
    match opt_out {
        OptOutType::Stop => "STOP",
        OptOutType::Start => "START",
        OptOutType::Help => "HELP",
    }
    .to_owned()
}
