//! Twilio's own record: messages one by one and in pages, and the numbers of the account.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{MessageSid, PhoneNumber};
use providers::{NumberList, ReadError, RentedNumber, SmsFetcher, SmsLog, SmsQuery, SmsRecord};
use reqwest::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::client::Twilio;

/// Twilio's largest page.
const PAGE_SIZE: usize = 1000;

/// The most pages that one reading follows: a million messages. More means that the pages lead in a
/// circle.
const MAX_PAGES: usize = 1000;

/// A number that the account owns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedNumber {
    /// `PN…`.
    pub sid: String,
    /// The number.
    pub number: PhoneNumber,
    /// What people call it.
    pub friendly_name: String,
    /// Whether it can text.
    pub sms: bool,
    /// Where its inbound texts go, if that is set.
    pub sms_url: Option<String>,
}

#[derive(Deserialize)]
struct Page<T> {
    #[serde(alias = "messages", alias = "incoming_phone_numbers")]
    items: Vec<T>,
    next_page_uri: Option<String>,
}

/// Twilio writes numbers as strings, and nulls where it has nothing yet.
#[derive(Deserialize)]
struct Message {
    sid: String,
    from: Option<String>,
    to: Option<String>,
    body: Option<String>,
    direction: String,
    status: String,
    error_code: Option<u32>,
    num_media: Option<String>,
    date_created: String,
}

#[derive(Deserialize)]
struct Number {
    sid: String,
    phone_number: String,
    friendly_name: Option<String>,
    capabilities: Capabilities,
    sms_url: Option<String>,
}

#[derive(Deserialize)]
struct Capabilities {
    #[serde(default, alias = "SMS")]
    sms: bool,
}

#[async_trait]
impl SmsLog for Twilio {
    async fn list(&self, query: &SmsQuery) -> Result<Vec<SmsRecord>, ReadError> {
        let mut url = self.url("Messages.json").map_err(|_| malformed("the base URL"))?;
        {
            let mut pairs = url.query_pairs_mut();
            if let Some(from) = &query.from {
                pairs.append_pair("From", from.as_e164());
            }
            if let Some(to) = &query.to {
                pairs.append_pair("To", to.as_e164());
            }
            if let Some(since) = &query.since {
                // On the wire `DateSent>=2026-11-22`: the name is `DateSent>`.
                pairs.append_pair("DateSent>", &since.format("%Y-%m-%d").to_string());
            }
            pairs.append_pair("PageSize", &query.limit.clamp(1, PAGE_SIZE).to_string());
        }
        let route = "/2010-04-01/Accounts/{account}/Messages.json";
        let messages: Vec<Message> = self.pages(route, url, query.limit).await?;
        messages.into_iter().map(SmsRecord::try_from).collect()
    }
}

#[async_trait]
impl SmsFetcher for Twilio {
    async fn fetch(&self, sid: &MessageSid) -> Result<Option<SmsRecord>, ReadError> {
        let path = format!("Messages/{sid}.json");
        let url = self.url(&path).map_err(|_| malformed("the base URL"))?;
        let route = "/2010-04-01/Accounts/{account}/Messages/{sid}.json";
        let message: Option<Message> = self.get(route, self.request(Method::GET, url)).await?;
        message.map(SmsRecord::try_from).transpose()
    }
}

#[async_trait]
impl NumberList for Twilio {
    async fn rented(&self) -> Result<Vec<RentedNumber>, ReadError> {
        let numbers = self.list_numbers().await?;
        let rented = numbers.into_iter().map(|owned| RentedNumber {
            number: owned.number,
            label: owned.friendly_name,
            sms: owned.sms,
        });
        Ok(rented.collect())
    }
}

impl Twilio {
    /// All numbers that the account owns.
    ///
    /// # Errors
    /// When Twilio can't be asked or answers something else.
    pub async fn list_numbers(&self) -> Result<Vec<OwnedNumber>, ReadError> {
        let mut url =
            self.url("IncomingPhoneNumbers.json").map_err(|_| malformed("the base URL"))?;
        url.query_pairs_mut().append_pair("PageSize", &PAGE_SIZE.to_string());
        let route = "/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json";
        let numbers: Vec<Number> = self.pages(route, url, usize::MAX).await?;
        numbers.into_iter().map(OwnedNumber::try_from).collect()
    }

    /// Reads pages until there are `limit` items or no more pages.
    async fn pages<T: DeserializeOwned>(
        &self,
        route: &'static str,
        first: Url,
        limit: usize,
    ) -> Result<Vec<T>, ReadError> {
        let mut items = Vec::new();
        let mut next = (limit > 0).then_some(first);
        for _ in 0..MAX_PAGES {
            let Some(url) = next else { return Ok(items) };
            let page: Option<Page<T>> = self.get(route, self.request(Method::GET, url)).await?;
            let page = page.ok_or(ReadError::Refused { code: 20404 })?;
            let missing = limit - items.len();
            items.extend(page.items.into_iter().take(missing));
            let more = page.next_page_uri.filter(|_| items.len() < limit);
            next = more.map(|uri| self.follow(&uri)).transpose()?;
        }
        Err(malformed("the pages, which do not end"))
    }

    /// The next page is named by a path. Our credentials go nowhere else, whatever it says.
    fn follow(&self, uri: &str) -> Result<Url, ReadError> {
        let base = &self.settings.base_url;
        let url = base.join(uri).map_err(|_| malformed("next_page_uri"))?;
        let at_home = url.origin() == base.origin() && url.username().is_empty();
        if uri.starts_with('/') && at_home { Ok(url) } else { Err(malformed("next_page_uri")) }
    }
}

impl TryFrom<Message> for SmsRecord {
    type Error = ReadError;

    fn try_from(message: Message) -> Result<Self, ReadError> {
        let num_media = message.num_media.unwrap_or_default();
        let created = DateTime::parse_from_rfc2822(&message.date_created);
        Ok(Self {
            sid: MessageSid::parse(&message.sid).map_err(|_| malformed("sid"))?,
            from: message.from.unwrap_or_default(),
            to: message.to.unwrap_or_default(),
            body: message.body.unwrap_or_default(),
            inbound: message.direction == "inbound",
            status: message.status,
            error_code: message.error_code,
            num_media: match num_media.as_str() {
                "" => 0,
                number => number.parse().map_err(|_| malformed("num_media"))?,
            },
            created_at: created.map_err(|_| malformed("date_created"))?.with_timezone(&Utc),
        })
    }
}

impl TryFrom<Number> for OwnedNumber {
    type Error = ReadError;

    fn try_from(number: Number) -> Result<Self, ReadError> {
        Ok(Self {
            sid: number.sid,
            number: PhoneNumber::parse(&number.phone_number)
                .map_err(|_| malformed("phone_number"))?,
            friendly_name: number.friendly_name.unwrap_or_default(),
            sms: number.capabilities.sms,
            // Twilio says "" for "not set".
            sms_url: number.sms_url.filter(|url| !url.is_empty()),
        })
    }
}

fn malformed(what: &str) -> ReadError {
    ReadError::Malformed { what: what.to_owned() }
}
