//! Writing to somebody first.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chassis::api::{Failure, once_as};
use chrono::{DateTime, Utc};
use domain::store::Tx;
use domain::store::conversations::views::{ConversationView, MessageView};
use domain::store::conversations::write::{self, Recipient};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::Problem;
use web::body::Post;
use web::problem::ProblemDocument;

use super::fields::{Body, ContactName, Phone};
use super::send::{message_view, text};
use super::{Api, NoQuery, mine, view};
use crate::person::{self, Wish};
use crate::rotation::{AssignError, assign_in};

/// Whom to write to, and perhaps what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewConversation {
    phone_number: Phone,
    /// For somebody whose name is not known yet.
    name: Option<ContactName>,
    body: Option<Body>,
    /// When it should leave, at most 90 days ahead; at once if null or past.
    send_at: Option<DateTime<Utc>>,
}

/// The conversation, and the text if there was one to send.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Started {
    conversation: ConversationView,
    #[schema(required)]
    message: Option<MessageView>,
}

/// Opens the conversation with somebody, whichever there is, and writes to them. A new customer gets the
/// next number in the deal, and always that one.
#[utoipa::path(
    post, path = "/api/conversations/start", tag = "conversations",
    request_body = NewConversation,
    responses(
        (status = 201, description = "It began now", body = Started),
        (status = 200, description = "It was there", body = Started),
        (status = 409, description = "`no-number-available`, `opted-out`, `blocked`, `unreachable` or `too-far-ahead`", body = ProblemDocument<'_>, content_type = "application/problem+json"),
    )
)]
#[post("/api/conversations/start")]
pub(crate) async fn start_conversation(
    api: Data<Api>,
    _: NoQuery,
    post: Post<NewConversation>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, body: new, once: key } = post;
    let now = api.now();
    let body = new.body.as_ref().map(text).transpose()?;
    once_as(&api.pool, &identity, &key, now, async |tx: &mut Tx| {
        let recipient = Recipient {
            phone: new.phone_number.number.clone(),
            raw: new.phone_number.raw.clone(),
            user: Some(identity.user),
        };
        let assigned = assign_in(tx, identity.account, &[recipient], now).await;
        let mut assigned = assigned.map_err(refused)?;
        let status = if assigned.dealt.is_empty() { StatusCode::OK } else { StatusCode::CREATED };
        let assigned = assigned.dealt.pop().or_else(|| assigned.kept.pop());
        let assigned = assigned.ok_or_else(|| refused(AssignError::NoNumber))?;
        let conversation = mine(tx, &identity, assigned.conversation_id).await?;
        if let Some(name) = new.name.as_ref().map(|name| name.as_str().trim()) {
            write::name_if_unknown(tx, conversation.contact_id, name).await?;
        }
        let message = match &body {
            Some(body) => {
                let wish = Wish { body, send_at: new.send_at };
                let id = person::say(tx, &conversation, identity.user, wish, now).await?;
                Some(message_view(tx, identity.account, id).await?)
            }
            None => None,
        };
        let conversation = view(tx, &identity, conversation.id).await?;
        Ok((status, Started { conversation, message }))
    })
    .await
}

fn refused(error: AssignError) -> Failure {
    match error {
        AssignError::NoNumber => Problem::conflict("no-number-available").into(),
        AssignError::Store(error) => error.into(),
        other @ (AssignError::NoSuchAccount | AssignError::Busy(_) | AssignError::Batch(_)) => {
            Problem::internal(other).into()
        }
    }
}
