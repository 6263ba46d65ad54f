//! The responder over HTTP, asked by people whom the gateway has admitted.

use std::net::TcpListener;
use std::sync::Arc;

use chassis::{Context, ContextParts, House, Running, Service};
use domain::{AccountId, Clock, Role, UserId};
use providers::ReplyModel;
use reqwest::{Method, StatusCode};
use responder::routes::{self, Desk};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use testkit::{IDENTITY_KEY, Visitor};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::kit::{App, Thread, parts};

/// The service's routes on a port of their own, over an [`App`]'s database and clock.
pub struct Api {
    pub app: App,
    base: String,
    http: reqwest::Client,
    _running: Running,
    _ends_with_us: DropGuard,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub replayed: bool,
    pub body: Value,
}

/// A person in an account.
pub struct Person<'a> {
    api: &'a Api,
    visitor: Visitor,
}

impl Api {
    pub async fn start() -> Self {
        let app = App::start().await;
        let model: Arc<dyn ReplyModel> = app.model.clone();
        Self::over(app, Some(model)).await
    }

    pub async fn without_model() -> Self {
        Self::over(App::start().await, None).await
    }

    async fn over(app: App, model: Option<Arc<dyn ReplyModel>>) -> Self {
        telemetry::install_tls_provider();
        let stop = CancellationToken::new();
        let ctx = context(&app, &stop);
        let parts = parts(&app.db, &app.clock, model);
        let desk = Desk {
            pool: parts.pool,
            clock: parts.clock,
            finder: parts.finder,
            turns_in_prompt: parts.turns_in_prompt,
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let service = Service::new().serves(move |config| routes::configure(config, &desk));
        let running = service.start(&ctx, listener);
        let http = reqwest::Client::builder().build().unwrap();
        Self { app, base, http, _running: running, _ends_with_us: stop.drop_guard() }
    }

    /// An account with a profile and a conversation, and its owner.
    pub async fn thread(&self, name: &str, customer: u32) -> (Thread, Person<'_>) {
        let thread = self.app.thread(name, customer).await;
        (thread, self.owner_of(thread.account))
    }

    pub fn owner_of(&self, account: AccountId) -> Person<'_> {
        let visitor = Visitor { account, user: UserId::generate(), role: Role::Owner };
        Person { api: self, visitor }
    }

    /// Without the gateway's word.
    pub async fn stranger(&self, method: Method, path: &str) -> Answer {
        answered(self.http.request(method, format!("{}{path}", self.base))).await
    }
}

impl Person<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        answered(self.request(Method::GET, path)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        answered(self.request(Method::PUT, path).json(body)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        answered(self.request(Method::POST, path).json(body)).await
    }

    /// A POST that may be sent again.
    pub async fn post_once(&self, key: &str, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).header("idempotency-key", key);
        answered(request.json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        answered(self.request(Method::DELETE, path)).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let now = self.api.app.clock.now();
        let word = self.visitor.word("responder", method.as_str(), path, now);
        let url = format!("{}{path}", self.api.base);
        self.api.http.request(method, url).header(web::identity::HEADER, word)
    }
}

impl Answer {
    /// The body of an answer that is as it should be.
    pub fn is(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// Status, code and the first field that is wrong.
    pub fn problem(&self) -> (u16, &str, &str, &str) {
        let text = |value: &'static str, of: &Value| of[value].as_str().is_some();
        assert!(text("code", &self.body), "no problem document: {self:?}");
        let field = &self.body["fields"][0];
        (
            self.status.as_u16(),
            self.body["code"].as_str().unwrap_or_default(),
            field["path"].as_str().unwrap_or_default(),
            field["code"].as_str().unwrap_or_default(),
        )
    }
}

pub fn context(app: &App, stop: &CancellationToken) -> Context {
    let url = app.db.url.expose_secret();
    let house = json!({ "database_url": url, "identity_key": IDENTITY_KEY });
    let house: House = serde_json::from_value(house).unwrap();
    Context::new(ContextParts {
        service: "responder",
        house,
        clock: app.clock.shared(),
        telemetry: testkit::telemetry(),
        stop: stop.clone(),
    })
    .unwrap()
}

async fn answered(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status();
    let replayed = response.headers().contains_key("idempotency-replayed");
    let bytes = response.bytes().await.unwrap();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Answer { status, replayed, body }
}
