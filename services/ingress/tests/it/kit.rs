//! Ingress on a listener of its own, and Twilio's pen to sign with.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use chassis::{Context, ContextParts, House, Running, Service};
use events::Event;
use ingress::Config;
use ingress::config::Twilio;
use providers::fake::FakeSms;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use secrecy::SecretString;
use telemetry::Telemetry;
use testkit::{ManualClock, Rabbit, TestDb};
use tokio_util::sync::CancellationToken;
use twilio::Signatures;

pub const BASE: &str = "https://crm.example.test";
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub const ACCOUNT: &str = "AC00000000000000000000000000000000";
pub const INBOUND: &str = "/webhooks/sms/inbound";
pub const STATUS: &str = "/webhooks/sms/status";
pub const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";

/// As long as anything here may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct App {
    pub db: TestDb,
    pub running: Running,
    telemetry: Telemetry,
    address: SocketAddr,
    http: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

/// Where an app is.
#[derive(Default)]
pub struct Place {
    /// In place of the database's own address.
    pub database_url: Option<SecretString>,
    pub rabbit: Option<Rabbit>,
    /// In place of the usual settings.
    pub config: Option<Config>,
}

impl App {
    pub async fn start() -> Self {
        Self::start_at(testkit::database().await, Place::default()).await
    }

    pub async fn start_at(db: TestDb, place: Place) -> Self {
        Self::assemble(db, place, FakeSms::default())
    }

    /// Starts when Twilio's record has something on it already.
    pub async fn start_after(happened: impl FnOnce(&FakeSms)) -> Self {
        let log = FakeSms::default();
        happened(&log);
        Self::assemble(testkit::database().await, Place::default(), log)
    }

    fn assemble(db: TestDb, place: Place, log: FakeSms) -> Self {
        let clock = ManualClock::default();
        let config = place.config.clone().unwrap_or_else(config);
        let ctx = context_at(house(&db, place), &clock);
        let service = ingress::service_with(ctx.clone(), config, Arc::new(log)).unwrap();
        Self::run(db, ctx, service)
    }

    /// As `main` would: with the providers of the settings.
    pub async fn start_wired(config: Config) -> Self {
        let db = testkit::database().await;
        let ctx = context(&db);
        let service = ingress::service(ctx.clone(), config).await.unwrap();
        Self::run(db, ctx, service)
    }

    fn run(db: TestDb, ctx: Context, service: Service) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let running = service.start(&ctx, listener);
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { db, running, telemetry: ctx.telemetry, address, http }
    }

    /// What Twilio posts, and how it is answered.
    pub async fn twilio_posts(&self, target: &str, body: impl AsRef<[u8]>) -> Answer {
        let signature = signature(target, body.as_ref());
        self.post(target, FORM, body, Some(&signature)).await
    }

    pub async fn post(
        &self,
        target: &str,
        content_type: &str,
        body: impl AsRef<[u8]>,
        signature: Option<&str>,
    ) -> Answer {
        let mut request = self
            .http
            .post(format!("http://{}{target}", self.address))
            .header("content-type", content_type)
            .body(body.as_ref().to_vec());
        if let Some(signature) = signature {
            request = request.header("X-Twilio-Signature", signature);
        }
        answer(request.send().await.unwrap()).await
    }

    pub async fn get(&self, target: &str) -> Answer {
        answer(self.http.get(format!("http://{}{target}", self.address)).send().await.unwrap())
            .await
    }

    /// How many there are, as text.
    pub async fn count(&self, of: &str) -> String {
        self.db.ask(&format!("SELECT count(*) FROM {of}")).await.unwrap()
    }

    /// The only event of its kind.
    pub async fn event<E: Event>(&self) -> E {
        let of_type = format!("FROM outbox WHERE event_type = '{}'", E::TYPE);
        assert_eq!(self.db.ask(&format!("SELECT count(*) {of_type}")).await.unwrap(), "1");
        let hex = self.db.ask(&format!("SELECT encode(payload, 'hex') {of_type}")).await.unwrap();
        E::decode(&unhex(&hex)).unwrap()
    }

    /// A line of `/metrics`, whole.
    pub fn has_metric(&self, line: &str) -> bool {
        self.telemetry.render().lines().any(|rendered| rendered == line)
    }
}

async fn answer(response: reqwest::Response) -> Answer {
    let (status, headers) = (response.status(), response.headers().clone());
    Answer { status, headers, text: response.text().await.unwrap() }
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The members of a problem document that say what is wrong.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.header("cache-control"), "no-store");
        let problem: serde_json::Value = serde_json::from_str(&self.text).unwrap();
        let member = |name: &str| problem.get(name).and_then(|it| it.as_str()).unwrap_or_default();
        format!("{} {}: {}", self.status.as_u16(), member("code"), member("detail"))
    }
}

pub fn config() -> Config {
    Config::new(BASE, Twilio::new(ACCOUNT, TOKEN.to_owned().into()))
}

pub fn signer() -> Signatures {
    Signatures::new(&[TOKEN.to_owned().into()], BASE).unwrap()
}

/// Twilio's, of a form.
pub fn signature(target: &str, body: &[u8]) -> String {
    let pairs: Vec<_> = form_urlencoded::parse(body).collect();
    signer().sign_form(target, &pairs)
}

pub fn sid(n: usize) -> String {
    format!("SM{n:032x}")
}

/// The body of an inbound text.
pub fn text(n: usize, said: &str) -> String {
    form(&[
        ("MessageSid", &sid(n)),
        ("AccountSid", ACCOUNT),
        ("From", "+525512345678"),
        ("To", "+525500000001"),
        ("Body", said),
        ("NumMedia", "0"),
    ])
}

pub fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

pub fn unhex(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        hex.chars().map(|digit| u8::try_from(digit.to_digit(16).unwrap()).unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// What ingress takes from a house without a broker.
pub fn context(db: &TestDb) -> Context {
    context_at(house(db, Place::default()), &ManualClock::default())
}

fn context_at(house: House, clock: &ManualClock) -> Context {
    Context::new(ContextParts {
        service: "ingress",
        house,
        clock: clock.shared(),
        telemetry: testkit::telemetry(),
        stop: CancellationToken::new(),
    })
    .unwrap()
}

fn house(db: &TestDb, place: Place) -> House {
    let (amqp_url, bus_prefix) = match place.rabbit {
        Some(rabbit) => (Some(rabbit.url), rabbit.prefix),
        None => (None, String::new()),
    };
    House {
        database_url: place.database_url.unwrap_or_else(|| db.url.clone()),
        amqp_url,
        bus_prefix,
        identity_key: None,
        pool_size: 8,
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        log: String::new(),
        log_format: telemetry::Format::Text,
        otlp_endpoint: None,
        trace_ratio: 0.0,
    }
}
