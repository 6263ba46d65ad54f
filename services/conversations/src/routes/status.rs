//! Whether a conversation goes on, whose it is, who has the word, what is new in it, its labels.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, delete, patch, post, put};
use chassis::api::{self, Failure, once};
use domain::store::Tx;
use domain::store::conversations::views::ConversationView;
use domain::store::conversations::words::ConversationStatus;
use domain::store::conversations::write::{self, Labelled};
use domain::store::conversations::{ConversationRow, read};
use domain::{ConversationId, LabelId, Timestamp, UserId};
use serde::Deserialize;
use utoipa::ToSchema;
use web::body::{JsonBody, Post};
use web::{Identity, Problem};

use super::{Api, NoQuery, mine, view};
use crate::changes::conversation_changed;
use crate::person;

/// What was changed, under the conversation's lock; `None` when it was so already.
type Changed = Result<Option<&'static str>, Failure>;

/// Locks, changes, says so and shows.
async fn change(
    tx: &mut Tx,
    identity: &Identity,
    (id, now): (ConversationId, Timestamp),
    work: impl AsyncFnOnce(&mut Tx, &ConversationRow) -> Changed,
) -> Result<ConversationView, Failure> {
    let conversation = mine(tx, identity, id).await?;
    if let Some(what) = work(tx, &conversation).await? {
        conversation_changed(tx, (identity.account, id), what, now).await?;
    }
    view(tx, identity, id).await
}

/// The new status.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewStatus {
    conversation_status: ConversationStatus,
}

/// Sets whether a conversation goes on. To a blocked one nothing is sent.
#[utoipa::path(
    patch, path = "/api/conversations/{id}/status", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    request_body = NewStatus,
    responses((status = 200, description = "The conversation", body = ConversationView))
)]
#[patch("/api/conversations/{id}/status")]
pub(crate) async fn set_conversation_status(
    api: Data<Api>,
    identity: Identity,
    id: Path<ConversationId>,
    _: NoQuery,
    JsonBody(new): JsonBody<NewStatus>,
) -> Result<Json<ConversationView>, Failure> {
    let at = (*id, api.now());
    let changed = api::write(&api.pool, async |tx: &mut Tx| {
        change(tx, &identity, at, async |tx: &mut Tx, conversation: &ConversationRow| {
            let status = new.conversation_status;
            if !write::set_conversation_status(tx, conversation.id, status).await? {
                return Ok(None);
            }
            person::withdraw(tx, conversation, at.1).await?;
            Ok(Some("status"))
        })
        .await
    });
    Ok(Json(changed.await?))
}

/// The new owner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOwner {
    /// A colleague; null for nobody.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required, value_type = Option<Uuid>)]
    user_id: Option<UserId>,
}

/// Gives a conversation to a colleague, or to nobody.
#[utoipa::path(
    patch, path = "/api/conversations/{id}/owner", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    request_body = NewOwner,
    responses(
        (status = 200, description = "The conversation", body = ConversationView),
        (status = 409, description = "`user_id` `no-such-user`", body = web::problem::ProblemDocument<'_>, content_type = "application/problem+json"),
    )
)]
#[patch("/api/conversations/{id}/owner")]
pub(crate) async fn set_conversation_owner(
    api: Data<Api>,
    identity: Identity,
    id: Path<ConversationId>,
    _: NoQuery,
    JsonBody(new): JsonBody<NewOwner>,
) -> Result<Json<ConversationView>, Failure> {
    let at = (*id, api.now());
    let changed = api::write(&api.pool, async |tx: &mut Tx| {
        change(tx, &identity, at, async |tx: &mut Tx, conversation: &ConversationRow| {
            if let Some(user) = new.user_id
                && !read::is_colleague(tx, identity.account, user).await?
            {
                let refused = Problem::conflict("no-such-user");
                return Err(refused.field("user_id", "no-such-user").into());
            }
            let changed = write::set_owner(tx, conversation.id, new.user_id).await?;
            Ok(changed.then_some("owner"))
        })
        .await
    });
    Ok(Json(changed.await?))
}

/// The labels that a conversation is to have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLabels {
    /// All of them.
    #[serde(deserialize_with = "at_most_twenty")]
    #[schema(value_type = Vec<Uuid>, max_items = 20)]
    label_ids: Vec<LabelId>,
}

fn at_most_twenty<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<LabelId>, D::Error> {
    let ids = Vec::<LabelId>::deserialize(deserializer)?;
    if ids.len() > 20 {
        return Err(serde::de::Error::custom("more than 20 labels"));
    }
    Ok(ids)
}

