//! A responder with a fake model, and conversations in the verbs of the domain.

use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;

use async_trait::async_trait;
use chassis::{Caller, HandleError, Meta};
use chrono::TimeDelta;
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use domain::store::Tx;
use domain::{AccountId, Clock, ContactId, ConversationId, EventId, MessageId};
use events::{Event, ReplyDrafted, ReplyRequested, ReplySource, ReplyWithheld, WithheldReason};
use providers::fake::FakeModel;
use providers::{Answer, ModelError, Prompt, ReplyModel, Usage};
use responder::answer::{Finder, FinderParts};
use responder::config::TurnsInPrompt;
use responder::{Replies, RepliesParts, breaker};
use testkit::{ManualClock, TestDb, world};

pub const FACTS: &str = "Colchón matrimonial: $3,499. Entrega en 3 días. Tienda: https://luna.mx.";

/// What was said, as a test likes to read it.
#[derive(Debug, PartialEq, Eq)]
pub enum Said {
    Drafted(String, ReplySource),
    Withheld(WithheldReason),
}

pub struct App {
    pub db: TestDb,
    pub clock: ManualClock,
    pub model: Arc<FakeModel>,
    pub replies: Replies,
}

/// A conversation, and the account that it is in.
#[derive(Clone, Copy)]
pub struct Thread {
    pub account: AccountId,
    pub id: ConversationId,
}

pub fn meta(last_attempt: bool) -> Meta {
    Meta { id: EventId::generate(), occurred_at: testkit::clock::noon(), last_attempt }
}

pub fn reply(text: &str) -> Result<Answer, ModelError> {
    Ok(Answer::Reply { text: text.to_owned(), language: "es".to_owned() })
}

pub fn parts(db: &TestDb, clock: &ManualClock, model: Option<Arc<dyn ReplyModel>>) -> RepliesParts {
    let finder = Finder::new(FinderParts {
        clock: clock.shared(),
        model,
        breaker: breaker::Settings {
            failures: NonZeroU32::new(3).unwrap(),
            pause: TimeDelta::seconds(20),
        },
    });
    RepliesParts {
        pool: db.pool(Some("hilo_responder")),
        clock: clock.shared(),
        finder: Arc::new(finder),
        turns_in_prompt: TurnsInPrompt::new(NonZeroU16::new(20).unwrap()),
    }
}

impl App {
    pub async fn start() -> Self {
        let (db, clock) = (testkit::database().await, ManualClock::default());
        let model = Arc::new(FakeModel::default());
        let replies = Replies::new(parts(&db, &clock, Some(model.clone())));
        Self { db, clock, model, replies }
    }

    /// The same with another model, or with none.
    pub fn with_model(self, model: Option<Arc<dyn ReplyModel>>) -> Self {
        let replies = Replies::new(parts(&self.db, &self.clock, model));
        Self { replies, ..self }
    }

    /// An account with a profile and a conversation in it.
    pub async fn thread(&self, account_name: &str, customer: u32) -> Thread {
        let mut conn = self.db.conn().await;
        let account = world::account(&mut conn, account_name).await;
        world::profile(&mut conn, account, FACTS, 0).await;
        let (number, ours) = world::number(&mut conn, account, world::Traits::default()).await;
        let (contact, id) = (ContactId::generate(), ConversationId::generate());
        let (theirs, now) = (world::customer(customer), self.clock.now().to_rfc3339());
        let (ours, theirs) = (ours.as_e164(), theirs.as_e164());
        self.run(&format!(
            "INSERT INTO contacts (id, account_id, phone_number, phone_raw, name, created_at)
             VALUES ('{contact}', '{account}', '{theirs}', '{theirs}', 'Ana', '{now}');
             INSERT INTO user_conversations (id, account_id, contact_id, to_number, number_id, from_twilio_number,
               last_message_at, created_at, assigned_reason, assigned_at)
             VALUES ('{id}', '{account}', '{contact}', '{theirs}', '{number}', '{ours}', '{now}', '{now}',
               'written_to', '{now}')"
        ))
        .await;
        Thread { account, id }
    }

