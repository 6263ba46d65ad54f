//! One conversation and its texts.

use actix_web::web::{Data, Json, Path};
use actix_web::{delete, get};
use chassis::api::{self, Failure};
use domain::store::Tx;
use domain::store::conversations::views::{ConversationView, MessageView, message_views};
use domain::store::conversations::words::MessageStatus;
use domain::store::conversations::{read, write};
use domain::{ConversationId, MessageId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::body::Params;
use web::page::window;
use web::problem::ProblemDocument;
use web::{Identity, Problem};

use super::send::message_view;
use super::{Api, NoQuery, mine, view};
use crate::person::canceled;

/// One conversation.
#[utoipa::path(
    get, path = "/api/conversations/{id}", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "The conversation", body = ConversationView))
)]
#[get("/api/conversations/{id}")]
pub(crate) async fn get_conversation(
    api: Data<Api>,
    identity: Identity,
    id: Path<ConversationId>,
    _: NoQuery,
) -> Result<Json<ConversationView>, Failure> {
    let found = api::read(&api.pool, async |tx: &mut Tx| view(tx, &identity, *id).await);
    Ok(Json(found.await?))
}

/// Which part of the thread.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// Only texts before this one; the latest unless set.
    #[param(value_type = Uuid, required = false)]
    before: Option<MessageId>,
    /// How many to give; 50 unless set.
    #[param(value_type = u32, required = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// A part of a thread.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessagePage {
    /// Oldest first.
    items: Vec<MessageView>,
    /// Whether there are texts before these.
    has_older: bool,
}

/// The texts of a conversation, from its end backwards.
#[utoipa::path(
    get, path = "/api/conversations/{id}/messages", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation"), Asked),
    responses((status = 200, description = "A part of the thread", body = MessagePage))
)]
#[get("/api/conversations/{id}/messages")]
pub(crate) async fn list_messages(
    api: Data<Api>,
    identity: Identity,
    id: Path<ConversationId>,
    Params(asked): Params<Asked>,
) -> Result<Json<MessagePage>, Failure> {
    let limit = i64::from(window(None, asked.limit)?.limit);
    let page = api::read(&api.pool, async |tx: &mut Tx| {
        let conversation = read::conversation(tx, *id).await?;
        let conversation = conversation.filter(|it| it.account_id == identity.account);
        let conversation = conversation.ok_or_else(super::no_such_conversation)?;
        let mut ids = read::message_keys(tx, conversation.id, asked.before, limit + 1).await?;
        let has_older = i64::try_from(ids.len()).is_ok_and(|count| count > limit);
        if has_older {
            ids.remove(0);
        }
        let items = message_views(tx, identity.account, &ids).await?;
        Ok(MessagePage { items, has_older })
    });
    Ok(Json(page.await?))
}

/// Takes back a text that still waits.
#[utoipa::path(
    delete, path = "/api/conversations/{id}/messages/{message_id}", tag = "conversations",
    params(
        ("id" = Uuid, Path, description = "The conversation"),
        ("message_id" = Uuid, Path, description = "The text"),
    ),
    responses(
        (status = 200, description = "It will not leave", body = MessageView),
        (status = 409, description = "`already-left`", body = ProblemDocument<'_>, content_type = "application/problem+json"),
    )
)]
#[delete("/api/conversations/{id}/messages/{message_id}")]
pub(crate) async fn undo_message(
    api: Data<Api>,
    identity: Identity,
    path: Path<(ConversationId, MessageId)>,
    _: NoQuery,
) -> Result<Json<MessageView>, Failure> {
    let ((id, message), now) = (path.into_inner(), api.now());
    let undone = api::write(&api.pool, async |tx: &mut Tx| {
        let conversation = mine(tx, &identity, id).await?;
        if !read::own_message(tx, identity.account, id, message).await? {
            return Err(Problem::not_found("no-such-message").into());
        }
        if let Some(text) = write::undo(tx, identity.account, id, message, now).await? {
            outbox::enqueue(tx, &canceled(&conversation, &text, "undone"), now).await?;
            return message_view(tx, identity.account, message).await;
        }
        // Who presses twice has it undone once.
        let text = message_view(tx, identity.account, message).await?;
        let is_undone = text.ended_why.as_deref() == Some("undone");
        if text.status == MessageStatus::Canceled && is_undone {
            return Ok(text);
        }
        Err(Problem::conflict("already-left").into())
    });
    Ok(Json(undone.await?))
}
