//! Who is to be left alone, on whose word.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chassis::api::{self, Failure, once};
use domain::ConversationId;
use domain::store::Tx;
use domain::store::conversations::views::{ConversationView, OptOutView, opt_outs};
use domain::store::conversations::{read, write};
use events::{ContactOptedIn, ContactOptedOut};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::Identity;
use web::body::Post;

use super::fields::Reason;
use super::{Api, NoQuery, mine, view};
use crate::person;

/// A customer's opt-outs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OptOuts {
    /// Newest first.
    items: Vec<OptOutView>,
}

/// When a customer left and came back, with the words they used.
#[utoipa::path(
    get, path = "/api/conversations/{id}/opt-outs", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "Newest first", body = OptOuts))
)]
#[get("/api/conversations/{id}/opt-outs")]
pub(crate) async fn list_opt_outs(
    api: Data<Api>,
    identity: Identity,
    id: Path<ConversationId>,
    _: NoQuery,
) -> Result<Json<OptOuts>, Failure> {
    let found = api::read(&api.pool, async |tx: &mut Tx| {
        let conversation = read::conversation(tx, *id).await?;
        let conversation = conversation.filter(|it| it.account_id == identity.account);
        let conversation = conversation.ok_or_else(super::no_such_conversation)?;
        Ok(opt_outs(tx, identity.account, &conversation.to_number).await?)
    });
    Ok(Json(OptOuts { items: found.await? }))
}

/// What the customer said, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Evidence {
    evidence: Reason,
}

/// Leaves a customer alone from now on: nothing more is sent to them, whatever was scheduled.
#[utoipa::path(
    post, path = "/api/conversations/{id}/opt-out", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    request_body = Evidence,
    responses((status = 200, description = "The conversation", body = ConversationView))
)]
#[post("/api/conversations/{id}/opt-out")]
pub(crate) async fn opt_customer_out(
    api: Data<Api>,
    id: Path<ConversationId>,
    _: NoQuery,
    post: Post<Evidence>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, body: new, once: key } = post;
    let (id, now) = (*id, api.now());
    once(&api.pool, &identity, &key, now, StatusCode::OK, async |tx: &mut Tx| {
        let conversation = mine(tx, &identity, id).await?;
        let evidence = new.evidence.as_str().trim();
        if write::opt_out(tx, &conversation, "person", evidence, None, now).await? {
            write::invalidate_replies(tx, id).await?;
            person::withdraw(tx, &conversation, now).await?;
            let gone = ContactOptedOut {
                account: identity.account,
                conversation: id,
                contact: conversation.contact_id,
                source: "person".to_owned(),
            };
            outbox::enqueue(tx, &gone, now).await?;
        }
        view(tx, &identity, id).await
    })
    .await
}

/// A customer may be texted again, because they said so.
#[utoipa::path(
    post, path = "/api/conversations/{id}/opt-in", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    request_body = Evidence,
    responses((status = 200, description = "The conversation", body = ConversationView))
)]
#[post("/api/conversations/{id}/opt-in")]
pub(crate) async fn opt_customer_in(
    api: Data<Api>,
    id: Path<ConversationId>,
    _: NoQuery,
    post: Post<Evidence>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, body: new, once: key } = post;
    let (id, now) = (*id, api.now());
    once(&api.pool, &identity, &key, now, StatusCode::OK, async |tx: &mut Tx| {
        let conversation = mine(tx, &identity, id).await?;
        if write::opt_in(tx, &conversation, new.evidence.as_str().trim(), now).await? {
            let back = ContactOptedIn {
                account: identity.account,
                conversation: id,
                contact: conversation.contact_id,
            };
            outbox::enqueue(tx, &back, now).await?;
        }
        view(tx, &identity, id).await
    })
    .await
}
