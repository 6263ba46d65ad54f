//! Deliveries of one queue, and what becomes of them.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use lapin::Channel;
use lapin::message::Delivery as Message;
use lapin::options::{
    BasicAckOptions, BasicCancelOptions, BasicConsumeOptions, BasicNackOptions, BasicQosOptions,
};
use lapin::types::FieldTable;

use super::{RabbitBus, wire, within};
use crate::{BusError, Consumer, Delivery, Queue, Settle};

pub(super) struct RabbitConsumer {
    bus: RabbitBus,
    queue: Queue,
    channel: Channel,
    messages: lapin::Consumer,
}

impl RabbitConsumer {
    pub(super) async fn start(bus: &RabbitBus, queue: &Queue) -> Result<Self, BusError> {
        let channel = bus.link.channel().await?;
        let qos = channel.basic_qos(queue.prefetch, BasicQosOptions::default());
        within("consume", qos).await?;
        let consume = channel.basic_consume(
            bus.queue(queue).into(),
            "".into(),
            BasicConsumeOptions::default(),
            FieldTable::default(),
        );
        let messages = within("consume", consume).await?;
        Ok(Self { bus: bus.clone(), queue: *queue, channel, messages })
    }
}

#[async_trait]
impl Consumer for RabbitConsumer {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        match self.messages.next().await {
            Some(Ok(message)) => Ok(Delivery {
                envelope: wire::envelope(&message),
                attempt: wire::attempt(&message.properties),
                settle: Box::new(RabbitSettle {
                    bus: self.bus.clone(),
                    queue: self.queue,
                    message: Some(message),
                }),
            }),
            Some(Err(error)) => Err(BusError::unavailable("deliver")(Box::new(error))),
            // Cancelled by the broker (the queue was deleted) or the connection is gone.
            None => Err(BusError::Refused { doing: "deliver" }),
        }
    }

    async fn close(self: Box<Self>) {
        let cancel = self.channel.basic_cancel(self.messages.tag(), BasicCancelOptions::default());
        let _ = within("close", cancel).await;
        // What was prefetched and not handled goes back to the queue when the channel closes; so it
        // is closed even if the broker was too slow to say that it has cancelled.
        let _ = within("close", self.channel.close(200, "done".into())).await;
    }
}

struct RabbitSettle {
    bus: RabbitBus,
    queue: Queue,
    /// Taken when it is settled; still here when it is dropped.
    message: Option<Message>,
}

impl RabbitSettle {
    fn take(&mut self) -> Result<Message, BusError> {
        self.message.take().ok_or(BusError::Refused { doing: "settle twice" })
    }
}

#[async_trait]
impl Settle for RabbitSettle {
    async fn ack(mut self: Box<Self>) -> Result<(), BusError> {
        let message = self.take()?;
        within("ack", message.acker.ack(BasicAckOptions::default())).await.map(drop)
    }

    /// The copy on the ladder is confirmed before the original is acknowledged: dying in between
    /// makes two of it, never none.
    async fn retry(mut self: Box<Self>, after: Duration) -> Result<(), BusError> {
        let message = self.take()?;
        let attempt = wire::attempt(&message.properties).saturating_add(1);
        let properties = wire::put_back(&message.properties, attempt);
        let (rung, key) = (rung(&self.bus, after), self.bus.queue(&self.queue));
        let moved = self.bus.publisher.one("retry", rung, key, properties, &message.data).await;
        finish(message, moved).await
    }

    async fn bury(mut self: Box<Self>, why: &str) -> Result<(), BusError> {
        let message = self.take()?;
        let properties = wire::dead(&message.properties, why);
        let dead = self.bus.link.names().dead(self.queue.name);
        let moved = self.bus.publisher.put("bury", &dead, properties, &message.data).await;
        finish(message, moved).await
    }
}

async fn finish(message: Message, moved: Result<(), BusError>) -> Result<(), BusError> {
    match moved {
        Ok(()) => within("ack", message.acker.ack(BasicAckOptions::default())).await.map(drop),
        Err(error) => {
            let back = BasicNackOptions { requeue: true, ..BasicNackOptions::default() };
            within("give back", message.acker.nack(back)).await?;
            Err(error)
        }
    }
}

/// The rung whose delay comes closest to what was asked for.
fn rung(bus: &RabbitBus, after: Duration) -> String {
    let distance = |delay: &Duration| delay.abs_diff(after);
    let nearest = bus.link.ladder().rungs().min_by_key(distance).unwrap_or(after);
    bus.link.names().rung(nearest)
}

/// Dropped unsettled (a handler panicked): back to the queue at once, where the broker counts it
/// towards its delivery limit.
impl Drop for RabbitSettle {
    fn drop(&mut self) {
        if let Some(message) = self.message.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move {
                let back = BasicNackOptions { requeue: true, ..BasicNackOptions::default() };
                let _ = message.acker.nack(back).await;
            });
        }
    }
}
