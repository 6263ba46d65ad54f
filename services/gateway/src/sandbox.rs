//! `/api/sandbox`: playing the customer where the provider is simulated. People see the telephones that
//! their own account has texted with, and text its numbers; the simulator itself knows no accounts.

use std::collections::HashMap;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chassis::api::{Failure, conn, once, replayed};
use chrono::{DateTime, Utc};
use domain::store::Tx;
use domain::store::conversations::read;
use domain::{AccountId, PhoneNumber};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Post, Problem};

use crate::Gateway;
use crate::forward::{Upstream, fetch};
use crate::gate::Actor;

/// The telephones.
#[derive(Serialize, ToSchema)]
pub struct PhoneList {
    /// The one with the latest text first, at most 50.
    items: Vec<Phone>,
}

/// A customer's telephone.
#[derive(Serialize, ToSchema)]
pub struct Phone {
    /// Its number.
    #[schema(example = "+525512345678")]
    phone_number: String,
    /// The last text on it.
    #[schema(required, example = "Gracias, ¿a qué hora abren?")]
    last: Option<String>,
}

/// What is on a telephone.
#[derive(Serialize, ToSchema)]
pub struct PhoneTexts {
    /// Oldest first.
    items: Vec<PhoneText>,
}

/// A text on a telephone.
#[derive(Serialize, ToSchema)]
pub struct PhoneText {
    /// As the customer sees it.
    direction: Way,
    /// Who sent it.
    from: String,
    /// To whom.
    to: String,
    /// What it says.
    body: String,
    /// When.
    at: DateTime<Utc>,
    /// Where it stands, in the provider's words.
    #[schema(example = "delivered")]
    status: String,
}

/// Which way a text went, as the customer sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// Received by the telephone.
    In,
    /// Sent from it.
    Out,
}

/// A text that a customer sends.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from": "+525512345678", "to": "+525550000001", "body": "¿Tienen salas?"}))]
pub struct CustomerText {
    /// The customer's number.
    from: String,
    /// One of the account's numbers.
    to: String,
    /// What it says.
    #[schema(min_length = 1, max_length = 1600, pattern = r"^[^\x00]*$")]
    body: String,
}

/// A text that was sent. Whether its webhook was taken at once says nothing: what was not is found on
/// the provider's list.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Sent {
    /// The provider's id of it.
    #[schema(example = "SM0123456789abcdef0123456789abcdef")]
    sid: String,
}

/// A telephone in the simulator's list. Its last text there may be with another account.
#[derive(Deserialize)]
struct Listed {
    phone_number: String,
}

/// What the simulator says of a text; what else it says is not for people.
#[derive(Deserialize)]
struct Bubble {
    mine: bool,
    ours: String,
    body: String,
    at: DateTime<Utc>,
    status: String,
    seen: bool,
}

/// Telephones in one list.
const AT_MOST: usize = 50;
const LIMIT: usize = 8 * 1024 * 1024;
/// A text is answered when its webhook has ended.
const PATIENCE: Duration = Duration::from_secs(20);
const LONGEST: usize = 1600;

/// Telephones of customers
#[utoipa::path(tag = "sandbox", responses((status = OK, body = PhoneList)))]
#[get("/api/sandbox/phones")]
pub async fn list_phones(
    request: HttpRequest,
    actor: Actor,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let phones: Vec<Listed> = ask(&gateway, &request, "phones").await?;
    let mut items = Vec::new();
    for Listed { phone_number } in phones {
        let texts = texts(&gateway, &request, actor.0.row.account_id, &phone_number).await?;
        if let Some(last) = texts.into_iter().next_back() {
            items.push(Phone { phone_number, last: Some(last.body) });
        }
        if items.len() == AT_MOST {
            break;
        }
    }
    Ok(HttpResponse::Ok().json(PhoneList { items }))
}

/// What is on a telephone
#[utoipa::path(
    tag = "sandbox",
    params(("phone_number" = String, Path, description = "E.164.", example = "+525512345678")),
    responses((status = OK, body = PhoneTexts))
)]
#[get("/api/sandbox/phones/{phone_number}")]
pub async fn get_phone(
    request: HttpRequest,
    actor: Actor,
    phone_number: Path<String>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let texts = texts(&gateway, &request, actor.0.row.account_id, &phone_number).await?;
    let items = texts.into_iter().map(|bubble| bubble.seen_from(&phone_number)).collect();
    Ok(HttpResponse::Ok().json(PhoneTexts { items }))
}