/// Gives a conversation these labels and no others.
#[utoipa::path(
    put, path = "/api/conversations/{id}/labels", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    request_body = NewLabels,
    responses(
        (status = 200, description = "The conversation", body = ConversationView),
        (status = 409, description = "`label_ids` `no-such-label`", body = web::problem::ProblemDocument<'_>, content_type = "application/problem+json"),
    )
)]
#[put("/api/conversations/{id}/labels")]
pub(crate) async fn set_conversation_labels(
    api: Data<Api>,
    identity: Identity,
    id: Path<ConversationId>,
    _: NoQuery,
    JsonBody(new): JsonBody<NewLabels>,
) -> Result<Json<ConversationView>, Failure> {
    let at = (*id, api.now());
    let changed = api::write(&api.pool, async |tx: &mut Tx| {
        change(tx, &identity, at, async |tx: &mut Tx, conversation: &ConversationRow| {
            let labels = &new.label_ids;
            match write::set_labels(tx, identity.account, conversation.id, labels).await? {
                Labelled::Changed => Ok(Some("labels")),
                Labelled::Unchanged => Ok(None),
                Labelled::NoSuchLabel => {
                    let refused = Problem::conflict("no-such-label");
                    Err(refused.field("label_ids", "no-such-label").into())
                }
            }
        })
        .await
    });
    Ok(Json(changed.await?))
}

/// Somebody has looked at all of it.
#[utoipa::path(
    put, path = "/api/conversations/{id}/read", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "The conversation, with nothing new", body = ConversationView))
)]
#[put("/api/conversations/{id}/read")]
pub(crate) async fn mark_conversation_read(
    api: Data<Api>,
    identity: Identity,
    id: Path<ConversationId>,
    _: NoQuery,
) -> Result<Json<ConversationView>, Failure> {
    let at = (*id, api.now());
    let changed = api::write(&api.pool, async |tx: &mut Tx| {
        change(tx, &identity, at, async |tx: &mut Tx, conversation: &ConversationRow| {
            Ok(write::mark_read(tx, conversation.id).await?.then_some("read"))
        })
        .await
    });
    Ok(Json(changed.await?))
}

/// Somebody should look at it again.
#[utoipa::path(
    delete, path = "/api/conversations/{id}/read", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "The conversation, with something new", body = ConversationView))
)]
#[delete("/api/conversations/{id}/read")]
pub(crate) async fn mark_conversation_unread(
    api: Data<Api>,
    identity: Identity,
    id: Path<ConversationId>,
    _: NoQuery,
) -> Result<Json<ConversationView>, Failure> {
    let at = (*id, api.now());
    let changed = api::write(&api.pool, async |tx: &mut Tx| {
        change(tx, &identity, at, async |tx: &mut Tx, conversation: &ConversationRow| {
            Ok(write::mark_unread(tx, conversation.id).await?.then_some("read"))
        })
        .await
    });
    Ok(Json(changed.await?))
}

/// A person has the word; what the assistant was about to say is not said.
#[utoipa::path(
    post, path = "/api/conversations/{id}/take-over", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "The conversation", body = ConversationView))
)]
#[post("/api/conversations/{id}/take-over")]
pub(crate) async fn take_conversation_over(
    api: Data<Api>,
    id: Path<ConversationId>,
    _: NoQuery,
    post: Post<()>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, once: key, .. } = post;
    let (id, now) = (*id, api.now());
    once(&api.pool, &identity, &key, now, StatusCode::OK, async |tx: &mut Tx| {
        let conversation = mine(tx, &identity, id).await?;
        person::take_over(tx, &conversation, now).await?;
        view(tx, &identity, id).await
    })
    .await
}

/// The assistant answers again, from the customer's next text on.
#[utoipa::path(
    post, path = "/api/conversations/{id}/hand-back", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "The conversation", body = ConversationView))
)]
#[post("/api/conversations/{id}/hand-back")]
pub(crate) async fn hand_conversation_back(
    api: Data<Api>,
    id: Path<ConversationId>,
    _: NoQuery,
    post: Post<()>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, once: key, .. } = post;
    let at = (*id, api.now());
    once(&api.pool, &identity, &key, at.1, StatusCode::OK, async |tx: &mut Tx| {
        change(tx, &identity, at, async |tx: &mut Tx, conversation: &ConversationRow| {
            Ok(write::hand_back(tx, conversation.id).await?.then_some("assistant"))
        })
        .await
    })
    .await
}
