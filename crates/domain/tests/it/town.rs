//! An account with numbers, and people to text.

use std::time::Duration;

use chrono::NaiveDate;
use diesel_async::{AsyncConnection, SimpleAsyncConnection};
use domain::store::conversations::write::{self, Assignments, NewOutbound, Recipient};
use domain::store::conversations::{ConversationRow, NumberRow};
use domain::store::{StoreError, Tx};
use domain::{AccountId, ConversationId, MessageId, NumberId, PhoneNumber, Timestamp};
use testkit::{TestDb, world};

pub struct Town {
    pub account: AccountId,
    pub numbers: Vec<(NumberId, PhoneNumber)>,
    pub db: TestDb,
}

pub fn now() -> Timestamp {
    testkit::clock::noon()
}

pub fn today() -> NaiveDate {
    now().date_naive()
}

pub fn recipient(i: u32) -> Recipient {
    let phone = world::customer(i);
    Recipient { raw: phone.as_e164().to_owned(), phone, user: None }
}

impl Town {
    pub async fn with_numbers(n: usize) -> Self {
        let db = testkit::database().await;
        let mut conn = db.conn().await;
        let account = world::account(&mut conn, "Muebles del Valle").await;
        let numbers = world::numbers(&mut conn, account, n).await;
        Self { account, numbers, db }
    }

    /// A connection in the role of the slice's owner.
    pub async fn conn(&self) -> Tx {
        self.db.conn_as("hilo_conversations").await
    }

    /// Assigns in a transaction of its own.
    pub async fn assign(&self, recipients: &[Recipient]) -> Assignments {
        assign(&mut self.conn().await, self.account, recipients).await.unwrap()
    }

    /// The conversation with a customer, dealt if there is none.
    pub async fn conversation(&self, customer: u32) -> ConversationId {
        let assigned = self.assign(&[recipient(customer)]).await;
        assigned.kept.iter().chain(&assigned.dealt).next().unwrap().conversation_id
    }

    /// Queues an ordinary reply that nothing makes stale.
    pub async fn queue(&self, conversation: ConversationId) -> MessageId {
        self.queue_as(conversation, |_| {}).await
    }

    pub async fn queue_as(
        &self,
        conversation: ConversationId,
        change: impl FnOnce(&mut NewOutbound<'_>),
    ) -> MessageId {
        let mut text = outbound(self.account, conversation);
        change(&mut text);
        write::queue(&mut self.conn().await, &text).await.unwrap();
        text.id
    }

    /// What stands in a column of a text.
    pub async fn text(&self, id: MessageId, column: &str) -> Option<String> {
        self.db.ask(&format!("SELECT {column} FROM sms_messages WHERE id = '{id}'")).await
    }

    pub async fn count(&self, what: &str) -> usize {
        self.db.ask(&format!("SELECT count(*) FROM {what}")).await.unwrap().parse().unwrap()
    }

    pub fn number(&self, index: usize) -> NumberRow {
        let (id, phone) = &self.numbers[index];
        NumberRow { id: *id, account_id: self.account, phone_number: phone.as_e164().to_owned() }
    }
}

pub async fn assign(
    conn: &mut Tx,
    account: AccountId,
    recipients: &[Recipient],
) -> Result<Assignments, StoreError> {
    conn.transaction(async |tx: &mut Tx| {
        write::assign(tx, account, recipients, today(), now()).await
    })
    .await
}

pub fn outbound<'a>(account: AccountId, conversation: ConversationId) -> NewOutbound<'a> {
    NewOutbound {
        id: MessageId::generate(),
        account,
        conversation,
        author: "person",
        author_user: None,
        purpose: "conversation",
        body: "¿Le va bien a las cuatro?",
        segments: 1,
        lane: 0,
        in_reply_to: None,
        reply_epoch: None,
        send_after: now(),
        traceparent: None,
        at: now(),
    }
}

/// Locks a conversation and puts an opt-out on record, within the caller's transaction.
pub async fn opt_out(tx: &mut Tx, conversation: ConversationId) -> diesel::QueryResult<bool> {
    let row: ConversationRow = write::lock(tx, conversation).await?.unwrap();
    write::opt_out(tx, &row, "keyword", "ALTO", None, now()).await
}

/// Begins a transaction by hand: one that is open while something else happens.
pub async fn begin(conn: &mut Tx) {
    conn.batch_execute("BEGIN").await.unwrap();
}

pub async fn commit(conn: &mut Tx) {
    conn.batch_execute("COMMIT").await.unwrap();
}

/// Waits until some session of the test's database waits for a lock; `waiting` must not end before.
pub async fn until_blocked<F: Future + Unpin>(town: &Town, waiting: &mut F) {
    let waits = "SELECT 1 FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database()";
    testkit::until(Duration::from_secs(10), "it waits for a lock", async || {
        assert!(futures_util::poll!(&mut *waiting).is_pending());
        town.db.ask(waits).await.is_some()
    })
    .await;
}
