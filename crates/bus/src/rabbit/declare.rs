//! Exchanges and queues, from data. Changing an argument of a queue that exists is refused by the
//! broker: a new argument needs a new name.

use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, ExchangeKind};

use super::{Settings, within};
use crate::{BusError, Queue};

/// What things are called.
#[derive(Clone, Copy)]
pub(super) struct Names<'s>(pub(super) &'s str);

impl Names<'_> {
    /// The topic exchange that every event goes through.
    pub(super) fn events(self) -> String {
        format!("{}hilo.events", self.0)
    }

    /// A queue, or a routing key: the key is prefixed as well, since retries come back by name.
    pub(super) fn queue(self, name: &str) -> String {
        format!("{}{name}", self.0)
    }

    /// A queue's dead letters.
    pub(super) fn dead(self, name: &str) -> String {
        format!("{}{name}.dead", self.0)
    }

    /// A rung of the ladder: a fan-out exchange and its one queue.
    pub(super) fn rung(self, delay: std::time::Duration) -> String {
        format!("{}hilo.retry.{}", self.0, delay.as_millis())
    }
}

/// Deliveries of one message before the broker itself sets it aside: one that kills its handler's
/// process is seen at most this often. RabbitMQ 4 has the same default, 3.10 has none.
const DELIVERY_LIMIT: i32 = 20;
/// Dead letters kept a queue; beyond that, what dies waits unacknowledged.
const MAX_DEAD: i64 = 100_000;

pub(super) async fn declare(
    channel: &Channel,
    settings: &Settings,
    queues: &[Queue],
) -> Result<(), BusError> {
    let names = Names(&settings.prefix);
    exchange(channel, &names.events(), ExchangeKind::Topic).await?;
    for delay in settings.ladder.rungs() {
        let rung = names.rung(delay);
        exchange(channel, &rung, ExchangeKind::Fanout).await?;
        let ttl = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
        // Without a dead-letter routing key the message keeps its own: the name of its queue.
        let arguments =
            [("x-message-ttl", AMQPValue::LongLongInt(ttl)), ("x-dead-letter-exchange", text(""))];
        queue(channel, &rung, settings.max_length.into(), &arguments).await?;
        bind(channel, &rung, &rung, "").await?;
    }
    for declared in queues {
        let (name, dead) = (names.queue(declared.name), names.dead(declared.name));
        queue(channel, &dead, MAX_DEAD, &[]).await?;
        let arguments = [
            ("x-delivery-limit", AMQPValue::LongInt(DELIVERY_LIMIT)),
            ("x-dead-letter-exchange", text("")),
            ("x-dead-letter-routing-key", text(&dead)),
        ];
        queue(channel, &name, settings.max_length.into(), &arguments).await?;
        if let Some(event_type) = declared.event_type {
            bind(channel, &name, &names.events(), &names.queue(event_type)).await?;
        }
    }
    Ok(())
}

async fn exchange(channel: &Channel, name: &str, kind: ExchangeKind) -> Result<(), BusError> {
    let options = ExchangeDeclareOptions { durable: true, ..ExchangeDeclareOptions::default() };
    let declare = channel.exchange_declare(name.into(), kind, options, FieldTable::default());
    within("declare", declare).await
}

async fn queue(
    channel: &Channel,
    name: &str,
    max_length: i64,
    more: &[(&'static str, AMQPValue)],
) -> Result<(), BusError> {
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), text("quorum"));
    arguments.insert("x-max-length".into(), AMQPValue::LongLongInt(max_length));
    // A full queue says no instead of dropping its oldest; dead-lettering at least once needs it.
    arguments.insert("x-overflow".into(), text("reject-publish"));
    if more.iter().any(|(key, _)| *key == "x-dead-letter-exchange") {
        arguments.insert("x-dead-letter-strategy".into(), text("at-least-once"));
    }
    for (key, value) in more {
        arguments.insert((*key).into(), value.clone());
    }
    let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    within("declare", channel.queue_declare(name.into(), options, arguments)).await.map(drop)
}

async fn bind(channel: &Channel, queue: &str, exchange: &str, key: &str) -> Result<(), BusError> {
    let bind = channel.queue_bind(
        queue.into(),
        exchange.into(),
        key.into(),
        QueueBindOptions::default(),
        FieldTable::default(),
    );
    within("declare", bind).await
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}