/// Text as a customer
#[utoipa::path(
    tag = "sandbox",
    request_body = CustomerText,
    responses((status = ACCEPTED, body = Sent))
)]
#[post("/api/sandbox/texts")]
pub async fn text(
    request: HttpRequest,
    actor: Actor,
    post: Post<CustomerText>,
    gateway: Data<Gateway>,
) -> Result<HttpResponse, Failure> {
    let text = post.body;
    for (field, number) in [("from", &text.from), ("to", &text.to)] {
        PhoneNumber::parse(number).map_err(|_| wrong(field, "not-a-phone-number"))?;
    }
    if text.body.is_empty() || text.body.encode_utf16().count() > LONGEST {
        return Err(wrong("body", if text.body.is_empty() { "blank" } else { "too-long" }));
    }
    if !is_of(&mut *conn(&gateway.pool).await?, actor.0.row.account_id, &text.to).await? {
        return Err(wrong("to", "not-your-number"));
    }
    if let Some(before) = replayed(&gateway.pool, &post.identity, &post.once).await? {
        return Ok(before);
    }
    // Outside of a transaction: it ends when a webhook of ours has ended. Who sends it again while it
    // is under way texts twice, in a world where that costs nothing.
    let body = serde_json::to_vec(&text).map_err(Problem::internal)?;
    let sent: Sent = call(&gateway, &request, Method::POST, "texts", Some(body.into())).await?;
    let now = gateway.clock.now();
    let work = async |_: &mut Tx| Ok(sent);
    once(&gateway.pool, &post.identity, &post.once, now, StatusCode::ACCEPTED, work).await
}

impl Bubble {
    fn seen_from(self, phone_number: &str) -> PhoneText {
        let (phone, ours) = (phone_number.to_owned(), self.ours);
        let (direction, from, to) = match self.mine {
            true => (Way::Out, phone, ours),
            false => (Way::In, ours, phone),
        };
        PhoneText { direction, from, to, body: self.body, at: self.at, status: self.status }
    }
}

/// What a telephone shows of its texts with this account.
async fn texts(
    gateway: &Gateway,
    request: &HttpRequest,
    account: AccountId,
    phone_number: &str,
) -> Result<Vec<Bubble>, Failure> {
    let bubbles: Vec<Bubble> = ask(gateway, request, &format!("phones/{phone_number}")).await?;
    let mut conn = conn(&gateway.pool).await?;
    let mut known: HashMap<String, bool> = HashMap::new();
    let mut shown = Vec::new();
    for bubble in bubbles.into_iter().filter(|bubble| bubble.seen) {
        let is_ours = match known.get(&bubble.ours) {
            Some(is_ours) => *is_ours,
            None => {
                let is_ours = is_of(&mut conn, account, &bubble.ours).await?;
                known.insert(bubble.ours.clone(), is_ours);
                is_ours
            }
        };
        if is_ours {
            shown.push(bubble);
        }
    }
    Ok(shown)
}

async fn is_of(conn: &mut Tx, account: AccountId, number: &str) -> Result<bool, Failure> {
    Ok(read::number(conn, number).await?.is_some_and(|row| row.account_id == account))
}

async fn ask<T: DeserializeOwned>(
    gateway: &Gateway,
    request: &HttpRequest,
    what: &str,
) -> Result<T, Failure> {
    call(gateway, request, Method::GET, what, None).await
}

/// Asks the simulator's control API.
async fn call<T: DeserializeOwned>(
    gateway: &Gateway,
    request: &HttpRequest,
    method: Method,
    what: &str,
    body: Option<Bytes>,
) -> Result<T, Failure> {
    let upstream = request.app_data::<Data<Upstream>>();
    let upstream = upstream.ok_or_else(|| Problem::internal("a worker without connections"))?;
    let uri = gateway.services.uri("simulator", &format!("/control/{what}"));
    let answer = fetch(upstream.request(method, uri), body, LIMIT, PATIENCE).await;
    let answer = answer.map_err(|error| {
        tracing::warn!(%error, "the simulator did not do as it was asked");
        Problem::unavailable("service-unavailable")
    })?;
    serde_json::from_slice(&answer).map_err(|error| Problem::internal(error).into())
}

fn wrong(path: &str, code: &'static str) -> Failure {
    Problem::unprocessable("unexpected-json").field(path, code).into()
}
