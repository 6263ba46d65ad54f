//! Customers: they text, they have a phone, and some of them cannot be reached.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path};
use serde::Deserialize;

use crate::control::bad_request;
use crate::simulator::Simulator;
use crate::twilio::is_e164;
use crate::world::Recipient;

/// The longest text that a provider puts together again.
const LONGEST_BODY: usize = 1600;

/// Phones in one answer: those with the latest texts.
const MOST_PHONES: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    from: String,
    to: String,
    body: String,
}

/// Answers when the webhook has ended.
pub(super) async fn text(sim: Data<Simulator>, text: Json<Text>) -> HttpResponse {
    for number in [&text.from, &text.to] {
        if !is_e164(number) {
            return bad_request(&format!("`{number}` is not an E.164 number"));
        }
    }
    if text.body.encode_utf16().count() > LONGEST_BODY {
        return bad_request("a text has at most 1600 characters");
    }
    HttpResponse::Ok().json(sim.texts(&text.from, &text.to, &text.body).await)
}

pub(super) async fn phones(sim: Data<Simulator>) -> HttpResponse {
    let phones = sim.world().phones(MOST_PHONES);
    HttpResponse::Ok().json(phones)
}

pub(super) async fn phone(sim: Data<Simulator>, number: Path<String>) -> HttpResponse {
    HttpResponse::Ok().json(sim.phone(&number))
}

pub(super) async fn recipient(
    sim: Data<Simulator>,
    number: Path<String>,
    recipient: Json<Recipient>,
) -> HttpResponse {
    if !is_e164(&number) {
        return bad_request(&format!("`{number}` is not an E.164 number"));
    }
    sim.set_recipient(&number, *recipient);
    HttpResponse::NoContent().finish()
}
