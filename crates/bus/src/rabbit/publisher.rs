//! Publishing with confirms: a batch is written, then all its confirms are awaited.

use std::sync::Arc;

use futures_util::future::join_all;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Channel, Confirmation, PublisherConfirm};
use tokio::sync::Mutex;

use super::connection::Link;
use super::{PATIENCE, within};
use crate::{BusError, Published, Routing};

pub(super) struct Publisher {
    link: Arc<Link>,
    /// One batch at a time: the confirms of a channel are counted together.
    channel: Mutex<Option<Channel>>,
}

pub(super) struct Message<'b> {
    pub(super) exchange: String,
    pub(super) routing_key: String,
    pub(super) properties: BasicProperties,
    pub(super) body: &'b [u8],
    pub(super) routing: Routing,
}

impl Publisher {
    pub(super) fn new(link: Arc<Link>) -> Self {
        Self { link, channel: Mutex::new(None) }
    }

    pub(super) async fn publish(&self, messages: Vec<Message<'_>>) -> Vec<Published> {
        let mut slot = self.channel.lock().await;
        let channel = match self.channel(&mut slot).await {
            Ok(channel) => channel,
            Err(error) => {
                tracing::warn!(error = %telemetry::chain(&error), "nothing was published");
                return vec![Published::Unknown; messages.len()];
            }
        };
        let confirms = messages.iter().map(|message| async {
            match tokio::time::timeout(PATIENCE, confirm(&channel, message)).await {
                Ok(outcome) => outcome,
                Err(_) => Published::Unknown,
            }
        });
        let outcomes = join_all(confirms).await;
        if outcomes.contains(&Published::Unknown) {
            // Whatever is wrong with the channel, a new one does not have it.
            *slot = None;
        }
        outcomes
    }

    /// One message straight to a queue, by name.
    pub(super) async fn put(
        &self,
        doing: &'static str,
        queue: &str,
        properties: BasicProperties,
        body: &[u8],
    ) -> Result<(), BusError> {
        self.one(doing, String::new(), queue.to_owned(), properties, body).await
    }

    /// One message to an exchange.
    pub(super) async fn one(
        &self,
        doing: &'static str,
        exchange: String,
        routing_key: String,
        properties: BasicProperties,
        body: &[u8],
    ) -> Result<(), BusError> {
        let message =
            Message { exchange, routing_key, properties, body, routing: Routing::Mandatory };
        match self.publish(vec![message]).await.first() {
            Some(Published::Confirmed) => Ok(()),
            Some(Published::Refused) => Err(BusError::Refused { doing }),
            Some(Published::Unknown) | None => Err(BusError::TimedOut { doing }),
        }
    }

    async fn channel(&self, slot: &mut Option<Channel>) -> Result<Channel, BusError> {
        if let Some(channel) = slot.as_ref().filter(|known| known.status().connected()) {
            return Ok(channel.clone());
        }
        let channel = self.link.channel().await?;
        within("ask for confirms", channel.confirm_select(ConfirmSelectOptions::default())).await?;
        *slot = Some(channel.clone());
        Ok(channel)
    }
}

async fn confirm(channel: &Channel, message: &Message<'_>) -> Published {
    let options = BasicPublishOptions {
        mandatory: message.routing == Routing::Mandatory,
        ..BasicPublishOptions::default()
    };
    let sent = channel.basic_publish(
        message.exchange.as_str().into(),
        message.routing_key.as_str().into(),
        options,
        message.body,
        message.properties.clone(),
    );
    match sent.await {
        Ok(confirm) => outcome(confirm).await,
        Err(error) => {
            tracing::debug!(%error, "a message was not written");
            Published::Unknown
        }
    }
}

async fn outcome(confirm: PublisherConfirm) -> Published {
    match confirm.await {
        Ok(Confirmation::Ack(None)) => Published::Confirmed,
        // Returned as unroutable and then acknowledged: an ack, and yet in no queue.
        Ok(Confirmation::Ack(Some(_))) => Published::Refused,
        // A full queue (`reject-publish`).
        Ok(Confirmation::Nack(_)) => Published::Refused,
        Ok(Confirmation::NotRequested) | Err(_) => Published::Unknown,
    }
}
