//! A message as Twilio's JSON: numbers are strings, dates are RFC 2822.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::clock::rfc2822;
use crate::message::{Direction, Message};
use crate::twilio::error::words;

pub(crate) fn message(account: &str, message: &Message) -> Value {
    let uri = format!("/2010-04-01/Accounts/{account}/Messages/{}.json", message.sid);
    let media = format!("/2010-04-01/Accounts/{account}/Messages/{}/Media.json", message.sid);
    let direction = match message.direction {
        Direction::Inbound => "inbound",
        Direction::OutboundApi => "outbound-api",
    };
    json!({
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": rfc2822(message.created_at),
        "date_sent": message.sent_at.map(rfc2822),
        "date_updated": rfc2822(message.updated_at()),
        "direction": direction,
        "error_code": message.error_code,
        "error_message": message.error_code.map(words),
        "from": message.from,
        "messaging_service_sid": message.messaging_service_sid,
        "num_media": "0",
        "num_segments": message.segments.to_string(),
        "price": null,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status.as_str(),
        "subresource_uris": { "media": media },
        "to": message.to,
        "uri": uri,
    })
}

pub(crate) fn request_id() -> String {
    format!("RQ{}", Uuid::now_v7().simple())
}
