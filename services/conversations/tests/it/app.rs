//! A service under test, in the verbs of the domain.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use chassis::settings::{self, Environment};
use chassis::{Context, ContextParts, Running, ServiceConfig};
use conversations::Config;
use conversations::wire::{Providers, consequence};
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use domain::store::Tx;
use domain::{
    AccountId, Clock, ConversationId, MessageId, MessageSid, NumberId, PhoneNumber, ReceiptId,
    Role, RunId, SystemClock,
};
use events::{Event, ReplyDrafted, ReplySource, SmsReceived, SmsStatusChanged};
use providers::fake::FakeSms;
use secrecy::ExposeSecret;
use testkit::db::TestDb;
use testkit::{IDENTITY_KEY, Visitor, until};
use tokio_util::sync::CancellationToken;

pub const SOON: Duration = Duration::from_secs(20);

pub struct App {
    pub db: TestDb,
    pub sms: Arc<FakeSms>,
    pub account: AccountId,
    pub numbers: Vec<(NumberId, PhoneNumber)>,
    /// A colleague, for the routes.
    pub me: Visitor,
    pub address: SocketAddr,
    pub http: reqwest::Client,
    running: Option<Running>,
}

impl App {
    /// One account with three numbers, and a service that asks for replies at once.
    pub async fn start() -> Self {
        let db = testkit::db::database().await;
        Self::start_on(db).await
    }

    /// The same on a database that was prepared.
    pub async fn start_on(db: TestDb) -> Self {
        let mut conn = db.conn().await;
        let account = testkit::world::account(&mut conn, "Muebles La Esperanza").await;
        let numbers = testkit::world::numbers(&mut conn, account, 3).await;
        testkit::world::profile(&mut conn, account, "", 0).await;
        let sms = Arc::new(FakeSms::default());
        let ctx = context(&db);
        let providers = Providers {
            sender: sms.clone(),
            log: sms.clone(),
            numbers: sms.clone(),
            failure: consequence,
        };
        let service = conversations::with(&ctx, config(), providers);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let running = Some(service.start(&ctx, listener));
        let user = testkit::world::user(&mut conn, account, Role::Owner).await;
        let me = Visitor { account, user, role: Role::Owner };
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { db, sms, account, numbers, me, address, http, running }
    }

    /// Another company in the same house, with a number of its own.
    pub async fn neighbour(&self) -> (Visitor, NumberId) {
        let mut conn = self.db.conn().await;
        let account = testkit::world::account(&mut conn, "Colchones del Norte").await;
        let (number, _) = testkit::world::numbers(&mut conn, account, 1).await.remove(0);
        let user = testkit::world::user(&mut conn, account, Role::Owner).await;
        (Visitor { account, user, role: Role::Owner }, number)
    }

