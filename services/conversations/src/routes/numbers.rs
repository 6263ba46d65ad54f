//! Our own numbers: what they may do, what they have done, and new ones.

mod active;
pub(super) mod add;

use actix_web::web::{Data, Json, Path};
use actix_web::{get, patch};
use chassis::api::{self, Failure};
use chrono::{DateTime, NaiveDate, Utc};
use domain::store::conversations::views::{NumberView, number_views};
use domain::store::conversations::write::{self, NumberEdit};
use domain::store::{Tx, gateway};
use domain::{NumberId, Timestamp, Zone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::body::JsonBody;
use web::{Identity, Problem};

use super::fields::{NumberLabel, given};
use super::figures::{NewRecipientsPerDay, RotationPriority, SegmentsPerSecond};
use super::{Api, NoQuery};
use crate::changes::numbers_changed;

pub(crate) use active::ActiveCache;

/// The account's numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Numbers {
    /// By number; at most 1000.
    items: Vec<NumberView>,
}

/// The account's numbers.
#[utoipa::path(
    get, path = "/api/numbers", tag = "numbers",
    responses((status = 200, description = "By number", body = Numbers))
)]
#[get("/api/numbers")]
pub(crate) async fn list_numbers(
    api: Data<Api>,
    identity: Identity,
    _: NoQuery,
) -> Result<Json<Numbers>, Failure> {
    let now = api.now();
    let items =
        api::read(&api.pool, async |tx: &mut Tx| views(tx, &api, &identity, None, now).await);
    Ok(Json(Numbers { items: items.await? }))
}

/// One number.
#[utoipa::path(
    get, path = "/api/numbers/{id}", tag = "numbers",
    params(("id" = Uuid, Path, description = "The number")),
    responses((status = 200, description = "The number", body = NumberView))
)]
#[get("/api/numbers/{id}")]
pub(crate) async fn get_number(
    api: Data<Api>,
    identity: Identity,
    id: Path<NumberId>,
    _: NoQuery,
) -> Result<Json<NumberView>, Failure> {
    let now = api.now();
    let found = api::read(&api.pool, async |tx: &mut Tx| view(tx, &api, &identity, *id, now).await);
    Ok(Json(found.await?))
}

/// What changes about a number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NumberEdit)]
pub(crate) struct Edit {
    label: Option<NumberLabel>,
    /// Whether it takes part in the deal.
    rotation_enabled: Option<bool>,
    rotation_priority: Option<RotationPriority>,
    new_recipients_per_day: Option<NewRecipientsPerDay>,
    segments_per_second: Option<SegmentsPerSecond>,
    /// Until then it gets no new customers; null ends that.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    quarantined_until: Option<Option<DateTime<Utc>>>,
}

/// Changes what a number may do. It keeps its conversations.
#[utoipa::path(
    patch, path = "/api/numbers/{id}", tag = "numbers",
    params(("id" = Uuid, Path, description = "The number")),
    request_body = Edit,
    responses((status = 200, description = "The number", body = NumberView))
)]
#[patch("/api/numbers/{id}")]
pub(crate) async fn edit_number(
    api: Data<Api>,
    identity: Identity,
    id: Path<NumberId>,
    _: NoQuery,
    JsonBody(new): JsonBody<Edit>,
) -> Result<Json<NumberView>, Failure> {
    let now = api.now();
    let edit = NumberEdit {
        label: new.label.as_ref().map(|label| label.as_str().trim()),
        rotation_enabled: new.rotation_enabled,
        rotation_priority: new.rotation_priority.map(|figure| figure.0),
        new_recipients_per_day: new.new_recipients_per_day.map(|figure| figure.0),
        segments_per_second: new.segments_per_second.map(|figure| figure.0),
        quarantined_until: new.quarantined_until,
    };
    let edited = api::write(&api.pool, async |tx: &mut Tx| {
        if !write::edit_number(tx, identity.account, *id, &edit).await? {
            return Err(no_such_number());
        }
        numbers_changed(tx, identity.account, now).await?;
        view(tx, &api, &identity, *id, now).await
    });
    Ok(Json(edited.await?))
}

async fn views(
    tx: &mut Tx,
    api: &Api,
    identity: &Identity,
    only: Option<NumberId>,
    now: Timestamp,
) -> Result<Vec<NumberView>, Failure> {
    let today = today(tx, identity, now).await?;
    let active = api.active.of(tx, identity.account).await?;
    Ok(number_views(tx, identity.account, only, &active, today, now).await?)
}

async fn view(
    tx: &mut Tx,
    api: &Api,
    identity: &Identity,
    id: NumberId,
    now: Timestamp,
) -> Result<NumberView, Failure> {
    views(tx, api, identity, Some(id), now).await?.pop().ok_or_else(no_such_number)
}

/// The day in the account's zone, by which budgets count.
async fn today(tx: &mut Tx, identity: &Identity, now: Timestamp) -> Result<NaiveDate, Failure> {
    let account = gateway::read::account(tx, identity.account).await?;
    let account = account.ok_or_else(|| Problem::not_found("no-such-account"))?;
    let zone = Zone::parse(&account.time_zone).map_err(Problem::internal)?;
    Ok(zone.day_of(now))
}

fn no_such_number() -> Failure {
    Problem::not_found("no-such-number").into()
}
