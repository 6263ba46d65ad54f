//! `POST Messages.json`: as strict as the provider, then a place in the sender's queue.

use std::collections::HashMap;

use actix_web::http::header;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use tokio::time::sleep;
use url::Url;
use uuid::Uuid;

use crate::clock::now;
use crate::entry::Entry;
use crate::gsm;
use crate::message::{Direction, Message, Status, StatusAt};
use crate::simulator::Simulator;
use crate::twilio::error::Refusal;
use crate::twilio::gate::{Pass, admit};
use crate::twilio::{is_e164, json, queue};

/// Characters as Twilio counts them: UTF-16 units, so that an emoji is more than one.
const LONGEST_BODY: usize = 1600;

type Form = HashMap<String, String>;

pub(crate) async fn create(
    request: HttpRequest,
    account: Path<String>,
    body: Bytes,
    sim: Data<Simulator>,
) -> Result<HttpResponse, Refusal> {
    let pass = Pass::take(&sim)?;
    admit(&sim, &request, &account)?;
    if sim.strikes(|faults| &mut faults.api.create_429) {
        return Err(Refusal::with_status(20429, 429));
    }
    if sim.strikes(|faults| &mut faults.api.create_5xx_refused) {
        return Err(Refusal::with_status(20500, 500));
    }
    let form = read_form(&request, &body)?;
    let message = accept(&sim, &form).inspect_err(|refusal| note(&sim, &form, refusal))?;
    if sim.strikes(|faults| &mut faults.api.create_5xx_accepted) {
        return Err(Refusal::with_status(20503, 503));
    }
    if sim.strikes(|faults| &mut faults.api.create_timeout) {
        // The caller has given up by then; this answer is for nobody.
        let _stopped = sim.life().run_until_cancelled(sleep(sim.config().hang)).await;
        return Err(Refusal::with_status(20503, 503));
    }
    Ok(HttpResponse::Created()
        .insert_header(("Twilio-Request-Id", json::request_id()))
        .insert_header(("Twilio-Concurrent-Requests", pass.running.to_string()))
        .json(json::message(&account, &message)))
}

fn note(sim: &Simulator, form: &Form, refusal: &Refusal) {
    let field = |name: &str| form.get(name).cloned().unwrap_or_default();
    let (from, to) = (field("From"), field("To"));
    sim.record(Entry::Refused { code: refusal.code, from, to, at: now() });
}

/// The first value of a name counts; parameters that we don't know are ignored, as Twilio does.
fn read_form(request: &HttpRequest, body: &[u8]) -> Result<Form, Refusal> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        return Err(Refusal::with_status(20001, 415));
    }
    let mut form = Form::new();
    for (name, value) in form_urlencoded::parse(body) {
        form.entry(name.into_owned()).or_insert_with(|| value.into_owned());
    }
    Ok(form)
}

fn accept(sim: &Simulator, form: &Form) -> Result<Message, Refusal> {
    let field = |name: &str| form.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let to = field("To").ok_or_else(|| Refusal::of(21604))?;
    let service = field("MessagingServiceSid");
    if field("From").is_none() && service.is_none() {
        return Err(Refusal::of(21603));
    }
    let body = field("Body").ok_or_else(|| Refusal::of(21602))?;
    if !is_e164(to) {
        return Err(Refusal::saying(21211, format!("Invalid 'To' Phone Number: {to}")));
    }
    let from = match field("From") {
        Some(from) => sender(sim, from)?,
        None => sim.world().numbers.keys().next().cloned().ok_or_else(|| Refusal::of(21703))?,
    };
    if from == to {
        let message = "'To' and 'From' number cannot be the same".to_owned();
        return Err(Refusal::saying(21211, message));
    }
    if body.encode_utf16().count() > LONGEST_BODY {
        return Err(Refusal::of(21617));
    }
    let status_callback = field("StatusCallback");
    if let Some(url) = status_callback.filter(|url| !is_callable(url)) {
        let message = format!("The 'StatusCallback' URL {url} is not a valid URL.");
        return Err(Refusal::saying(21609, message));
    }
    let message = new_message(&from, to, body, status_callback, service);
    enqueue(sim, message)
}

fn sender(sim: &Simulator, from: &str) -> Result<String, Refusal> {
    if !is_e164(from) {
        return Err(Refusal::saying(21212, format!("Invalid 'From' Phone Number: {from}")));
    }
    let world = sim.world();
    if !world.numbers.is_empty() && !world.numbers.contains_key(from) {
        let message = format!(
            "The 'From' phone number {from} is not a valid, SMS-capable number of this account."
        );
        return Err(Refusal::saying(21606, message));
    }
    Ok(from.to_owned())
}

/// Absolute, http or https, with a host in which no name has an underscore.
fn is_callable(raw: &str) -> bool {
    Url::parse(raw).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| !host.is_empty() && !host.contains('_'))
    })
}

fn new_message(
    from: &str,
    to: &str,
    body: &str,
    status_callback: Option<&str>,
    service: Option<&str>,
) -> Message {
    let at = now();
    let status = if service.is_some() { Status::Accepted } else { Status::Queued };
    Message {
        sid: format!("SM{}", Uuid::now_v7().simple()),
        direction: Direction::OutboundApi,
        from: from.to_owned(),
        to: to.to_owned(),
        body: body.to_owned(),
        segments: gsm::segments(body),
        status,
        error_code: None,
        status_callback: status_callback.map(str::to_owned),
        messaging_service_sid: service.map(str::to_owned),
        created_at: at,
        sent_at: None,
        statuses: vec![StatusAt { status, at }],
        webhook: None,
    }
}

/// What depends on the state of the world: refused recipients, STOP, and room in the queue.
fn enqueue(sim: &Simulator, message: Message) -> Result<Message, Refusal> {
    let slot = {
        let mut world = sim.world();
        let recipient = world.recipients.get(&message.to).copied().unwrap_or_default();
        if let Some(code) = recipient.refuse {
            return Err(Refusal::of(code));
        }
        if world.is_blocked(&message.from, &message.to) {
            return Err(Refusal::of(21610));
        }
        world
            .reserve(&message.from, message.segments, sim.config().queue_limit)
            .ok_or_else(|| Refusal::of(21611))?
    };
    sim.record(Entry::Created { message: message.clone() });
    queue::launch(sim, message.sid.clone(), slot);
    Ok(message)
}