    /// Stops the service as a deployment does.
    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// From now on what is said is kept for [`App::said`].
    pub async fn listens(&self) {
        self.changes(
            "INSERT INTO bus_bindings SELECT 'listener', event FROM unnest(ARRAY['conversation.started',
               'conversation.changed', 'conversation.reassigned', 'contact.opted_out', 'contact.opted_in',
               'text.received', 'text.queued', 'text.failed', 'contacts.import_progressed', 'numbers.changed']) AS event",
        )
        .await;
    }

    /// Waits until this has been said so many times.
    pub async fn said(&self, event: &str, times: usize) {
        let query = format!(
            "SELECT count(*) FROM bus_messages WHERE queue = 'listener' AND event_type = '{event}'"
        );
        self.shows(&query, &times.to_string()).await;
    }

    pub fn number(&self, index: usize) -> &PhoneNumber {
        &self.numbers[index].1
    }

    /// A customer texts one of our numbers; returns the provider's id of the text.
    pub async fn hears(&self, from: &str, to: &PhoneNumber, body: &str) -> MessageSid {
        let sid = new_sid();
        self.hears_again(&sid, from, to, body).await;
        sid
    }

    /// The same text once more, by a retry or by the reconciliation.
    pub async fn hears_again(&self, sid: &MessageSid, from: &str, to: &PhoneNumber, body: &str) {
        let received = SmsReceived {
            receipt: ReceiptId::generate(),
            sid: sid.clone(),
            from: from.to_owned(),
            to: to.as_e164().to_owned(),
            body: body.to_owned(),
            num_media: 0,
            opt_out_type: None,
            received_at: SystemClock.now(),
        };
        self.says(&received).await;
    }

    pub async fn says<E: Event>(&self, event: &E) {
        let mut conn = self.db.conn().await;
        let said = conn
            .transaction(async |tx: &mut Tx| outbox::enqueue(tx, event, SystemClock.now()).await)
            .await;
        said.unwrap();
    }

    /// The responder found this reply for the epoch at which the conversation is now.
    pub async fn drafts(&self, customer: &str, body: &str) {
        let epoch = self.epoch(customer).await;
        self.drafts_for(customer, body, epoch).await;
    }

    pub async fn drafts_for(&self, customer: &str, body: &str, reply_epoch: i64) {
        let drafted = ReplyDrafted {
            account: self.account,
            conversation: self.conversation(customer).await,
            message: self.last_inbound(customer).await,
            reply_epoch,
            body: body.to_owned(),
            source: ReplySource::Assistant,
            run: RunId::generate(),
        };
        self.says(&drafted).await;
    }

    pub async fn reports(
        &self,
        message: MessageId,
        sid: &MessageSid,
        status: &str,
        code: Option<u32>,
    ) {
        let changed = SmsStatusChanged {
            receipt: ReceiptId::generate(),
            sid: sid.clone(),
            message: Some(message),
            status: status.to_owned(),
            error_code: code,
            received_at: SystemClock.now(),
        };
        self.says(&changed).await;
    }

    pub async fn conversation(&self, customer: &str) -> ConversationId {
        let query = format!("SELECT id FROM user_conversations WHERE to_number = '{customer}'");
        self.db.ask(&query).await.unwrap().parse().unwrap()
    }

    pub async fn epoch(&self, customer: &str) -> i64 {
        let query =
            format!("SELECT reply_epoch FROM user_conversations WHERE to_number = '{customer}'");
        self.db.ask(&query).await.unwrap().parse().unwrap()
    }

    async fn last_inbound(&self, customer: &str) -> MessageId {
        let query = format!(
            "SELECT m.id FROM sms_messages m JOIN user_conversations c ON c.id = m.conversation_id
             WHERE c.to_number = '{customer}' AND direction = 'inbound' ORDER BY m.id DESC"
        );
        self.db.ask(&query).await.unwrap().parse().unwrap()
    }

    /// Changes the world behind the service's back.
    pub async fn changes(&self, statements: &str) {
        self.db.conn().await.batch_execute(statements).await.unwrap();
    }

    /// Waits until the query's answer is this.
    pub async fn shows(&self, query: &str, answer: &str) {
        let what = format!("`{query}` is {answer}");
        until(SOON, &what, async || self.db.ask(query).await.as_deref() == Some(answer)).await;
    }

    /// Waits until nothing is under way: no event waits, nothing is queued.
    pub async fn is_quiet(&self) {
        // Nobody here hears what this service says, so that may wait in the outbox.
        let query = "SELECT (SELECT count(*) FROM outbox WHERE event_type LIKE 'sms.%' OR event_type IN ('reply.drafted', 'reply.withheld')) + (SELECT count(*) FROM bus_messages WHERE queue LIKE 'conversations.%' AND dead_why IS NULL)
             + (SELECT count(*) FROM sms_messages WHERE status IN ('queued', 'sending'))";
        self.shows(query, "0").await;
    }

    /// Waits until so many texts reached the provider, and gives them.
    pub async fn sent(&self, n: usize) -> Vec<providers::OutboundText> {
        let what = format!("{n} texts at the provider");
        until(SOON, &what, async || {
            let sent = self.sms.sent();
            (sent.len() >= n).then_some(sent)
        })
        .await
    }
}

pub fn new_sid() -> MessageSid {
    let digits = MessageId::generate().as_uuid().simple().to_string();
    MessageSid::parse(&format!("SM{digits}")).unwrap()
}

/// Like Twilio's, but what is uncertain is looked for at once.
fn config() -> Config {
    let environment: Environment = [
        ("CONVERSATIONS__PUBLIC_BASE", "https://hooks.example.test"),
        ("CONVERSATIONS__LOOK_AFTER", "50ms"),
        ("CONVERSATIONS__SEND_TIMEOUT", "1s"),
        ("CONVERSATIONS__LEASE", "5s"),
        ("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000000"),
        ("TWILIO_AUTH_TOKEN", "secret"),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect();
    settings::service("conversations", Config::SHARED, &environment).unwrap()
}

fn context(db: &TestDb) -> Context {
    let environment: Environment = [
        ("DATABASE_URL".to_owned(), db.url.expose_secret().to_owned()),
        ("HILO_IDENTITY_KEY".to_owned(), IDENTITY_KEY.to_owned()),
    ]
    .into();
    Context::new(ContextParts {
        service: "conversations",
        house: settings::house(&environment).unwrap(),
        clock: Arc::new(SystemClock),
        telemetry: testkit::telemetry(),
        stop: CancellationToken::new(),
    })
    .unwrap()
}
