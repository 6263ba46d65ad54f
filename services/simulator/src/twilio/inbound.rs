//! A customer texts one of our numbers: Twilio records the text, obeys STOP, and posts the
//! webhook.

use url::Url;
use uuid::Uuid;

use crate::clock::now;
use crate::entry::Entry;
use crate::gsm;
use crate::message::{Direction, Message, Status, StatusAt, Webhook};
use crate::simulator::{Simulator, Texted};
use crate::twilio::{callbacks, opt_out};

/// Where Hilo's ingress listens, with the connection overrides that Hilo asks for.
const INBOUND: &str = "webhooks/sms/inbound#rc=3&rp=5xx,ct,rt";

/// Returns when the webhook has ended. The webhook goes on even if the caller goes away.
pub(crate) async fn text(sim: &Simulator, from: &str, to: &str, body: &str) -> Texted {
    let message = received(from, to, body);
    let sid = message.sid.clone();
    sim.record(Entry::Received { message: message.clone() });
    opt_out::on_inbound(sim, from, to, body);
    let sim_ = sim.clone();
    let webhook = sim.spawn(async move { announce(&sim_, &message).await });
    Texted { sid, accepted: webhook.await.unwrap_or(false) }
}

async fn announce(sim: &Simulator, message: &Message) -> bool {
    let url = sim.world().webhook_base.as_ref().and_then(inbound_url);
    let is_lost = sim.strikes(|faults| &mut faults.inbound.lost);
    let sid = message.sid.clone();
    let Some(url) = url.filter(|_| !is_lost) else {
        let webhook = Webhook { accepted: false, attempts: 0, http_status: None, at: now() };
        sim.record(Entry::Webhook { sid, webhook });
        return false;
    };
    let params = params(sim, message);
    let mut webhook = callbacks::post(sim, &url, &params).await;
    sim.record(Entry::Webhook { sid: sid.clone(), webhook });
    if sim.strikes(|faults| &mut faults.inbound.doubled) {
        let again = callbacks::post(sim, &url, &params).await;
        // One accepted attempt is a promise, whatever came of the other.
        webhook.accepted |= again.accepted;
        webhook.attempts += again.attempts;
        sim.record(Entry::Webhook { sid, webhook });
    }
    webhook.accepted
}

pub(crate) fn inbound_url(base: &Url) -> Option<Url> {
    // Joining by hand: `Url::join` would drop the last part of a base without a trailing slash.
    Url::parse(&format!("{}/{INBOUND}", base.as_str().trim_end_matches('/'))).ok()
}

fn received(from: &str, to: &str, body: &str) -> Message {
    let at = now();
    Message {
        sid: format!("SM{}", Uuid::now_v7().simple()),
        direction: Direction::Inbound,
        from: from.to_owned(),
        to: to.to_owned(),
        body: body.to_owned(),
        segments: gsm::segments(body),
        status: Status::Received,
        error_code: None,
        status_callback: None,
        messaging_service_sid: None,
        created_at: at,
        sent_at: Some(at),
        statuses: vec![StatusAt { status: Status::Received, at }],
        webhook: None,
    }
}

/// Every parameter of a captured webhook, those absent from the docs' table among them.
fn params(sim: &Simulator, message: &Message) -> Vec<(String, String)> {
    let sid = message.sid.as_str();
    let segments = message.segments.to_string();
    [
        ("ToCountry", country(&message.to)),
        ("ToState", ""),
        ("SmsMessageSid", sid),
        ("NumMedia", "0"),
        ("ToCity", ""),
        ("FromZip", ""),
        ("SmsSid", sid),
        ("FromState", ""),
        ("SmsStatus", "received"),
        ("FromCity", ""),
        ("Body", &message.body),
        ("FromCountry", country(&message.from)),
        ("To", &message.to),
        ("ToZip", ""),
        ("NumSegments", &segments),
        ("ReferralNumMedia", "0"),
        ("MessageSid", sid),
        ("AccountSid", &sim.config().account_sid),
        ("From", &message.from),
        ("ApiVersion", "2010-04-01"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}

fn country(number: &str) -> &'static str {
    if number.starts_with("+52") {
        "MX"
    } else if number.starts_with("+1") {
        "US"
    } else {
        ""
    }
}
