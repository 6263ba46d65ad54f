//! Webhooks out: signed, tried again as their URL says, and the status callbacks among them.

use std::time::Duration;

use actix_web::http::header;
use tokio::time::{Instant, sleep};
use url::Url;
use uuid::Uuid;

use crate::clock::now;
use crate::entry::Entry;
use crate::message::{Message, Status, Webhook};
use crate::simulator::Simulator;
use crate::twilio::overrides::{Attempt, Overrides};
use crate::twilio::signature::sign;

/// Posts a webhook until it is answered well or its overrides give up.
pub(crate) async fn post(sim: &Simulator, url: &Url, params: &[(String, String)]) -> Webhook {
    let overrides = Overrides::parse(url.fragment());
    let mut bare = url.clone();
    bare.set_fragment(None);
    // The same on every attempt: it tells a retry from a new event.
    let token = Uuid::now_v7().to_string();
    let began = Instant::now();
    let mut attempts = 0;
    loop {
        let attempt = attempt(sim, &bare, params, &token, overrides.read_timeout).await;
        attempts += 1;
        let http_status = match attempt {
            Attempt::Answered(status) => Some(status),
            Attempt::NotConnected | Attempt::NotAnswered => None,
        };
        let accepted = http_status.is_some_and(|status| (200..300).contains(&status));
        let ended = Webhook { accepted, attempts, http_status, at: now() };
        let wait = sim.config().retry_base * 2_u32.pow((attempts - 1).min(8));
        let is_last = accepted
            || attempts > overrides.retries
            || !overrides.retries_after(attempt)
            || began.elapsed() + wait > overrides.total_timeout;
        if is_last || sim.life().run_until_cancelled(sleep(wait)).await.is_none() {
            return ended;
        }
    }
}

async fn attempt(
    sim: &Simulator,
    url: &Url,
    params: &[(String, String)],
    token: &str,
    read_timeout: Duration,
) -> Attempt {
    let answer = sim
        .client()
        .post(url.clone())
        .timeout(read_timeout)
        .header(header::CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded; charset=UTF-8")
        .header("X-Twilio-Signature", sign(&sim.config().auth_token, url.as_str(), params))
        .header("I-Twilio-Idempotency-Token", token)
        .form(params)
        .send()
        .await;
    match answer {
        Ok(answer) => Attempt::Answered(answer.status().as_u16()),
        Err(error) if error.is_connect() => Attempt::NotConnected,
        Err(_) => Attempt::NotAnswered,
    }
}

/// Posts the status callback of `message`, with the faults of the day.
pub(crate) async fn report(sim: &Simulator, message: &Message, status: Status) {
    let Some(url) = message.status_callback.as_deref().and_then(|raw| Url::parse(raw).ok()) else {
        return;
    };
    let late = Duration::from_millis(sim.faults().callbacks.late_ms);
    if sim.life().run_until_cancelled(sleep(late)).await.is_none() {
        return;
    }
    let sid = message.sid.clone();
    if sim.strikes(|faults| &mut faults.callbacks.lost) {
        let webhook = Webhook { accepted: false, attempts: 0, http_status: None, at: now() };
        sim.record(Entry::Callback { sid, status, webhook });
        return;
    }
    let params = status_params(sim, message, status);
    let times = if sim.strikes(|faults| &mut faults.callbacks.doubled) { 2 } else { 1 };
    for _ in 0..times {
        let webhook = post(sim, &url, &params).await;
        sim.record(Entry::Callback { sid: sid.clone(), status, webhook });
    }
}

fn status_params(sim: &Simulator, message: &Message, status: Status) -> Vec<(String, String)> {
    let mut params = vec![
        ("MessageSid", message.sid.clone()),
        ("SmsSid", message.sid.clone()),
        ("MessageStatus", status.as_str().to_owned()),
        ("SmsStatus", status.as_str().to_owned()),
        ("From", message.from.clone()),
        ("To", message.to.clone()),
        ("AccountSid", sim.config().account_sid.clone()),
        ("ApiVersion", "2010-04-01".to_owned()),
    ];
    if let Some(service) = &message.messaging_service_sid {
        params.push(("MessagingServiceSid", service.clone()));
    }
    if matches!(status, Status::Undelivered | Status::Failed)
        && let Some(code) = message.error_code
    {
        params.push(("ErrorCode", code.to_string()));
    }
    // A carrier's receipt has a time of its own; a text that never left has no receipt.
    if matches!(status, Status::Delivered | Status::Undelivered) {
        let at = message.time_of(status).unwrap_or_else(now);
        params.push(("RawDlrDoneDate", at.format("%y%m%d%H%M").to_string()));
    }
    params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
