//! A gateway under test, in the verbs of the people who use it.

use std::net::{SocketAddr, TcpListener};
use std::sync::OnceLock;
use std::time::Duration;

use actix_web::web::Bytes;
use chassis::{Context, ContextParts, House, Running};
use diesel_async::AsyncConnection;
use domain::store::Tx;
use domain::store::gateway::write;
use domain::{AccountId, Role, UserId};
use events::Event;
use gateway::Config;
use gateway::files::Files;
use gateway::password;
use secrecy::SecretString;
use testkit::{IDENTITY_KEY, ManualClock, TestDb, world};
use tokio_util::sync::CancellationToken;
use url::Url;
use wiremock::MockServer;

use crate::client::Client;

pub const PASSWORD: &str = "correct horse battery";
pub const SOON: Duration = Duration::from_secs(20);

pub struct App {
    pub db: TestDb,
    pub clock: ManualClock,
    pub account: AccountId,
    /// The stub in place of `conversations`.
    pub conversations: MockServer,
    /// The stub in place of `responder`.
    pub responder: MockServer,
    pub address: SocketAddr,
    _running: Running,
}

/// One process of the gateway.
pub struct Process {
    pub address: SocketAddr,
    pub running: Running,
}

/// What is unusual about an app.
pub struct Unusual<'a> {
    pub change: &'a dyn Fn(&mut Config),
    pub files: Files,
}

impl Default for Unusual<'_> {
    fn default() -> Self {
        Self { change: &|_| {}, files: Files::default() }
    }
}

impl App {
    /// A gateway and one account.
    pub async fn start() -> Self {
        Self::start_with(Unusual::default()).await
    }

    /// The same with other settings.
    pub async fn start_changed(change: &dyn Fn(&mut Config)) -> Self {
        Self::start_with(Unusual { change, ..Unusual::default() }).await
    }

    pub async fn start_with(unusual: Unusual<'_>) -> Self {
        let db = testkit::database().await;
        let account = world::account(&mut db.conn().await, "Muebles La Esperanza").await;
        let (conversations, responder) = (MockServer::start().await, MockServer::start().await);
        let clock = ManualClock::default();
        let mut config = config(&conversations, &responder);
        (unusual.change)(&mut config);
        let Process { address, running } = process(&db, &clock, config, unusual.files);
        Self { db, clock, account, conversations, responder, address, _running: running }
    }

    /// Another process of the same gateway.
    pub fn another(&self) -> Process {
        let config = config(&self.conversations, &self.responder);
        process(&self.db, &self.clock, config, Files::default())
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Client {
        Client::new(self.address)
    }

    /// A person of the account.
    pub async fn person(&self, email: &str, role: Role) -> UserId {
        self.person_of(self.account, email, role).await
    }

    pub async fn person_of(&self, account: AccountId, email: &str, role: Role) -> UserId {
        let name = email.split('@').next().unwrap();
        let mut conn = self.db.conn().await;
        let hash = Some(hash());
        let made = write::create_user(&mut conn, account, email, name, role, hash).await.unwrap();
        made.expect("an address that nobody has")
    }

    /// A person of the account who is signed in.
    pub async fn signed_in(&self, role: Role) -> Client {
        let email = format!("{role}@example.mx");
        self.person(&email, role).await;
        self.sign_in(&email).await
    }

    pub async fn sign_in(&self, email: &str) -> Client {
        let mut client = self.stranger();
        client.signs_in(email, PASSWORD).await.expect(200);
        client
    }

    /// Another account, with its owner, who is signed in.
    pub async fn neighbour(&self) -> (AccountId, Client) {
        let account = world::account(&mut self.db.conn().await, "Ferretería Ruiz").await;
        self.person_of(account, "vecina@example.mx", Role::Owner).await;
        (account, self.sign_in("vecina@example.mx").await)
    }

    /// Something that another service says.
    pub async fn says<E: Event>(&self, event: &E) {
        let (now, mut conn) = (domain::Clock::now(&self.clock), self.db.conn().await);
        let said = async |tx: &mut Tx| outbox::enqueue(tx, event, now).await;
        conn.transaction(said).await.unwrap();
    }

    pub async fn count(&self, of: &str) -> i64 {
        let count = self.db.ask(&format!("SELECT count(*) FROM {of}")).await;
        count.unwrap().parse().unwrap()
    }
}

/// Files of a dashboard that is small.
pub fn files(all: &[(&str, &'static str)]) -> Files {
    Files::of(
        all.iter().map(|(path, text)| ((*path).to_owned(), Bytes::from_static(text.as_bytes()))),
    )
}

/// Of [`PASSWORD`], made once for all tests of the process.
fn hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| password::hash(&SecretString::from(PASSWORD)).unwrap())
}

fn config(conversations: &MockServer, responder: &MockServer) -> Config {
    let url = |server: &MockServer| Url::parse(&server.uri()).unwrap();
    let public_base = Url::parse("https://hilo.example.mx").unwrap();
    Config {
        // Tests are faster than people.
        requests_per_second: 10_000,
        request_burst: 100_000,
        stranger_requests_per_second: 10_000,
        stranger_burst: 100_000,
        ..Config::new(public_base, url(conversations), url(responder))
    }
}

fn process(db: &TestDb, clock: &ManualClock, config: Config, files: Files) -> Process {
    let ctx = Context::new(ContextParts {
        service: "gateway",
        house: House {
            database_url: db.url.clone(),
            amqp_url: None,
            bus_prefix: String::new(),
            pool_size: 16,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            identity_key: Some(SecretString::from(IDENTITY_KEY)),
            log: String::new(),
            log_format: telemetry::Format::Text,
            otlp_endpoint: None,
            trace_ratio: 0.0,
        },
        clock: clock.shared(),
        telemetry: testkit::telemetry(),
        stop: CancellationToken::new(),
    })
    .unwrap();
    let service = gateway::with(&ctx, config, files).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    Process { address, running: service.start(&ctx, listener) }
}
