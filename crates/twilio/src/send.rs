//! Sending a text: `POST /Messages.json`. Nothing here tries twice: Twilio has no idempotency key, so
//! a second attempt may be a second text.

use async_trait::async_trait;
use domain::MessageSid;
use providers::{OutboundText, SendError, SmsSender};
use reqwest::{Method, Response};
use serde::Deserialize;

use crate::callback::status_callback;
use crate::client::{Refusal, Twilio, read_json};
use crate::codes::send_error;

#[derive(Deserialize)]
struct Created {
    sid: String,
}

#[async_trait]
impl SmsSender for Twilio {
    async fn send(&self, text: &OutboundText) -> Result<MessageSid, SendError> {
        let url = self.url("Messages.json").map_err(|_| SendError::Misconfigured { code: 0 })?;
        let callback = status_callback(&self.settings.public_base, text.message);
        let form = [
            ("To", text.to.as_e164()),
            ("From", text.from.as_e164()),
            ("Body", &text.body),
            ("StatusCallback", &callback),
        ];
        let request = self.request(Method::POST, url).form(&form);
        let route = "/2010-04-01/Accounts/{account}/Messages.json";
        let response = self.http.send(route, request).await.map_err(|error| unsent(&error))?;
        if response.status().is_success() {
            return taken(response).await;
        }
        let status = response.status().as_u16();
        let Refusal { code, retry_after } = Refusal::read(response).await;
        Err(send_error(status, code, retry_after))
    }
}

/// Twilio took it; if we cannot read as what, the status report will tell.
async fn taken(response: Response) -> Result<MessageSid, SendError> {
    let created: Created = read_json(response).await.map_err(|_| SendError::Unknown)?;
    MessageSid::parse(&created.sid).map_err(|_| SendError::Unknown)
}

fn unsent(error: &reqwest::Error) -> SendError {
    if error.is_builder() {
        return SendError::Misconfigured { code: 0 };
    }
    // A connection that was never made carried nothing. Of anything later nobody knows.
    if error.is_connect() {
        return SendError::NotProcessed { code: None, retry_after: None };
    }
    SendError::Unknown
}
