//! What colleagues tell each other about a conversation.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, delete, get, post};
use chassis::api::{self, Failure, once};
use domain::store::Tx;
use domain::store::conversations::views::{NoteView, notes};
use domain::store::conversations::{read, write};
use domain::{ConversationId, NoteId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::body::Post;
use web::{Identity, Problem};

use super::fields::NoteBody;
use super::{Api, NoQuery, mine};
use crate::changes::conversation_changed;

/// A conversation's notes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Notes {
    /// Newest first; at most 500.
    items: Vec<NoteView>,
}

/// The notes about a conversation.
#[utoipa::path(
    get, path = "/api/conversations/{id}/notes", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, description = "Newest first", body = Notes))
)]
#[get("/api/conversations/{id}/notes")]
pub(crate) async fn list_notes(
    api: Data<Api>,
    identity: Identity,
    id: Path<ConversationId>,
    _: NoQuery,
) -> Result<Json<Notes>, Failure> {
    let found = api::read(&api.pool, async |tx: &mut Tx| {
        let conversation = read::conversation(tx, *id).await?;
        let conversation = conversation.filter(|it| it.account_id == identity.account);
        let conversation = conversation.ok_or_else(super::no_such_conversation)?;
        Ok(notes(tx, identity.account, conversation.id).await?)
    });
    Ok(Json(Notes { items: found.await? }))
}

/// A note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewNote {
    body: NoteBody,
}

/// Writes a note about a conversation; the customer never sees it.
#[utoipa::path(
    post, path = "/api/conversations/{id}/notes", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    request_body = NewNote,
    responses((status = 201, description = "The note", body = NoteView))
)]
#[post("/api/conversations/{id}/notes")]
pub(crate) async fn add_note(
    api: Data<Api>,
    id: Path<ConversationId>,
    _: NoQuery,
    post: Post<NewNote>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, body: new, once: key } = post;
    let (id, now) = (*id, api.now());
    once(&api.pool, &identity, &key, now, StatusCode::CREATED, async |tx: &mut Tx| {
        let conversation = mine(tx, &identity, id).await?;
        let of = (identity.account, conversation.id);
        let note = NoteId::generate();
        write::add_note(tx, note, of, identity.user, new.body.as_str(), now).await?;
        conversation_changed(tx, of, "note", now).await?;
        let written = notes(tx, identity.account, id).await?.into_iter();
        let written = written.into_iter().find(|written| written.id == note);
        written.ok_or_else(|| Problem::not_found("no-such-note").into())
    })
    .await
}

/// Takes a note away.
#[utoipa::path(
    delete, path = "/api/conversations/{id}/notes/{note_id}", tag = "conversations",
    params(
        ("id" = Uuid, Path, description = "The conversation"),
        ("note_id" = Uuid, Path, description = "The note"),
    ),
    responses((status = 204, description = "It is gone"))
)]
#[delete("/api/conversations/{id}/notes/{note_id}")]
pub(crate) async fn delete_note(
    api: Data<Api>,
    identity: Identity,
    path: Path<(ConversationId, NoteId)>,
    _: NoQuery,
) -> Result<HttpResponse, Failure> {
    let ((id, note), now) = (path.into_inner(), api.now());
    let deleted = api::write(&api.pool, async |tx: &mut Tx| {
        mine(tx, &identity, id).await?;
        if !write::delete_note(tx, identity.account, id, note).await? {
            return Err(Problem::not_found("no-such-note").into());
        }
        Ok(conversation_changed(tx, (identity.account, id), "note", now).await?)
    });
    deleted.await?;
    Ok(HttpResponse::NoContent().finish())
}
