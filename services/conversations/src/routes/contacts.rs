//! The people outside, one by one.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, delete, get, patch, post};
use chassis::api::{self, Failure, once};
use chrono::{DateTime, Utc};
use domain::store::conversations::list::Search;
use domain::store::conversations::views::{ContactView, contact_view, contact_views};
use domain::store::conversations::words::Language;
use domain::store::conversations::write::{self, Erased, Erasure, NewContact};
use domain::store::{StoreError, Tx};
use domain::{ContactId, Id};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::body::{JsonBody, Params, Post};
use web::page::window;
use web::problem::ProblemDocument;
use web::{Identity, Problem};

use super::fields::{ContactName, Phone, Wanted, given};
use super::{Api, NoQuery};
use crate::changes::conversation_changed;
use crate::lists::ListOf;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// How many to pass over.
    #[param(value_type = u32, required = false, minimum = 0, maximum = 2147483647)]
    offset: Option<u32>,
    /// How many to give; 50 unless set.
    #[param(value_type = u32, required = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// A part of the name or number; at most 5000 are found.
    #[param(value_type = Wanted, required = false)]
    q: Option<Wanted>,
}

/// A part of the list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContactPage {
    /// Newest first.
    items: Vec<ContactView>,
    /// Contacts in the whole list; of more than ten thousand perhaps some seconds old.
    #[schema(minimum = 0)]
    total: i64,
    /// When it was so.
    as_of: DateTime<Utc>,
}

/// The contacts, newest first.
#[utoipa::path(
    get, path = "/api/contacts", tag = "contacts", params(Asked),
    responses((status = 200, description = "A part of the list", body = ContactPage))
)]
#[get("/api/contacts")]
pub(crate) async fn list_contacts(
    api: Data<Api>,
    identity: Identity,
    Params(asked): Params<Asked>,
) -> Result<Json<ContactPage>, Failure> {
    let window = window(asked.offset, asked.limit)?;
    let of = ListOf::Contacts(asked.q.as_ref().and_then(|wanted| Search::of(wanted.as_str())));
    let page = api::read(&api.pool, async |tx: &mut Tx| {
        let page = api.lists.page(tx, (identity.account, &of), window, None).await?;
        let ids: Vec<_> = page.keys.iter().map(|key| Id::from_uuid(key.id)).collect();
        let items = contact_views(tx, identity.account, &ids).await?;
        Ok(ContactPage { items, total: page.total, as_of: page.as_of })
    });
    Ok(Json(page.await?))
}

/// Somebody to be written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewContact)]
pub(crate) struct New {
    phone_number: Phone,
    name: Option<ContactName>,
    language: Option<Language>,
}

/// Writes somebody down.
#[utoipa::path(
    post, path = "/api/contacts", tag = "contacts",
    request_body = New,
    responses(
        (status = 201, description = "The contact", body = ContactView),
        (status = 409, description = "`contact-exists`", body = ProblemDocument<'_>, content_type = "application/problem+json"),
    )
)]
#[post("/api/contacts")]
pub(crate) async fn create_contact(
    api: Data<Api>,
    _: NoQuery,
    post: Post<New>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, body: new, once: key } = post;
    let now = api.now();
    once(&api.pool, &identity, &key, now, StatusCode::CREATED, async |tx: &mut Tx| {
        let contact = NewContact {
            id: ContactId::generate(),
            account: identity.account,
            phone: &new.phone_number.number,
            raw: &new.phone_number.raw,
            name: new.name.as_ref().map_or("", |name| name.as_str().trim()),
            language: new.language,
        };
        if !write::create_contact(tx, &contact, now).await? {
            let exists = Problem::conflict("contact-exists");
            return Err(exists.field("phone_number", "contact-exists").into());
        }
        contact_view(tx, identity.account, contact.id).await?.ok_or_else(no_such_contact)
    })
    .await
}

/// One contact.
#[utoipa::path(
    get, path = "/api/contacts/{id}", tag = "contacts",
    params(("id" = Uuid, Path, description = "The contact")),
    responses((status = 200, description = "The contact", body = ContactView))
)]
#[get("/api/contacts/{id}")]
pub(crate) async fn get_contact(
    api: Data<Api>,
    identity: Identity,
    id: Path<ContactId>,
    _: NoQuery,
) -> Result<Json<ContactView>, Failure> {
    let found = api::read(&api.pool, async |tx: &mut Tx| {
        contact_view(tx, identity.account, *id).await?.ok_or_else(no_such_contact)
    });
    Ok(Json(found.await?))
}

