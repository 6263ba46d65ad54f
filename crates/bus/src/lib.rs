//! The broker: bytes in envelopes, on queues that are declared from data.
//!
//! Two buses keep one contract (`tests/it/contract.rs`): [`rabbit`], and [`embedded`], the same
//! queues in Postgres for a laptop, a demo and tests.

pub mod embedded;
mod envelope;
mod error;
pub mod rabbit;
mod topology;

use std::time::Duration;

use async_trait::async_trait;

pub use envelope::Envelope;
pub use error::BusError;
pub use topology::{Ladder, Patience, Queue, Subscription};

/// A bus.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Makes queues, their ladder and their dead letters, if they are not there.
    async fn declare(&self, queues: &[Queue]) -> Result<(), BusError>;

    /// Publishes in order and waits for the confirms; one outcome an envelope.
    async fn publish(&self, batch: &[Outgoing]) -> Vec<Published>;

    /// Puts an envelope straight into a durable queue and waits for the confirm: the way around a
    /// database that is down.
    async fn put(&self, queue: &Queue, envelope: &Envelope) -> Result<(), BusError>;

    /// Starts to consume a queue. Not to be dropped halfway: the broker may have begun to deliver to a
    /// consumer that nobody reads.
    async fn consume(&self, queue: &Queue) -> Result<Box<dyn Consumer>, BusError>;

    /// Gives up to `at_most` dead letters of a queue another life; returns how many.
    async fn replay(&self, queue: &Queue, at_most: usize) -> Result<usize, BusError>;

    /// How many messages of a queue wait and how many are dead.
    async fn depth(&self, queue: &Queue) -> Result<Depth, BusError>;
}

/// One to publish.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// What.
    pub envelope: Envelope,
    /// Whether it must reach at least one queue.
    pub routing: Routing,
}

/// What becomes of an envelope that no queue is bound for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Routing {
    /// It is refused, and stays with the sayer.
    Mandatory,
    /// It is dropped: nobody of the house hears it yet.
    Optional,
}

/// What became of one that was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// It is in every queue it belongs to, durably.
    Confirmed,
    /// No queue is bound for it, or one is full. Others may pass.
    Refused,
    /// Nobody knows; the hearers' inboxes make it safe to publish again.
    Unknown,
}

/// How full a queue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// To be handled.
    pub waiting: u64,
    /// Set aside for a person.
    pub dead: u64,
}

/// Deliveries of one queue.
#[async_trait]
pub trait Consumer: Send {
    /// The next delivery. Waits while as many are unsettled as the queue's prefetch allows. After an
    /// error the consumer is of no more use.
    async fn next(&mut self) -> Result<Delivery, BusError>;

    /// Gives back what was not handled and forgets the rest.
    async fn close(self: Box<Self>);
}

/// A message in hand. It comes again if it is dropped unsettled.
pub struct Delivery {
    /// The message, or why it is not one of ours.
    pub envelope: Result<Envelope, BusError>,
    /// How often it was put back before.
    pub attempt: u32,
    /// What to do with it.
    pub settle: Box<dyn Settle>,
}

/// What can become of a delivery.
#[async_trait]
pub trait Settle: Send + Sync {
    /// Handled.
    async fn ack(self: Box<Self>) -> Result<(), BusError>;
    /// Comes again after a while, with one attempt more.
    async fn retry(self: Box<Self>, after: Duration) -> Result<(), BusError>;
    /// Set aside for a person.
    async fn bury(self: Box<Self>, why: &str) -> Result<(), BusError>;
}
