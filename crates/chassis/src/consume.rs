//! Hearing: a message becomes an event, the event is handled once, and what cannot be handled goes
//! to the ladder or to the dead letters. Written once, for every consumer.

mod runner;
mod settle;

use domain::store::{StoreError, Tx};
use domain::{EventId, Timestamp};
use events::Event;

use crate::Subscription;

pub(crate) use runner::{Job, Runner};
pub(crate) use settle::{CallerJob, Desk, DrainJob, HandlerJob};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What is known of a delivery beside its event.
#[derive(Debug, Clone, Copy)]
pub struct Meta {
    /// The event's id.
    pub id: EventId,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Whether a failure now is the last: then it is set aside for a person.
    pub last_attempt: bool,
}

/// Reacts to an event within one transaction.
///
/// The transaction is all the power that a handler has: it can't ack, can't publish, can't open a
/// second one. Those three are the runner's.
pub trait Handler: Send + Sync + 'static {
    /// The broker's side.
    const SUBSCRIPTION: Subscription;
    /// What it hears.
    type Event: Event;

    /// Handles the event; an error rolls back all that was done.
    fn handle(
        &self,
        event: Self::Event,
        meta: Meta,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), HandleError>> + Send;
}

/// Reacts to an event by asking the outside, and records what came of it within one transaction.
///
/// It may be asked again after a crash, so it is only for calls whose repetition costs a cent.
/// Texting or mailing a person is not one.
pub trait Caller: Send + Sync + 'static {
    /// The broker's side.
    const SUBSCRIPTION: Subscription;
    /// What it hears.
    type Event: Event;
    /// What it learned.
    type Outcome: Send;

    /// Asks; no transaction is open.
    fn call(
        &self,
        event: &Self::Event,
        meta: Meta,
    ) -> impl Future<Output = Result<Self::Outcome, HandleError>> + Send;

    /// Records what was learned.
    fn record(
        &self,
        event: Self::Event,
        outcome: Self::Outcome,
        tx: &mut Tx,
    ) -> impl Future<Output = Result<(), HandleError>> + Send;
}

/// Why an event was not handled, and so where it goes next.
#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    /// It waits on the ladder and comes again, as often as the subscription's patience allows.
    #[error("will be tried again")]
    Retry(#[source] BoxError),
    /// It goes to the dead letters at once.
    #[error("can never succeed")]
    Dead(#[source] BoxError),
    /// The database is away. That is no fault of the event: it is kept in hand and tried until the
    /// database is back, without an attempt being counted.
    #[error("waits for the database")]
    Outage(#[source] BoxError),
}

impl HandleError {
    /// An error that may pass.
    pub fn retry(error: impl Into<BoxError>) -> Self {
        Self::Retry(error.into())
    }

    /// An error that stays.
    pub fn dead(error: impl Into<BoxError>) -> Self {
        Self::Dead(error.into())
    }
}

impl From<StoreError> for HandleError {
    fn from(error: StoreError) -> Self {
        if error.is_outage() { Self::Outage(error.into()) } else { Self::Retry(error.into()) }
    }
}

impl From<diesel::result::Error> for HandleError {
    fn from(error: diesel::result::Error) -> Self {
        StoreError::from(error).into()
    }
}
