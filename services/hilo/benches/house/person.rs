//! A person of the account, and the requests of a screen or a program of theirs, ready as bytes.

use chrono::TimeDelta;
use domain::{AccountId, Clock, Role, SystemClock};
use testkit::{TestDb, Visitor, world};

/// Where the gateway says who asks.
pub const HEADER: &str = "x-hilo-identity";

/// The word is made before the load begins; it is dated so that it lasts longest.
const AHEAD: TimeDelta = TimeDelta::seconds(25);

/// What the token may be used for.
const SCOPES: &[&str] =
    &["conversations:read", "conversations:write", "conversations:send", "live:read"];

/// An owner, and a token of theirs.
pub struct Person {
    visitor: Visitor,
    /// For `Authorization: Bearer …`.
    pub token: String,
}

impl Person {
    /// Somebody new in an account.
    pub async fn of(db: &TestDb, account: AccountId) -> anyhow::Result<Self> {
        let mut conn = db.conn().await;
        let user = world::user(&mut conn, account, Role::Owner).await;
        let token = world::token(&mut conn, account, user, SCOPES).await;
        Ok(Self { visitor: Visitor { account, user, role: Role::Owner }, token })
    }

    /// Requests to a service itself, each signed as the gateway signs it.
    pub fn directly(&self, service: &str, paths: &[String]) -> Vec<Vec<u8>> {
        let signed = |path: &String| get(path, HEADER, &self.word(service, "GET", path));
        paths.iter().map(signed).collect()
    }

    /// The gateway's word for one request.
    pub fn word(&self, service: &str, method: &str, path: &str) -> String {
        self.visitor.word(service, method, path, SystemClock.now() + AHEAD)
    }

    /// The same requests to the gateway.
    pub fn through_the_gateway(&self, paths: &[String]) -> Vec<Vec<u8>> {
        let bearer = format!("Bearer {}", self.token);
        paths.iter().map(|path| get(path, "Authorization", &bearer)).collect()
    }

    /// A client that says who it is, for a gateway.
    pub fn client(&self) -> anyhow::Result<reqwest::Client> {
        let mut headers = reqwest::header::HeaderMap::new();
        let bearer = format!("Bearer {}", self.token);
        headers.insert(reqwest::header::AUTHORIZATION, bearer.parse()?);
        Ok(reqwest::Client::builder().default_headers(headers).build()?)
    }
}

fn get(path: &str, header: &str, value: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{header}: {value}\r\n\r\n").into_bytes()
}

/// What was answered, if it was granted; otherwise what was said instead.
pub async fn granted(response: reqwest::Response) -> anyhow::Result<reqwest::Response> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    anyhow::bail!("{status}: {}", response.text().await.unwrap_or_default())
}