    /// The customer writes, and an answer is asked for.
    pub async fn texts(&self, thread: Thread, body: &str) -> ReplyRequested {
        let (message, id) = (MessageId::generate(), thread.id);
        let now = self.clock.now().to_rfc3339();
        self.run(&format!(
            "UPDATE user_conversations SET reply_epoch = reply_epoch + 1 WHERE id = '{id}';
             INSERT INTO sms_messages (id, account_id, conversation_id, number_id, direction, author, body,
               segments, status, status_rank, created_at)
             SELECT '{message}', account_id, id, number_id, 'inbound', 'contact', $body${body}$body$,
               1, 'received', 0, '{now}' FROM user_conversations WHERE id = '{id}'"
        ))
        .await;
        let epoch = format!("SELECT reply_epoch FROM user_conversations WHERE id = '{id}'");
        let reply_epoch = self.ask(&epoch).await.parse().unwrap();
        ReplyRequested { account: thread.account, conversation: id, message, reply_epoch }
    }

    pub async fn run(&self, sql: &str) {
        self.db.conn().await.batch_execute(sql).await.unwrap();
    }

    pub async fn ask(&self, query: &str) -> String {
        self.db.ask(query).await.unwrap_or_default()
    }

    /// Hears a request as the chassis does it, once.
    pub async fn hears(&self, request: &ReplyRequested) -> Said {
        self.hears_as(request, meta(false)).await.unwrap();
        self.said(request).await.expect("a verdict")
    }

    pub async fn hears_as(&self, request: &ReplyRequested, meta: Meta) -> Result<(), HandleError> {
        let outcome = self.replies.call(request, meta).await?;
        let mut conn = self.db.conn_as("hilo_responder").await;
        conn.transaction(async |tx: &mut Tx| {
            self.replies.record(request.clone(), outcome, tx).await
        })
        .await
    }

    /// What was said last about a conversation.
    pub async fn said(&self, request: &ReplyRequested) -> Option<Said> {
        let last =
            "SELECT event_type || ' ' || encode(payload, 'hex') FROM outbox ORDER BY seq DESC";
        let row = self.db.ask(last).await?;
        let (event_type, payload) = row.split_once(' ')?;
        let payload: Vec<u8> = (0..payload.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&payload[at..at + 2], 16).unwrap())
            .collect();
        match event_type {
            ReplyDrafted::TYPE => {
                let drafted = ReplyDrafted::decode(&payload).unwrap();
                assert_eq!(drafted.conversation, request.conversation);
                assert_eq!(drafted.reply_epoch, request.reply_epoch);
                Some(Said::Drafted(drafted.body, drafted.source))
            }
            ReplyWithheld::TYPE => {
                let withheld = ReplyWithheld::decode(&payload).unwrap();
                assert_eq!(withheld.message, request.message);
                Some(Said::Withheld(withheld.reason))
            }
            other => panic!("{other} is not what a responder says"),
        }
    }
}

/// A model during whose thinking something happens.
pub struct Interrupted {
    pub db_url: secrecy::SecretString,
    pub sql: String,
}

#[async_trait]
impl ReplyModel for Interrupted {
    async fn answer(&self, _: &Prompt) -> Result<(Answer, Usage), ModelError> {
        use secrecy::ExposeSecret as _;
        let mut conn = Tx::establish(self.db_url.expose_secret()).await.unwrap();
        conn.batch_execute(&self.sql).await.unwrap();
        let usage = Usage { input_tokens: 10, cached_tokens: 0, output_tokens: 5 };
        Ok((reply("Con gusto.").unwrap(), usage))
    }

    fn name(&self) -> &str {
        "interrupted"
    }
}
