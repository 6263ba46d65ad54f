//! What our tables and the simulator's ledger say when all is quiet.

use std::collections::HashMap;

use anyhow::Context;
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnection, RunQueryDsl};
use domain::Timestamp;
use domain::store::Tx;
use secrecy::{ExposeSecret, SecretString};
use simulator::{Ledger, Sent, Simulator};
use uuid::Uuid;

use super::heard::{Asked, Heard, Listener};

/// Both sides.
pub struct Books {
    pub ledger: Ledger,
    pub inbound: Vec<Inbound>,
    pub outbound: Vec<Outbound>,
    pub opt_outs: Vec<OptOut>,
    /// Conversations whose last text was never considered: (message, conversation).
    pub unconsidered: Vec<Unconsidered>,
    /// Journal entries by source.
    pub receipts: HashMap<String, i64>,
    /// What screens were told, and how far that went.
    pub told: Vec<Heard>,
    pub head: i64,
    /// What they saw.
    pub listeners: Vec<Listener>,
    /// What a person asked for, and what is there of it.
    pub asked: Vec<Asked>,
    pub by_person: Vec<ByPerson>,
}

/// A text that came in.
#[derive(Debug, diesel::QueryableByName)]
pub struct Inbound {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub twilio_sid: String,
}

/// A text of ours.
#[derive(Debug, diesel::QueryableByName)]
pub struct Outbound {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub to_number: String,
    #[diesel(sql_type = Text)]
    pub author: String,
    #[diesel(sql_type = Text)]
    pub purpose: String,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = SmallInt)]
    pub attempts: i16,
    #[diesel(sql_type = Nullable<Text>)]
    pub twilio_sid: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub in_reply_to: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub claimed_at: Option<Timestamp>,
}

/// An opt-out, in force or revoked.
#[derive(Debug, diesel::QueryableByName)]
pub struct OptOut {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub phone_number: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub revoked_at: Option<Timestamp>,
}

/// A last word that nobody thought about.
#[derive(Debug, diesel::QueryableByName)]
pub struct Unconsidered {
    #[diesel(sql_type = SqlUuid)]
    pub message: Uuid,
}

/// A text that a person wrote.
#[derive(Debug, diesel::QueryableByName)]
pub struct ByPerson {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub body: String,
}

#[derive(diesel::QueryableByName)]
struct Told {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    conversation_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    message_id: Option<Uuid>,
}

#[derive(diesel::QueryableByName)]
struct Head {
    #[diesel(sql_type = BigInt)]
    head: i64,
}

#[derive(diesel::QueryableByName)]
struct BySource {
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

const OUTBOUND: &str = "
    SELECT m.id, c.to_number, m.author, m.purpose, m.status, m.attempts, m.twilio_sid, m.in_reply_to, m.claimed_at
    FROM sms_messages m JOIN user_conversations c ON c.id = m.conversation_id
    WHERE m.direction = 'outbound'";

/// Whoever may be answered and has the last word: was an answer looked for? What was texted before a
/// person gave the conversation back to the assistant is that person's: the row of their request was
/// committed with it, and names the conversation.
const UNCONSIDERED: &str = "
    SELECT last.id AS message FROM user_conversations c
    CROSS JOIN LATERAL (SELECT id, created_at FROM sms_messages m WHERE m.conversation_id = c.id AND m.direction = 'inbound'
                        ORDER BY id DESC LIMIT 1) AS last
    WHERE c.assistant = 'on'
      AND NOT EXISTS (SELECT 1 FROM opt_outs o WHERE o.account_id = c.account_id AND o.phone_number = c.to_number)
      AND NOT EXISTS (SELECT 1 FROM idempotency_keys k WHERE k.answer ->> 'id' = c.id::text
                        AND k.created_at > last.created_at - interval '5 seconds')
      AND NOT EXISTS (SELECT 1 FROM ai_runs r WHERE r.conversation_id = c.id AND r.reply_epoch = c.reply_epoch)";

/// Reads both; what screens saw and what a person was answered is added by whoever knows.
pub async fn read(database: &SecretString, world: &Simulator) -> anyhow::Result<Books> {
    let mut conn =
        Tx::establish(database.expose_secret()).await.context("the books cannot be read")?;
    let conn = &mut conn;
    let inbound = "SELECT id, twilio_sid FROM sms_messages WHERE direction = 'inbound'";
    let opt_outs = "SELECT id, phone_number, revoked_at FROM opt_outs";
    let sources =
        "SELECT source, count(*) AS n FROM webhook_receipts WHERE kind = 'sms_inbound' GROUP BY 1";
    let told = "SELECT id, kind, what, conversation_id, message_id FROM live_events";
    let by_person = "SELECT id, body FROM sms_messages WHERE author = 'person'";
    let by_source: Vec<BySource> = diesel::sql_query(sources).load(conn).await?;
    let told: Vec<Told> = diesel::sql_query(told).load(conn).await?;
    Ok(Books {
        ledger: world.ledger(),
        inbound: diesel::sql_query(inbound).load(conn).await?,
        outbound: diesel::sql_query(OUTBOUND).load(conn).await?,
        opt_outs: diesel::sql_query(opt_outs).load(conn).await?,
        unconsidered: diesel::sql_query(UNCONSIDERED).load(conn).await?,
        receipts: by_source.into_iter().map(|row| (row.source, row.n)).collect(),
        told: told.into_iter().map(Heard::from).collect(),
        head: head_of(conn).await?,
        listeners: Vec::new(),
        asked: Vec::new(),
        by_person: diesel::sql_query(by_person).load(conn).await?,
    })
}

/// How far what screens are told has gone; there is one account.
pub async fn head(database: &SecretString) -> anyhow::Result<i64> {
    let mut conn = Tx::establish(database.expose_secret()).await.context("the database is away")?;
    head_of(&mut conn).await
}

async fn head_of(conn: &mut Tx) -> anyhow::Result<i64> {
    let sql = "SELECT COALESCE(max(head), 0) AS head FROM live_heads";
    let row: Head = diesel::sql_query(sql).get_result(conn).await?;
    Ok(row.head)
}

impl From<Told> for Heard {
    fn from(row: Told) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            what: row.what,
            conversation: row.conversation_id,
            message: row.message_id,
        }
    }
}

impl Books {
    /// The ledger's entries by the message of ours that they carry.
    pub fn sent_by_message(&self) -> HashMap<Uuid, Vec<&Sent>> {
        let mut by_message: HashMap<Uuid, Vec<&Sent>> = HashMap::new();
        for sent in &self.ledger.messages {
            by_message.entry(message_of(sent).unwrap_or_default()).or_default().push(sent);
        }
        by_message
    }
}

/// Our id in the callback URL of a text.
fn message_of(sent: &Sent) -> Option<Uuid> {
    let url: url::Url = sent.status_callback.as_deref()?.parse().ok()?;
    let (_, id) = url.query_pairs().find(|(name, _)| name == "message")?;
    id.parse().ok()
}
