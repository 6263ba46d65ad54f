//! A simulator on a free port, a webhook receiver that remembers, and `until`.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;
use simulator::{Config, Simulator};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

pub const OURS: &str = "+525500000001";
pub const OTHER: &str = "+525500000002";
pub const ANA: &str = "+525512345678";

const DEADLINE: Duration = Duration::from_secs(20);

/// Waits on a condition; the pause is the poll's, not the test's.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(DEADLINE, wait).await.unwrap_or_else(|_| panic!("never came: {what}"));
}

pub struct World {
    pub sim: Simulator,
    pub base: String,
    pub http: reqwest::Client,
    served: JoinHandle<anyhow::Result<()>>,
    stop: CancellationToken,
    _stop: DropGuard,
}

/// Fast, and with nothing left to chance.
pub fn config() -> Config {
    Config {
        segments_per_second: 0,
        carrier_delay: Duration::from_millis(1),
        retry_base: Duration::from_millis(1),
        ..Config::default()
    }
}

impl World {
    pub async fn start() -> Self {
        Self::with(config()).await
    }

    pub async fn with(config: Config) -> Self {
        let sim = Simulator::new(config).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let (served_sim, token) = (sim.clone(), stop.clone());
        let served =
            TaskTracker::new().spawn(async move { served_sim.serve(listener, token).await });
        let http = reqwest::Client::builder().timeout(DEADLINE).build().unwrap();
        Self { sim, base, http, served, _stop: stop.clone().drop_guard(), stop }
    }

    pub async fn stop(self) {
        self.stop.cancel();
        self.served.await.unwrap().unwrap();
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A request to our account, with its credentials.
    pub fn twilio(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        let config = self.sim.config();
        let account = &config.account_sid;
        let url = self.url(&format!("/2010-04-01/Accounts/{account}/{path}"));
        self.http.request(method, url).basic_auth(account, Some(&config.auth_token))
    }

    pub async fn create(&self, form: &[(&str, &str)]) -> (StatusCode, Value) {
        answer(self.twilio(reqwest::Method::POST, "Messages.json").form(form)).await
    }

    /// A text that the API accepts.
    pub async fn sends(&self, body: &str) -> Value {
        let (status, message) = self.create(&[("From", OURS), ("To", ANA), ("Body", body)]).await;
        assert_eq!(status, 201, "{message}");
        message
    }

    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = answer(self.twilio(reqwest::Method::GET, path)).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    pub async fn control(&self, method: reqwest::Method, path: &str, body: Value) -> Value {
        let request = self.http.request(method, self.url(&format!("/control/{path}")));
        let (status, body) = answer(request.json(&body)).await;
        assert!(status.is_success(), "{status} {body}");
        body
    }

    pub async fn faults(&self, faults: Value) {
        self.control(reqwest::Method::PUT, "faults", faults).await;
    }

    pub async fn claude(&self, body: &Value) -> (StatusCode, Value) {
        answer(self.claude_request().json(body)).await
    }

    pub fn claude_request(&self) -> RequestBuilder {
        let request = self.http.post(self.url("/v1/messages"));
        request
            .header("anthropic-version", "2026-10-21")
            .header("x-api-key", &self.sim.config().claude_key)
    }
}

/// Status and JSON; null when the body is none.
pub async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// One webhook that came.
#[derive(Clone, Debug)]
pub struct Hook {
    pub path: String,
    pub signature: String,
    pub token: String,
    pub params: Vec<(String, String)>,
}

impl Hook {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Hilo's side of the webhooks: answers as told and remembers everything.
#[derive(Clone)]
pub struct Receiver {
    pub base: String,
    hooks: Arc<Mutex<Vec<Hook>>>,
    /// So many requests are answered with 503 before the others get 200.
    failing: Arc<AtomicU16>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let receiver = Self { base, hooks: Arc::default(), failing: Arc::default() };
        let data = receiver.clone();
        let server = HttpServer::new(move || {
            App::new().app_data(Data::new(data.clone())).default_service(web::to(receive))
        });
        let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
        TaskTracker::new().spawn(server);
        receiver
    }

    pub fn fails(&self, times: u16) {
        self.failing.store(times, Ordering::SeqCst);
    }

    pub fn hooks(&self) -> Vec<Hook> {
        self.hooks.lock().unwrap().clone()
    }

    /// The statuses that were reported for a message, in the order in which they came.
    pub fn statuses(&self, sid: &str) -> Vec<String> {
        let hooks = self.hooks();
        let of_message = hooks.iter().filter(|hook| hook.get("MessageSid") == Some(sid));
        of_message.filter_map(|hook| hook.get("MessageStatus").map(str::to_owned)).collect()
    }
}

async fn receive(request: HttpRequest, body: Bytes, receiver: Data<Receiver>) -> HttpResponse {
    let header = |name: &str| {
        let value = request.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    receiver.hooks.lock().unwrap().push(Hook {
        path: request.uri().to_string(),
        signature: header("x-twilio-signature"),
        token: header("i-twilio-idempotency-token"),
        params: form_urlencoded::parse(&body).into_owned().collect(),
    });
    let left = receiver.failing.load(Ordering::SeqCst);
    if left > 0 {
        receiver.failing.store(left - 1, Ordering::SeqCst);
        return HttpResponse::ServiceUnavailable().finish();
    }
    HttpResponse::Ok().content_type("text/xml").body("<Response/>")
}
