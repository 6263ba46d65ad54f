//! Who sees which number: the one they always saw or, for a new recipient, the next in the deal.
//!
//! Concurrent callers share a transaction: the deal costs one lock a batch instead of one a caller.

use std::collections::BTreeMap;

use diesel_async::AsyncConnection;
use domain::store::conversations::write::{Assignments, Recipient};
use domain::store::conversations::{Assigned, write};
use domain::store::{Pool, StoreError, Tx, gateway, no_connection};
use domain::{AccountId, PhoneNumber, SharedClock, Timestamp, UserId, Zone};
use events::ConversationStarted;
use outbox::{BatchQueue, Batcher, NotTaken};
use tokio_util::sync::CancellationToken;

/// Callers that may wait at once; more are told so.
const CAPACITY: usize = 10_000;
/// Callers that share a transaction. Above about a thousand the statements, not the commits, are
/// the cost.
const BATCH: usize = 1_024;

/// Why a recipient has no number.
#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    /// Every number of the account is disabled, quarantined or over its day's budget.
    #[error("no number of the account takes new recipients today")]
    NoNumber,
    /// The account does not exist or its zone is unknown.
    #[error("there is no such account")]
    NoSuchAccount,
    /// Too many callers wait.
    #[error("too many are asking")]
    Busy(#[from] NotTaken),
    /// The database.
    #[error("the number could not be looked up")]
    Store(#[from] StoreError),
    /// The batch that this was in failed.
    #[error("the batch failed: {0}")]
    Batch(String),
}

impl From<diesel::result::Error> for AssignError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

type Asked = (AccountId, Recipient);
type Answer = Result<Assigned, AssignError>;

/// Deals numbers.
#[derive(Clone)]
pub struct Rotation {
    batcher: Batcher<Asked, Answer>,
}

/// The task behind a [`Rotation`].
pub struct RotationWriter {
    queue: BatchQueue<Asked, Answer>,
    pool: Pool,
    clock: SharedClock,
}

impl Rotation {
    /// A rotation and the task that must run for it.
    pub fn new(pool: Pool, clock: SharedClock) -> (Self, RotationWriter) {
        let (batcher, queue) = Batcher::new(CAPACITY, BATCH);
        (Self { batcher }, RotationWriter { queue, pool, clock })
    }

    /// The number that this recipient sees. A new conversation belongs to `user`; one that is there
    /// is touched.
    pub async fn number_for_recipient(
        &self,
        account: AccountId,
        user: Option<UserId>,
        to: PhoneNumber,
    ) -> Result<Assigned, AssignError> {
        let raw = to.as_e164().to_owned();
        self.batcher.submit((account, Recipient { phone: to, raw, user })).await?
    }
}

impl RotationWriter {
    /// Deals until `stop`, and then to those who still wait.
    pub async fn run(self, stop: CancellationToken) {
        let Self { queue, pool, clock } = self;
        queue.run(stop, async |asked| answer(&pool, &clock, asked).await).await;
    }
}

async fn answer(pool: &Pool, clock: &SharedClock, asked: Vec<Asked>) -> Vec<Answer> {
    let mut accounts: BTreeMap<AccountId, Vec<Recipient>> = BTreeMap::new();
    for (account, recipient) in &asked {
        accounts.entry(*account).or_default().push(recipient.clone());
    }
    let mut found = BTreeMap::new();
    let mut failed = BTreeMap::new();
    for (account, recipients) in accounts {
        match assign_all(pool, clock, account, &recipients).await {
            Ok(assignments) => {
                let assigned = assignments.kept.into_iter().chain(assignments.dealt);
                found.extend(assigned.map(|row| ((account, row.to_number.clone()), row)));
            }
            Err(error) => {
                failed.insert(account, error);
            }
        }
    }
    let answer = |(account, recipient): Asked| match failed.get(&account) {
        Some(AssignError::NoSuchAccount) => Err(AssignError::NoSuchAccount),
        Some(error) => Err(AssignError::Batch(telemetry::chain(error))),
        None => found
            .get(&(account, recipient.phone.as_e164().to_owned()))
            .cloned()
            .ok_or(AssignError::NoNumber),
    };
    asked.into_iter().map(answer).collect()
}

/// Finds or deals a number for each recipient of an account, in one transaction; the same for one
/// and for a hundred thousand.
pub async fn assign_all(
    pool: &Pool,
    clock: &SharedClock,
    account: AccountId,
    recipients: &[Recipient],
) -> Result<Assignments, AssignError> {
    let now = clock.now();
    let mut conn = pool.get().await.map_err(no_connection)?;
    let conn: &mut Tx = &mut conn;
    conn.transaction(async |tx: &mut Tx| assign_in(tx, account, recipients, now).await).await
}

/// The same within a transaction of the caller's, which locks no conversation before.
pub(crate) async fn assign_in(
    tx: &mut Tx,
    account: AccountId,
    recipients: &[Recipient],
    now: Timestamp,
) -> Result<Assignments, AssignError> {
    let row = gateway::read::account(tx, account).await?.ok_or(AssignError::NoSuchAccount)?;
    let zone = Zone::parse(&row.time_zone).map_err(|_| AssignError::NoSuchAccount)?;
    let assignments = write::assign(tx, account, recipients, zone.day_of(now), now).await?;
    let started: Vec<ConversationStarted> = assignments
        .dealt
        .iter()
        .map(|row| ConversationStarted {
            account,
            conversation: row.conversation_id,
            contact: row.contact_id,
            number: row.number_id,
            reason: "rotation".to_owned(),
        })
        .collect();
    outbox::enqueue_all(tx, &started, now).await?;
    Ok(assignments)
}
