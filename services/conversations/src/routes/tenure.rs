//! Which of our numbers a customer sees: why this one, and giving them another.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chassis::api::{self, Failure, once};
use domain::store::Tx;
use domain::store::conversations::read;
use domain::store::conversations::views::{AssignedNumberView, ConversationView, assigned_numbers};
use domain::store::conversations::write::{self, Reassigned};
use domain::{ConversationId, NumberId};
use events::ConversationReassigned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::body::Post;
use web::problem::ProblemDocument;
use web::{Identity, Problem};

use super::fields::Reason;
use super::{Api, NoQuery, mine, view};

/// A conversation's numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssignedNumbers {
    /// The present one first.
    items: Vec<AssignedNumberView>,
}

/// Why this number: the numbers that a conversation has and had, with who chose them and why.
#[utoipa::path(
    get, path = "/api/conversations/{id}/numbers", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "The present one first", body = AssignedNumbers))
)]
#[get("/api/conversations/{id}/numbers")]
pub(crate) async fn list_assigned_numbers(
    api: Data<Api>,
    identity: Identity,
    id: Path<ConversationId>,
    _: NoQuery,
) -> Result<Json<AssignedNumbers>, Failure> {
    let numbers = api::read(&api.pool, async |tx: &mut Tx| {
        let items = assigned_numbers(tx, identity.account, *id).await?;
        // Every conversation has one.
        if items.is_empty() { Err(super::no_such_conversation()) } else { Ok(items) }
    });
    Ok(Json(AssignedNumbers { items: numbers.await? }))
}

/// Another number, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reassignment {
    /// One of the account's.
    #[schema(value_type = Uuid)]
    number_id: NumberId,
    reason: Reason,
}

/// Gives a conversation another number, on record. Texts that wait move along; the old number still
/// leads to the conversation.
#[utoipa::path(
    post, path = "/api/conversations/{id}/number", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    request_body = Reassignment,
    responses(
        (status = 200, description = "The conversation", body = ConversationView),
        (status = 409, description = "`opted-out`", body = ProblemDocument<'_>, content_type = "application/problem+json"),
        (status = 422, description = "`number_id` `not-your-number`", body = ProblemDocument<'_>, content_type = "application/problem+json"),
    )
)]
#[post("/api/conversations/{id}/number")]
pub(crate) async fn reassign_conversation(
    api: Data<Api>,
    id: Path<ConversationId>,
    _: NoQuery,
    post: Post<Reassignment>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, body: new, once: key } = post;
    let (id, now) = (*id, api.now());
    once(&api.pool, &identity, &key, now, StatusCode::OK, async |tx: &mut Tx| {
        let conversation = mine(tx, &identity, id).await?;
        // Who left must not be reached by another door.
        if read::is_opted_out(tx, identity.account, &conversation.to_number).await? {
            return Err(Problem::conflict("opted-out").into());
        }
        let (number, note) = (new.number_id, new.reason.as_str());
        let by = Some(identity.user);
        match write::reassign(tx, &conversation, number, by, note, now).await? {
            Reassigned::Unchanged => {}
            Reassigned::NotOurs => {
                let refused = Problem::unprocessable("not-your-number");
                return Err(refused.field("number_id", "not-your-number").into());
            }
            Reassigned::Done => {
                let reassigned = ConversationReassigned {
                    account: identity.account,
                    conversation: id,
                    from_number: conversation.number_id,
                    to_number: number,
                    note: note.to_owned(),
                };
                outbox::enqueue(tx, &reassigned, now).await?;
            }
        }
        view(tx, &identity, id).await
    })
    .await
}
