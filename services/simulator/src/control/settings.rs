//! The rules of this world: numbers, faults, pace, and where webhooks go.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde::Deserialize;
use url::Url;

use crate::control::bad_request;
use crate::faults::Faults;
use crate::simulator::Simulator;
use crate::twilio::is_e164;
use crate::world::Pace;

/// `"+52…"`, or with a name.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum NewNumber {
    Plain(String),
    Named { phone_number: String, friendly_name: String },
}

impl NewNumber {
    fn parts(&self) -> (&str, Option<&str>) {
        match self {
            Self::Plain(number) => (number, None),
            Self::Named { phone_number, friendly_name } => (phone_number, Some(friendly_name)),
        }
    }
}

pub(super) async fn numbers(sim: Data<Simulator>) -> HttpResponse {
    HttpResponse::Ok().json(sim.numbers())
}

/// All of them or none.
pub(super) async fn register(sim: Data<Simulator>, list: Json<Vec<NewNumber>>) -> HttpResponse {
    if let Some((number, _)) = list.iter().map(NewNumber::parts).find(|(n, _)| !is_e164(n)) {
        return bad_request(&format!("`{number}` is not an E.164 number"));
    }
    for (number, name) in list.iter().map(NewNumber::parts) {
        sim.register(number, name);
    }
    HttpResponse::Ok().json(sim.numbers())
}

pub(super) async fn faults(sim: Data<Simulator>) -> HttpResponse {
    HttpResponse::Ok().json(sim.faults())
}

pub(super) async fn set_faults(sim: Data<Simulator>, faults: Json<Faults>) -> HttpResponse {
    if let Some(name) = faults.unsound() {
        return bad_request(&format!("`{name}` is not a probability from 0 to 1"));
    }
    sim.set_faults(faults.into_inner());
    HttpResponse::Ok().json(sim.faults())
}

pub(super) async fn pace(sim: Data<Simulator>) -> HttpResponse {
    let pace = sim.world().pace;
    HttpResponse::Ok().json(pace)
}

pub(super) async fn set_pace(sim: Data<Simulator>, pace: Json<Pace>) -> HttpResponse {
    sim.world().pace = *pace;
    HttpResponse::Ok().json(*pace)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookBase {
    url: Option<Url>,
}

pub(super) async fn set_webhook_base(
    sim: Data<Simulator>,
    base: Json<WebhookBase>,
) -> HttpResponse {
    if let Some(url) = base.url.as_ref().filter(|url| !matches!(url.scheme(), "http" | "https")) {
        return bad_request(&format!("`{url}` is not an http(s) URL"));
    }
    sim.set_webhook_base(base.into_inner().url);
    HttpResponse::NoContent().finish()
}

pub(super) async fn reset(sim: Data<Simulator>) -> HttpResponse {
    sim.reset();
    HttpResponse::NoContent().finish()
}
