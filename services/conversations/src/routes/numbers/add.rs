//! Numbers that are rented at the provider and not yet in the pool.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use chassis::api::{self, Failure, once, replayed};
use domain::NumberId;
use domain::store::Tx;
use domain::store::conversations::read;
use domain::store::conversations::views::NumberView;
use domain::store::conversations::write::{self, NewNumber};
use providers::RentedNumber;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::body::Post;
use web::problem::ProblemDocument;
use web::{Identity, Problem};

use super::super::fields::{NumberLabel, Phone};
use super::super::figures::{NewRecipientsPerDay, RotationPriority, SegmentsPerSecond};
use super::super::{Api, NoQuery};
use super::view;
use crate::changes::numbers_changed;

/// How long the provider may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most that are listed.
const MOST: usize = 1_000;
/// The longest label.
const LONGEST_LABEL: usize = 100;

/// A number that is rented at the provider.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AvailableNumber {
    #[schema(example = "+528110000001")]
    phone_number: String,
    /// What it is called at the provider.
    label: String,
    /// Whether it is in a pool already.
    in_use: bool,
}

/// The numbers that are rented at the provider.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AvailableNumbers {
    /// Those that can text; at most 1000.
    items: Vec<AvailableNumber>,
}

/// The numbers that are rented at Twilio and can text.
#[utoipa::path(
    get, path = "/api/numbers/available", tag = "numbers",
    responses(
        (status = 200, description = "As Twilio lists them now", body = AvailableNumbers),
        (status = 503, description = "`provider-unavailable`", body = ProblemDocument<'_>, content_type = "application/problem+json"),
    )
)]
#[get("/api/numbers/available")]
pub(crate) async fn list_available_numbers(
    api: Data<Api>,
    _: Identity,
    _: NoQuery,
) -> Result<Json<AvailableNumbers>, Failure> {
    let rented = rented(&api).await?;
    let in_use = api::read(&api.pool, async |tx: &mut Tx| {
        let numbers: Vec<&str> = rented.iter().map(|owned| owned.number.as_e164()).collect();
        Ok(read::numbers_in_use(tx, &numbers).await?)
    });
    let in_use = in_use.await?;
    let available = |owned: RentedNumber| AvailableNumber {
        phone_number: owned.number.as_e164().to_owned(),
        in_use: in_use.iter().any(|number| number == owned.number.as_e164()),
        label: owned.label,
    };
    Ok(Json(AvailableNumbers { items: rented.into_iter().map(available).collect() }))
}

async fn rented(api: &Api) -> Result<Vec<RentedNumber>, Problem> {
    let unavailable = || Problem::unavailable("provider-unavailable");
    let listed = tokio::time::timeout(PATIENCE, api.rented.rented()).await;
    let listed = listed.map_err(|_| unavailable())?.map_err(|error| {
        tracing::warn!(error = %telemetry::chain(&error), "the provider's numbers could not be listed");
        unavailable()
    })?;
    Ok(listed.into_iter().filter(|owned| owned.sms).take(MOST).collect())
}

/// A number that joins the pool.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewNumber)]
pub(crate) struct New {
    phone_number: Phone,
    /// Its name at the provider unless set.
    label: Option<NumberLabel>,
    rotation_priority: Option<RotationPriority>,
    new_recipients_per_day: Option<NewRecipientsPerDay>,
    segments_per_second: Option<SegmentsPerSecond>,
}

/// Takes a number that is rented at Twilio into the pool; it is the account's for good.
#[utoipa::path(
    post, path = "/api/numbers", tag = "numbers",
    request_body = New,
    responses(
        (status = 201, description = "The number", body = NumberView),
        (status = 409, description = "`number-taken`", body = ProblemDocument<'_>, content_type = "application/problem+json"),
        (status = 422, description = "`phone_number` `not-in-twilio-account`", body = ProblemDocument<'_>, content_type = "application/problem+json"),
        (status = 503, description = "`provider-unavailable`", body = ProblemDocument<'_>, content_type = "application/problem+json"),
    )
)]
#[post("/api/numbers")]
pub(crate) async fn add_number(
    api: Data<Api>,
    _: NoQuery,
    post: Post<New>,
) -> Result<HttpResponse, Failure> {
    let Post { identity, body: new, once: key } = post;
    if let Some(answer) = replayed(&api.pool, &identity, &key).await? {
        return Ok(answer);
    }
    let phone = new.phone_number.number;
    let Some(owned) = rented(&api).await?.into_iter().find(|owned| owned.number == phone) else {
        let refused = Problem::unprocessable("not-in-twilio-account");
        return Err(refused.field("phone_number", "not-in-twilio-account").into());
    };
    let label = new.label.map_or(owned.label, |label| label.as_str().trim().to_owned());
    let number = NewNumber {
        id: NumberId::generate(),
        account: identity.account,
        phone_number: phone,
        label: label.chars().take(LONGEST_LABEL).collect(),
        priority: new.rotation_priority.map_or(1, |figure| u8::try_from(figure.0).unwrap_or(1)),
        new_recipients_per_day: new
            .new_recipients_per_day
            .map_or(200, |figure| u32::try_from(figure.0).unwrap_or(200)),
        segments_per_second: new.segments_per_second.map_or(1.0, |figure| figure.0),
    };
    let now = api.now();
    once(&api.pool, &identity, &key, now, StatusCode::CREATED, async |tx: &mut Tx| {
        if !write::add_number(tx, &number).await? {
            // Whose it is is nobody else's business.
            let taken = Problem::conflict("number-taken");
            return Err(taken.field("phone_number", "number-taken").into());
        }
        numbers_changed(tx, identity.account, now).await?;
        view(tx, &api, &identity, number.id, now).await
    })
    .await
}
