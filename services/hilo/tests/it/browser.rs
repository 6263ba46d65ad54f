//! A person at the dashboard: what their browser sends, keeps and hears.

use std::time::Duration;

use chassis::settings::Environment;
use domain::store::gateway::write;
use domain::{AccountId, Role, UserId};
use futures_util::StreamExt as _;
use reqwest::{Method, StatusCode};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::{OnceCell, mpsc};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::app::{App, PATIENCE};

const PASSWORD: &str = "a password for tests";

/// Somebody who is signed in.
pub struct Person {
    pub id: UserId,
    base: String,
    http: reqwest::Client,
    cookie: String,
    csrf: String,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    /// `null` where it is no JSON.
    pub body: Value,
    pub text: String,
}

/// What may stand in a request.
#[derive(Debug, Clone)]
pub enum Content {
    Nothing,
    Json(Value),
    Csv(&'static str),
}

/// The gateway's settings in a test: nobody is slowed down.
pub fn settings(environment: &mut Environment, url_of: impl Fn(&str) -> String, outside: &str) {
    let mut set = |key: &str, value: String| environment.insert(format!("GATEWAY__{key}"), value);
    set("PUBLIC_BASE", url_of("gateway"));
    set("CONVERSATIONS_URL", url_of("conversations"));
    set("RESPONDER_URL", url_of("responder"));
    set("SANDBOX_URL", outside.to_owned());
    for rate in
        ["REQUESTS_PER_SECOND", "REQUEST_BURST", "STRANGER_REQUESTS_PER_SECOND", "STRANGER_BURST"]
    {
        set(rate, "100000".to_owned());
    }
}

impl App {
    /// Somebody of this account, signed in.
    pub async fn person(&self, account: AccountId, role: Role) -> Person {
        let email = format!("{role}-{}@hilo.test", UserId::generate().as_uuid().simple());
        let mut conn = self.db.conn().await;
        let hash = Some(hash().await);
        let made = write::create_user(&mut conn, account, &email, "Lucía", role, hash).await;
        let id = made.expect("a user").expect("nobody has the address");
        self.signs_in(id, &email).await
    }

    /// The owner of the account under test.
    pub async fn owner(&self) -> Person {
        self.person(self.account, Role::Owner).await
    }

    async fn signs_in(&self, id: UserId, email: &str) -> Person {
        let base = self.url_of("gateway");
        let http = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        let credentials = json!({ "email": email, "password": PASSWORD });
        let request = http.post(format!("{base}/api/session")).json(&credentials);
        let response = request.header("origin", &base).send().await.expect("an answer");
        assert_eq!(response.status(), 200, "signing in");
        let cookie = response.headers()["set-cookie"].to_str().expect("a cookie").to_owned();
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let session: Value = response.json().await.expect("a session");
        let csrf = session["csrf"].as_str().expect("a token against forged pages").to_owned();
        Person { id, base, http, cookie, csrf }
    }

    /// Somebody whom nobody knows.
    pub fn stranger(&self) -> Stranger {
        let http = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        Stranger { http }
    }
}

/// Nobody.
pub struct Stranger {
    http: reqwest::Client,
}

impl Stranger {
    pub async fn sends(&self, method: &Method, url: &str, content: &Content) -> Answer {
        answered(with(self.http.request(method.clone(), url), content)).await
    }
}

impl Person {
    pub async fn get(&self, path: &str) -> Answer {
        self.sends(&Method::GET, path, &Content::Nothing).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.sends(&Method::POST, path, &Content::Json(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.sends(&Method::PUT, path, &Content::Json(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.sends(&Method::PATCH, path, &Content::Json(body)).await
    }

    pub async fn sends(&self, method: &Method, path: &str, content: &Content) -> Answer {
        answered(with(self.request(method.clone(), path), content)).await
    }

    /// The head of an answer that has no end.
    pub async fn status_of(&self, method: &Method, path: &str) -> StatusCode {
        self.request(method.clone(), path).send().await.expect("an answer").status()
    }

    /// What happens from now on.
    pub async fn listens(&self) -> Live {
        // The time-out is for whole answers, and this one has no end.
        let request = self.request(Method::GET, "/api/live").timeout(Duration::from_secs(600));
        let response = request.send().await.expect("a stream");
        assert_eq!(response.status(), 200, "the live stream");
        let (heard, events) = mpsc::channel(1_000);
        let stop = CancellationToken::new();
        let ends = stop.clone();
        TaskTracker::new().spawn(async move {
            ends.run_until_cancelled(hear(response, heard)).await;
        });
        Live { events, _ends_with_us: stop.drop_guard() }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.base);
        let request = self.http.request(method, url).header("cookie", &self.cookie);
        request.header("x-csrf-token", &self.csrf).header("origin", &self.base)
    }
}

impl Answer {
    /// The body of an answer that is as it should be.
    pub fn is(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.body
    }

    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

/// An event as it came.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    pub id: Option<u64>,
    pub event: String,
    pub data: Value,
}

/// A browser that listens.
pub struct Live {
    events: mpsc::Receiver<Heard>,
    _ends_with_us: DropGuard,
}

impl Live {
    /// The next event that is about something.
    pub async fn next(&mut self) -> Heard {
        loop {
            let event = tokio::time::timeout(PATIENCE, self.events.recv()).await;
            let event = event.expect("an event in time").expect("a stream that goes on");
            if event.event != "hb" {
                return event;
            }
        }
    }

    /// The next change of a conversation of this kind.
    pub async fn hears(&mut self, what: &str) -> Value {
        loop {
            let Heard { event, data, .. } = self.next().await;
            if event == "conversation_changed" && data["what"] == what {
                return data;
            }
        }
    }
}

async fn hear(response: reqwest::Response, heard: mpsc::Sender<Heard>) {
    let (mut bytes, mut buffer) = (response.bytes_stream(), Vec::new());
    while let Some(Ok(chunk)) = bytes.next().await {
        buffer.extend_from_slice(&chunk);
        while let Some(end) = buffer.windows(2).position(|pair| pair == b"\n\n") {
            let block: Vec<u8> = buffer.drain(..end + 2).collect();
            let event = parse(&String::from_utf8_lossy(&block));
            // What has no name only says when to come again.
            if !event.event.is_empty() && heard.send(event).await.is_err() {
                return;
            }
        }
    }
}

fn parse(block: &str) -> Heard {
    let mut event = Heard::default();
    for line in block.lines() {
        match line.split_once(':').map(|(field, value)| (field, value.trim_start())) {
            Some(("id", id)) => event.id = id.parse().ok(),
            Some(("event", name)) => event.event = name.to_owned(),
            Some(("data", data)) => event.data = serde_json::from_str(data).unwrap_or_default(),
            _ => {}
        }
    }
    event
}

fn with(request: reqwest::RequestBuilder, content: &Content) -> reqwest::RequestBuilder {
    match content {
        Content::Nothing => request,
        Content::Json(body) => request.json(body),
        Content::Csv(text) => request.header("content-type", "text/csv").body(*text),
    }
}

async fn answered(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let status = response.status();
    let text = response.text().await.expect("a body");
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Answer { status, body, text }
}

/// One for all: hashing is work on purpose.
async fn hash() -> &'static str {
    static HASH: OnceCell<String> = OnceCell::const_new();
    let hash = || gateway::password::hash(&SecretString::from(PASSWORD)).expect("a hash");
    HASH.get_or_init(async || tokio::task::spawn_blocking(hash).await.expect("a hash")).await
}
