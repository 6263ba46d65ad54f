//! The inbox: the list of conversations, and how much waits in it.

use actix_web::get;
use actix_web::web::{Data, Json};
use chassis::api::{self, Failure};
use chrono::{DateTime, Utc};
use domain::store::Tx;
use domain::store::conversations::list::{ConversationFilter, Owner, Search};
use domain::store::conversations::read;
use domain::store::conversations::views::{ConversationView, conversation_views};
use domain::store::conversations::words::ConversationStatus;
use domain::{Id, LabelId, NumberId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::Identity;
use web::body::Params;
use web::page::window;

use super::fields::{Set, Wanted, WantedOwner};
use super::{Api, NoQuery};
use crate::lists::ListOf;

/// To this number the parts of an inbox are counted.
const MOST_COUNTED: i64 = 10_000;

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
    /// Freezes the order: what became newer since is left out, and the pages under one `as_of` share no
    /// conversation and pass none over.
    #[param(value_type = DateTime<Utc>, required = false)]
    as_of: Option<DateTime<Utc>>,
    /// Whether it goes on.
    #[param(value_type = ConversationStatus, required = false)]
    status: Option<ConversationStatus>,
    /// `me`, `none` or a colleague's id.
    #[param(value_type = WantedOwner, required = false)]
    owner: Option<WantedOwner>,
    /// On one of our numbers.
    #[param(value_type = Uuid, required = false)]
    number_id: Option<NumberId>,
    /// With a label.
    #[param(value_type = Uuid, required = false)]
    label_id: Option<LabelId>,
    /// Where something last happened at this time or later.
    #[param(value_type = DateTime<Utc>, required = false)]
    from: Option<DateTime<Utc>>,
    /// Where something last happened before this time.
    #[param(value_type = DateTime<Utc>, required = false)]
    to: Option<DateTime<Utc>>,
    /// Only where a text waits to be looked at.
    #[param(value_type = Set, required = false)]
    unread: Option<Set>,
    /// Only where a person has the word.
    #[param(value_type = Set, required = false)]
    handed_over: Option<Set>,
    /// A part of the customer's name or number; at most 5000 customers are looked at.
    #[param(value_type = Wanted, required = false)]
    q: Option<Wanted>,
}

/// A part of the list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConversationPage {
    /// Newest first.
    items: Vec<ConversationView>,
    /// Conversations in the whole list; of more than ten thousand perhaps some seconds old.
    #[schema(minimum = 0)]
    total: i64,
    /// To ask for the next part of the same list.
    as_of: DateTime<Utc>,
}

/// The conversations, those where something happened last first.
#[utoipa::path(
    get, path = "/api/conversations/", tag = "conversations", params(Asked),
    responses((status = 200, description = "A part of the list", body = ConversationPage))
)]
#[actix_web::routes]
#[get("/api/conversations/")]
#[get("/api/conversations")]
pub(crate) async fn list_conversations(
    api: Data<Api>,
    identity: Identity,
    Params(asked): Params<Asked>,
) -> Result<Json<ConversationPage>, Failure> {
    let window = window(asked.offset, asked.limit)?;
    let as_of = asked.as_of;
    let search = asked.q.as_ref().and_then(|wanted| Search::of(wanted.as_str()));
    let of = ListOf::Conversations(filter(&asked, &identity), search);
    let page = api::read(&api.pool, async |tx: &mut Tx| {
        let page = api.lists.page(tx, (identity.account, &of), window, as_of).await?;
        let ids: Vec<_> = page.keys.iter().map(|key| Id::from_uuid(key.id)).collect();
        let mut items = conversation_views(tx, identity.account, &ids).await?;
        // One that moved between the two statements.
        items.retain(|item| item.last_message_at <= page.as_of);
        Ok(ConversationPage { items, total: page.total, as_of: page.as_of })
    });
    Ok(Json(page.await?))
}

fn filter(asked: &Asked, identity: &Identity) -> ConversationFilter {
    ConversationFilter {
        status: asked.status,
        owner: asked.owner.map(|owner| match owner {
            WantedOwner::Me => Owner::User(identity.user),
            WantedOwner::Nobody => Owner::Nobody,
            WantedOwner::User(user) => Owner::User(user),
        }),
        number: asked.number_id,
        label: asked.label_id,
        from: asked.from,
        to: asked.to,
        unread: asked.unread.is_some(),
        handed_over: asked.handed_over.is_some(),
    }
}

/// How much waits; all but `total` are counted up to 10000.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConversationCounts {
    /// Conversations.
    #[schema(minimum = 0)]
    total: i64,
    /// With something new.
    #[schema(minimum = 0, maximum = 10000)]
    unread: i64,
    /// Where a person has the word.
    #[schema(minimum = 0, maximum = 10000)]
    handed_over: i64,
    /// Of the one who asks, with something new.
    #[schema(minimum = 0, maximum = 10000)]
    mine_unread: i64,
}

/// How much waits in the inbox.
#[utoipa::path(
    get, path = "/api/conversations/counts", tag = "conversations",
    responses((status = 200, description = "How much waits", body = ConversationCounts))
)]
#[get("/api/conversations/counts")]
pub(crate) async fn count_conversations(
    api: Data<Api>,
    identity: Identity,
    _: NoQuery,
) -> Result<Json<ConversationCounts>, Failure> {
    let counts = api::read(&api.pool, async |tx: &mut Tx| {
        let all = ListOf::Conversations(ConversationFilter::default(), None);
        let total = api.lists.total(tx, identity.account, &all).await?;
        let counts = read::inbox_counts(tx, identity.account, identity.user, MOST_COUNTED).await?;
        Ok(ConversationCounts {
            total,
            unread: counts.unread,
            handed_over: counts.handed_over,
            mine_unread: counts.mine_unread,
        })
    });
    Ok(Json(counts.await?))
}
