//! `GET IncomingPhoneNumbers.json`: our numbers, as many as there are, in one page.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use crate::simulator::Simulator;
use crate::twilio::error::Refusal;
use crate::twilio::gate::{Pass, admit};
use crate::twilio::inbound;
use crate::world::Number;

pub(crate) async fn list(
    request: HttpRequest,
    account: Path<String>,
    sim: Data<Simulator>,
) -> Result<HttpResponse, Refusal> {
    let _pass = Pass::take(&sim)?;
    admit(&sim, &request, &account)?;
    let sms_url = sim.world().webhook_base.as_ref().and_then(inbound::inbound_url);
    let sms_url = sms_url.map(String::from).unwrap_or_default();
    let numbers: Vec<Value> =
        sim.numbers().iter().map(|number| object(&account, number, &sms_url)).collect();
    let uri = format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json?Page=0");
    Ok(HttpResponse::Ok().json(json!({
        "end": numbers.len().saturating_sub(1),
        "first_page_uri": uri,
        "page_size": numbers.len().max(50),
        "incoming_phone_numbers": numbers,
        "next_page_uri": null,
        "page": 0,
        "previous_page_uri": null,
        "start": 0,
        "uri": uri,
    })))
}

fn object(account: &str, number: &Number, sms_url: &str) -> Value {
    json!({
        "account_sid": account,
        "api_version": "2010-04-01",
        "capabilities": { "voice": true, "sms": true, "mms": false, "fax": false },
        "friendly_name": number.friendly_name,
        "phone_number": number.phone_number,
        "sid": number.sid,
        // Empty when unset, against its own pattern: so does the provider.
        "sms_application_sid": "",
        "sms_fallback_method": "POST",
        "sms_fallback_url": "",
        "sms_method": "POST",
        "sms_url": sms_url,
        "status": "in-use",
        "status_callback": "",
        "type": "mobile",
        "uri": format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{}.json", number.sid),
        "voice_fallback_url": "",
        "voice_url": "",
    })
}
