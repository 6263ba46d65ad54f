//! The system under test, and what is true of it.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use chassis::settings::{self, Environment};
use chassis::{Context, ContextParts, House, Running, ServiceConfig};
use diesel_async::SimpleAsyncConnection;
use domain::{AccountId, SharedClock, SystemClock};
use secrecy::ExposeSecret;
use simulator::{Faults, Simulator};
use telemetry::Telemetry;
use testkit::world::{self, Traits};
use testkit::{TestDb, until};
use tokio::sync::Mutex;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::browser;
use crate::customer::Customer;
use crate::recorder::Recorder;

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(40);

pub const FACTS: &str = "\
Sala Coyoacan de tres piezas: $14,900 MXN.
Comedor Tepoztlan de seis sillas: $11,500 MXN.
La entrega en la Ciudad de Mexico es gratis y tarda de 3 a 5 dias.";

/// A question for the model, and a piece of what it answers.
pub const QUESTION: &str = "¿Cuánto cuesta la sala?";
pub const ANSWER: &str = "Sala Coyoacan de tres piezas: $14,900 MXN";

/// A word that a rule answers, and the answer.
pub const GREETING: &str = "hola";
pub const WELCOME: &str = "Hola, gracias por escribir. ¿Busca sala o comedor?";

/// Which broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// The queues in Postgres.
    Embedded,
    /// RabbitMQ.
    Rabbit,
}

/// What a test may choose.
pub struct Wishes {
    pub on: On,
    pub clock: SharedClock,
    /// How long a customer must be silent before a burst is over.
    pub debounce_ms: i32,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { on: On::Embedded, clock: Arc::new(SystemClock), debounce_ms: 0 }
    }
}

/// The system. Everything ends with it.
pub struct App {
    pub world: Simulator,
    pub account: AccountId,
    /// The account's sixteen numbers.
    pub numbers: Vec<String>,
    /// What the services asked of the outside, byte by byte.
    pub asked: Recorder,
    pub telemetry: Telemetry,
    on: On,
    clock: SharedClock,
    house: House,
    environment: Environment,
    listeners: HashMap<&'static str, TcpListener>,
    running: Mutex<HashMap<&'static str, Running>>,
    stop: CancellationToken,
    _ends_with_us: DropGuard,
    // Last: the database goes when nobody uses it any more.
    pub db: TestDb,
}

const SERVICES: [&str; 4] = ["conversations", "responder", "gateway", "ingress"];

impl App {
    /// On the embedded bus.
    pub async fn start() -> Self {
        Self::with(Wishes::default()).await
    }

    /// On this bus.
    pub async fn on(on: On) -> Self {
        Self::with(Wishes { on, ..Wishes::default() }).await
    }

    /// As wished.
    pub async fn with(wishes: Wishes) -> Self {
        let telemetry = telemetry();
        let db = testkit::database().await;
        let listeners: HashMap<&'static str, TcpListener> =
            SERVICES.into_iter().map(|name| (name, listener())).collect();
        let url_of = |name: &str| url(&listeners[name]);
        let base = url_of("ingress");
        let stop = CancellationToken::new();
        let (world, outside) = world_outside(&base, &stop);
        let asked = Recorder::before(outside, &stop).await;
        let mut environment = environment(&db, wishes.on, &base, &asked.url);
        browser::settings(&mut environment, url_of, &format!("http://{outside}"));
        let mut app = Self {
            account: AccountId::generate(),
            numbers: Vec::new(),
            house: settings::house(&environment).expect("the house's settings"),
            environment,
            asked,
            telemetry,
            on: wishes.on,
            clock: wishes.clock,
            listeners,
            running: Mutex::default(),
            _ends_with_us: stop.clone().drop_guard(),
            stop,
            world,
            db,
        };
        (app.account, app.numbers) =
            app.add_account("Muebles La Esperanza", WELCOME, wishes.debounce_ms).await;
        for service in SERVICES {
            app.start_service(service).await;
        }
        app
    }

    /// A company with sixteen numbers, a greeting and an assistant.
    pub async fn add_account(
        &self,
        name: &str,
        welcome: &str,
        debounce_ms: i32,
    ) -> (AccountId, Vec<String>) {
        let mut conn = self.db.conn().await;
        let account = world::account(&mut conn, name).await;
        let mut numbers = Vec::new();
        for _ in 0..16 {
            let (_, number) = world::number(&mut conn, account, Traits::default()).await;
            numbers.push(number.as_e164().to_owned());
        }
        world::profile(&mut conn, account, FACTS, debounce_ms).await;
        world::static_response(&mut conn, account, GREETING, welcome).await;
        (account, numbers)
    }

    /// Starts a service that is stopped, at the same address.
    pub async fn start_service(&self, name: &'static str) {
        let ctx = Context::new(ContextParts {
            service: name,
            house: self.house.clone(),
            clock: Arc::clone(&self.clock),
            telemetry: self.telemetry.clone(),
            stop: self.stop.clone(),
        })
        .expect("a context");
        let service = match name {
            "conversations" => conversations::service(ctx.clone(), self.config(name)).await,
            "responder" => responder::service(ctx.clone(), self.config(name)).await,
            "gateway" => gateway::service(ctx.clone(), self.config(name)).await,
            _ => ingress::service(ctx.clone(), self.config(name)).await,
        };
        // Who calls while the service is stopped waits in line: the listener stays ours.
        let listener = self.listeners[name].try_clone().expect("the listener");
        let running = service.expect("a service").start(&ctx, listener);
        self.running.lock().await.insert(name, running);
    }

    /// Stops a service; returns when it has finished what it began.
    pub async fn stop_service(&self, name: &str) {
        let running = self.running.lock().await.remove(name);
        running.expect("a service that runs").stop().await;
    }

