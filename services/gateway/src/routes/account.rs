//! `/api/account`: the account itself.

use actix_web::web::Data;
use actix_web::{HttpResponse, get, patch};
use chassis::api::{Failure, conn};
use chrono::{DateTime, Utc};
use domain::store::Tx;
use domain::store::conversations::words::Language;
use domain::store::gateway::{AccountDetails, read, write};
use domain::{AccountId, Zone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{JsonBody, Problem};

use super::{said, wrong};
use crate::Gateway;
use crate::gate::Actor;

/// An account.
#[derive(Serialize, ToSchema)]
pub struct Account {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: AccountId,
    /// Its name.
    #[schema(example = "Muebles La Esperanza")]
    name: String,
    /// IANA name of its business zone: days, schedules and screens go by it.
    #[schema(example = "America/Mexico_City")]
    time_zone: String,
    /// Its language.
    #[schema(value_type = Language)]
    language: String,
    /// Since when.
    created_at: DateTime<Utc>,
}

/// What is to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"time_zone": "America/Tijuana"}))]
pub struct AccountPatch {
    /// A new name.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    #[serde(default)]
    name: Option<String>,
    /// IANA name of a zone.
    #[schema(max_length = 64)]
    #[serde(default)]
    time_zone: Option<String>,
    /// A new language.
    #[serde(default)]
    language: Option<Language>,
}

impl From<AccountDetails> for Account {
    fn from(row: AccountDetails) -> Self {
        Self {
            id: row.id,
            name: row.name,
            time_zone: row.time_zone,
            language: row.language,
            created_at: row.created_at,
        }
    }
}

/// The account
#[utoipa::path(tag = "account", responses((status = OK, body = Account)))]
#[get("/api/account")]
pub async fn get_account(actor: Actor, gateway: Data<Gateway>) -> Result<HttpResponse, Failure> {
    let mut conn = conn(&gateway.pool).await?;
    answer(&mut conn, actor.0.row.account_id).await
}

/// Change the account
#[utoipa::path(tag = "account", request_body = AccountPatch, responses((status = OK, body = Account)))]
#[patch("/api/account")]
pub async fn change_account(
    actor: Actor,
    body: JsonBody<AccountPatch>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let AccountPatch { name, time_zone, language } = body.0;
    let name = name.as_deref().map(|name| said("name", name, 200)).transpose()?;
    let zone = time_zone.as_deref().map(Zone::parse).transpose();
    let zone = zone.map_err(|_| wrong("time_zone", "not-a-time-zone"))?;
    let account = actor.0.row.account_id;
    let mut conn = conn(&gateway.pool).await?;
    write::change_account(
        &mut conn,
        account,
        name,
        zone.map(Zone::name),
        language.map(Language::as_str),
    )
    .await?;
    gateway.callers.forget_all();
    answer(&mut conn, account).await
}

async fn answer(conn: &mut Tx, account: AccountId) -> Result<HttpResponse, Failure> {
    let row = read::account_details(conn, account).await?;
    let row = row.ok_or_else(|| Problem::not_found("no-such-account"))?;
    Ok(HttpResponse::Ok().json(Account::from(row)))
}
