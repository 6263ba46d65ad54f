//! RabbitMQ, 3.10 and 4.x: quorum queues, confirms, a ladder of TTL queues, dead letters.

mod connection;
mod consumer;
mod declare;
mod publisher;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lapin::options::{BasicAckOptions, BasicGetOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use secrecy::SecretString;

use crate::{Bus, BusError, Consumer, Depth, Envelope, Ladder, Outgoing, Published, Queue};
use connection::Link;
use publisher::Publisher;

/// How to reach the broker.
#[derive(Debug, Clone)]
pub struct Settings {
    /// An `amqp://` or `amqps://` URL.
    pub url: SecretString,
    /// What the broker's tools call this connection.
    pub name: String,
    /// Before every name of exchange and queue: empty for the house, something of its own for each
    /// test that shares a broker.
    pub prefix: String,
    /// The retry ladder's delays.
    pub ladder: Ladder,
    /// Most messages a queue holds; more are refused, and wait in the outbox.
    pub max_length: u32,
}

impl Settings {
    /// The house's own settings.
    pub fn new(url: SecretString, name: impl Into<String>) -> Self {
        Self {
            url,
            name: name.into(),
            prefix: String::new(),
            ladder: Ladder::default(),
            max_length: 1_000_000,
        }
    }
}

/// Nothing that we ask of the broker takes longer than this, or we take it as failed. A confirm that
/// is pending when the broker stops is not failed by itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// A bus on RabbitMQ. It connects when first asked, and again whenever the connection is lost.
#[derive(Clone)]
pub struct RabbitBus {
    link: Arc<Link>,
    publisher: Arc<Publisher>,
}

impl RabbitBus {
    /// A bus that will connect when first asked.
    pub fn new(settings: Settings) -> Self {
        let link = Arc::new(Link::new(settings));
        Self { publisher: Arc::new(Publisher::new(Arc::clone(&link))), link }
    }

    fn queue(&self, queue: &Queue) -> String {
        self.link.names().queue(queue.name)
    }
}

/// Fails what takes too long.
async fn within<T>(
    doing: &'static str,
    work: impl Future<Output = lapin::Result<T>>,
) -> Result<T, BusError> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(BusError::unavailable(doing)(Box::new(error))),
        Err(_) => Err(BusError::TimedOut { doing }),
    }
}

#[async_trait]
impl Bus for RabbitBus {
    async fn declare(&self, queues: &[Queue]) -> Result<(), BusError> {
        self.link.declare(queues).await
    }

    async fn publish(&self, batch: &[Outgoing]) -> Vec<Published> {
        let (exchange, names) = (self.link.names().events(), self.link.names());
        let messages = batch.iter().map(|outgoing| publisher::Message {
            exchange: exchange.clone(),
            routing_key: names.queue(&outgoing.envelope.event_type),
            properties: wire::properties(&outgoing.envelope, 0),
            body: &outgoing.envelope.body,
            routing: outgoing.routing,
        });
        self.publisher.publish(messages.collect()).await
    }

    async fn put(&self, queue: &Queue, envelope: &Envelope) -> Result<(), BusError> {
        let properties = wire::properties(envelope, 0);
        self.publisher.put("spool", &self.queue(queue), properties, &envelope.body).await
    }

    async fn consume(&self, queue: &Queue) -> Result<Box<dyn Consumer>, BusError> {
        let consumer = consumer::RabbitConsumer::start(self, queue).await?;
        Ok(Box::new(consumer))
    }

    async fn replay(&self, queue: &Queue, at_most: usize) -> Result<usize, BusError> {
        let channel = self.link.channel().await?;
        let (queue, dead) = (self.queue(queue), self.link.names().dead(queue.name));
        for replayed in 0..at_most {
            let get = channel.basic_get(dead.as_str().into(), BasicGetOptions::default());
            let Some(message) = within("replay", get).await? else { return Ok(replayed) };
            let properties = wire::fresh(&message.delivery.properties);
            self.publisher.put("replay", &queue, properties, &message.delivery.data).await?;
            within("replay", message.delivery.acker.ack(BasicAckOptions::default())).await?;
        }
        Ok(at_most)
    }

    async fn depth(&self, queue: &Queue) -> Result<Depth, BusError> {
        let channel = self.link.channel().await?;
        let mut counts = [0_u64; 2];
        let names = [self.queue(queue), self.link.names().dead(queue.name)];
        for (count, name) in counts.iter_mut().zip(names) {
            let passive = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
            let declare = channel.queue_declare(name.into(), passive, FieldTable::default());
            *count = u64::from(within("count", declare).await?.message_count());
        }
        let [waiting, dead] = counts;
        Ok(Depth { waiting, dead })
    }
}