    /// Where a service listens.
    pub fn url_of(&self, name: &str) -> String {
        url(&self.listeners[name])
    }

    /// Somebody outside, whose phone has never texted before; texts the first of our numbers.
    pub fn customer(&self) -> Customer<'_> {
        self.customer_of(&self.numbers[0])
    }

    /// Somebody who texts this number of ours.
    pub fn customer_of(&self, ours: &str) -> Customer<'_> {
        Customer::new(self, ours)
    }

    /// The outside has a bad day.
    pub fn suffers(&self, faults: Faults) {
        self.world.set_faults(faults);
    }

    /// Waits until a question to the database has this answer.
    pub async fn until_db_says(&self, query: &str, answer: &str) {
        let mut conn = self.db.conn().await;
        let mut last = LastAnswer(None);
        until(PATIENCE, &format!("`{query}` answers {answer}"), async || {
            last.0 = testkit::db::ask(&mut conn, query).await;
            last.0.as_deref() == Some(answer)
        })
        .await;
    }

    /// Changes something behind everybody's back.
    pub async fn execute(&self, sql: &str) {
        self.db.conn().await.batch_execute(sql).await.expect("valid SQL");
    }

    /// Waits until nothing moves any more. One statement sees everything at one moment, and on the
    /// embedded bus every event is somewhere in the tables until it is handled.
    pub async fn until_quiet(&self) {
        assert_eq!(self.on, On::Embedded, "what is in a consumer's hand is hidden on RabbitMQ");
        let mut conn = self.db.conn().await;
        until(PATIENCE, "nothing moves any more", async || {
            let summary = self.world.summary();
            let accepted = summary.inbound_accepted;
            let quiet = format!(
                "SELECT (SELECT count(*) FROM outbox WHERE held_until IS NULL) = 0
                    AND (SELECT count(*) FROM bus_messages WHERE dead_why IS NULL) = 0
                    AND (SELECT count(*) FROM user_conversations WHERE reply_due_at IS NOT NULL) = 0
                    AND (SELECT count(*) FROM sms_messages WHERE status IN ('queued', 'sending', 'uncertain')) = 0
                    AND (SELECT count(*) FROM sms_messages WHERE direction = 'inbound') >= {accepted}"
            );
            summary.under_way == 0 && testkit::db::ask(&mut conn, &quiet).await.as_deref() == Some("true")
        })
        .await;
        assert_eq!(
            self.db.ask("SELECT count(*) FROM bus_messages").await.as_deref(),
            Some("0"),
            "dead letters"
        );
    }

    fn config<C: ServiceConfig>(&self, name: &str) -> C {
        settings::service(name, C::SHARED, &self.environment).expect("the service's settings")
    }
}

/// Told when the wait was in vain.
struct LastAnswer(Option<String>);

impl Drop for LastAnswer {
    #[expect(clippy::print_stderr, reason = "the test's own words, before its panic's")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the last answer was {:?}", self.0);
        }
    }
}

/// The process's own, so that traces have ids; it logs nothing unless asked to.
fn telemetry() -> Telemetry {
    telemetry::install_tls_provider();
    let log = settings::environment().get("HILO_LOG").cloned();
    let settings = telemetry::Settings {
        log: log.unwrap_or_else(|| "off".to_owned()),
        format: telemetry::Format::Text,
        otlp_endpoint: None,
        sample_ratio: 1.0,
    };
    telemetry::init("hilo", &settings).expect("telemetry")
}

fn url(listener: &TcpListener) -> String {
    format!("http://{}", listener.local_addr().expect("an address"))
}

fn listener() -> TcpListener {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a socket");
    listener
}

fn world_outside(base: &str, stop: &CancellationToken) -> (Simulator, std::net::SocketAddr) {
    let world = Simulator::new(simulator::Config {
        webhook_base: Some(base.parse().expect("a URL")),
        segments_per_second: 0,
        carrier_delay: Duration::from_millis(20),
        retry_base: Duration::from_millis(200),
        hang: Duration::from_secs(4),
        ..simulator::Config::default()
    })
    .expect("a world");
    let listener = listener();
    let address = listener.local_addr().expect("an address");
    let (serving, stop) = (world.clone(), stop.clone());
    TaskTracker::new().spawn(async move { serving.serve(listener, stop).await });
    (world, address)
}

fn environment(db: &TestDb, on: On, base: &str, outside: &str) -> Environment {
    let credentials = simulator::Config::default();
    let mut environment: Environment = [
        ("DATABASE_URL", db.url.expose_secret()),
        ("HILO_POOL_SIZE", "8"),
        ("HILO_IDENTITY_KEY", testkit::IDENTITY_KEY),
        ("TWILIO_ACCOUNT_SID", &credentials.account_sid),
        ("TWILIO_AUTH_TOKEN", &credentials.auth_token),
        ("TWILIO_BASE_URL", outside),
        ("ANTHROPIC_API_KEY", &credentials.claude_key),
        ("ANTHROPIC_BASE_URL", outside),
        ("INGRESS__PUBLIC_BASE", base),
        ("CONVERSATIONS__PUBLIC_BASE", base),
        ("CONVERSATIONS__SEND_TIMEOUT", "2s"),
        ("CONVERSATIONS__LEASE", "6s"),
        ("CONVERSATIONS__LOOK_AFTER", "1s"),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect();
    if on == On::Rabbit {
        let rabbit = testkit::rabbit();
        environment.insert("AMQP_URL".to_owned(), rabbit.url.expose_secret().to_owned());
        environment.insert("HILO_BUS_PREFIX".to_owned(), rabbit.prefix);
    }
    environment
}