/// What changes about a contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactEdit {
    name: Option<ContactName>,
    /// Null when it is not known.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Language>)]
    language: Option<Option<Language>>,
}

/// Changes a contact's name or language.
#[utoipa::path(
    patch, path = "/api/contacts/{id}", tag = "contacts",
    params(("id" = Uuid, Path, description = "The contact")),
    request_body = ContactEdit,
    responses((status = 200, description = "The contact", body = ContactView))
)]
#[patch("/api/contacts/{id}")]
pub(crate) async fn edit_contact(
    api: Data<Api>,
    identity: Identity,
    id: Path<ContactId>,
    _: NoQuery,
    JsonBody(new): JsonBody<ContactEdit>,
) -> Result<Json<ContactView>, Failure> {
    let now = api.now();
    let edited = api::write(&api.pool, async |tx: &mut Tx| {
        let name = new.name.as_ref().map(|name| name.as_str().trim());
        if !write::edit_contact(tx, identity.account, *id, name, new.language).await? {
            return Err(no_such_contact());
        }
        let contact = contact_view(tx, identity.account, *id).await?.ok_or_else(no_such_contact)?;
        if let Some(conversation) = contact.conversation_id {
            conversation_changed(tx, (identity.account, conversation), "contact", now).await?;
        }
        Ok(contact)
    });
    Ok(Json(edited.await?))
}

/// What an erasure took away, and what it had to leave.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Forgotten {
    deleted: Deleted,
    /// What is still there, and why.
    remains: Vec<Remains>,
}

/// How much was deleted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Deleted {
    messages: usize,
    conversations: usize,
    notes: usize,
}

/// Something that an erasure leaves.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Remains {
    what: Remaining,
    /// In words, for a person.
    why: &'static str,
}

/// What an erasure leaves.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Remaining {
    /// The opt-out: number and date.
    OptOut,
    /// The journal of webhooks.
    WebhookReceipts,
    /// The provider's own record.
    ProviderRecords,
    /// Counts, without a name or number.
    Figures,
}

/// Forgets somebody and all that was said with them.
#[utoipa::path(
    delete, path = "/api/contacts/{id}", tag = "contacts",
    params(("id" = Uuid, Path, description = "The contact")),
    responses(
        (status = 200, description = "What is gone, and what remains", body = Forgotten),
        (status = 409, description = "`text-under-way`: try again in a minute", body = ProblemDocument<'_>, content_type = "application/problem+json"),
    )
)]
#[delete("/api/contacts/{id}")]
pub(crate) async fn erase_contact(
    api: Data<Api>,
    identity: Identity,
    id: Path<ContactId>,
    _: NoQuery,
) -> Result<Json<Forgotten>, Failure> {
    let now = api.now();
    let erased = api::write(&api.pool, async |tx: &mut Tx| {
        match write::erase(tx, identity.account, *id).await.map_err(StoreError::from) {
            Ok(Erasure::Done(erased)) => {
                if let Some(conversation) = erased.conversation {
                    let of = (identity.account, conversation);
                    conversation_changed(tx, of, "deleted", now).await?;
                }
                Ok(erased)
            }
            Ok(Erasure::NoSuchContact) => Err(no_such_contact()),
            Ok(Erasure::TextUnderWay) => Err(under_way()),
            // They wrote at this very moment.
            Err(error) if error.is_foreign_key_violation() => Err(under_way()),
            Err(error) => Err(error.into()),
        }
    });
    Ok(Json(forgotten(erased.await?)))
}

fn forgotten(erased: Erased) -> Forgotten {
    let mut remains = Vec::new();
    if erased.opt_out_stays {
        let why = "Number and date stay, so that they are not texted again.";
        remains.push(Remains { what: Remaining::OptOut, why });
    }
    if erased.messages > 0 {
        remains.extend([
            Remains {
                what: Remaining::WebhookReceipts,
                why: "What the provider told us is kept as it came, as proof, until it is pruned.",
            },
            Remains {
                what: Remaining::ProviderRecords,
                why: "The provider keeps its own logs; ask it to delete them.",
            },
            Remains {
                what: Remaining::Figures,
                why: "Counts stay; no name and no number is in them.",
            },
        ]);
    }
    let deleted = Deleted {
        messages: erased.messages,
        conversations: usize::from(erased.conversation.is_some()),
        notes: erased.notes,
    };
    Forgotten { deleted, remains }
}

fn under_way() -> Failure {
    Problem::conflict("text-under-way").into()
}

fn no_such_contact() -> Failure {
    Problem::not_found("no-such-contact").into()
}
