//! `GET Messages/{sid}.json` and `GET Messages.json`: both directions, newest first, in pages.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use crate::simulator::Simulator;
use crate::twilio::error::Refusal;
use crate::twilio::gate::{Pass, admit};
use crate::twilio::json;
use crate::twilio::window::Window;

const PAGE_SIZE: usize = 50;
const LARGEST_PAGE: usize = 1000;

pub(crate) async fn fetch(
    request: HttpRequest,
    path: Path<(String, String)>,
    sim: Data<Simulator>,
) -> Result<HttpResponse, Refusal> {
    let _pass = Pass::take(&sim)?;
    let (account, sid) = path.into_inner();
    admit(&sim, &request, &account)?;
    let message = sim.world().find(&sid).cloned();
    let message = message.ok_or_else(|| Refusal::not_found(request.path()))?;
    Ok(HttpResponse::Ok().json(json::message(&account, &message)))
}

pub(crate) async fn list(
    request: HttpRequest,
    account: Path<String>,
    sim: Data<Simulator>,
) -> Result<HttpResponse, Refusal> {
    let _pass = Pass::take(&sim)?;
    admit(&sim, &request, &account)?;
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
    let window = Window::parse(&pairs)?;
    let cursor = Cursor::parse(&pairs)?;
    Ok(HttpResponse::Ok().json(page(&sim, &account, &pairs, &window, &cursor)))
}

/// Where a page begins: after a message, or else at a multiple of the page's size. The former is
/// what `next_page_uri` uses, so that messages which arrive meanwhile don't shift the pages.
#[derive(Debug)]
struct Cursor {
    size: usize,
    page: usize,
    after: Option<String>,
}

impl Cursor {
    fn parse(pairs: &[(String, String)]) -> Result<Self, Refusal> {
        let find = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        let number = |name: &str, default: usize| match find(name) {
            None => Ok(default),
            Some(raw) => raw
                .parse()
                .map_err(|_| Refusal::saying(20001, format!("{name} is not a number: {raw}"))),
        };
        Ok(Self {
            size: number("PageSize", PAGE_SIZE)?.clamp(1, LARGEST_PAGE),
            page: number("Page", 0)?,
            after: find("PageToken").and_then(|t| t.strip_prefix("PA")).map(str::to_owned),
        })
    }
}

fn page(
    sim: &Simulator,
    account: &str,
    pairs: &[(String, String)],
    window: &Window,
    cursor: &Cursor,
) -> Value {
    let world = sim.world();
    let end = cursor.after.as_ref().and_then(|sid| world.place_of(sid));
    let skip = if end.is_some() { 0 } else { cursor.page * cursor.size };
    let older = world.messages.get(..end.unwrap_or(world.messages.len())).unwrap_or_default();
    let mut found = older.iter().rev().filter(|message| window.contains(message)).skip(skip);
    let shown: Vec<_> = found.by_ref().take(cursor.size).collect();
    let has_more = found.next().is_some();
    let last = shown.last().map(|message| message.sid.clone());
    let next = last.filter(|_| has_more);
    let messages: Vec<Value> =
        shown.into_iter().map(|message| json::message(account, message)).collect();
    let uri = |page: usize, token: Option<&str>| uri(account, pairs, cursor.size, page, token);
    let start = cursor.page * cursor.size;
    json!({
        "end": start + messages.len().saturating_sub(1),
        "first_page_uri": uri(0, None),
        "messages": messages,
        "next_page_uri": next.map(|sid| uri(cursor.page + 1, Some(&sid))),
        "page": cursor.page,
        "page_size": cursor.size,
        "previous_page_uri": (cursor.page > 0).then(|| uri(cursor.page - 1, None)),
        "start": start,
        "uri": uri(cursor.page, cursor.after.as_deref()),
    })
}

/// Relative, with the filters of the request.
fn uri(
    account: &str,
    pairs: &[(String, String)],
    size: usize,
    page: usize,
    after: Option<&str>,
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let is_filter = |name: &str| !matches!(name, "PageSize" | "Page" | "PageToken");
    query.extend_pairs(pairs.iter().filter(|(name, _)| is_filter(name)));
    query.append_pair("PageSize", &size.to_string());
    query.append_pair("Page", &page.to_string());
    if let Some(sid) = after {
        query.append_pair("PageToken", &format!("PA{sid}"));
    }
    format!("/2010-04-01/Accounts/{account}/Messages.json?{}", query.finish())
}
