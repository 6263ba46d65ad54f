//! The one connection of a bus: made when first asked for, made again when it was lost.

use std::sync::{Arc, Mutex as SyncMutex, PoisonError};

use lapin::{Channel, Connection, ConnectionProperties};
use secrecy::ExposeSecret;
use tokio::sync::Mutex;

use super::declare::Names;
use super::{Settings, declare, within};
use crate::{BusError, Ladder, Queue};

/// We reconnect by ourselves instead of by lapin's recovery: a loss is then seen at once by whoever
/// waits for a confirm, and there is one way in which a consumer begins.
pub(super) struct Link {
    settings: Settings,
    connection: Mutex<Option<Arc<Connection>>>,
    declared: SyncMutex<Vec<Queue>>,
}

impl Link {
    pub(super) fn new(settings: Settings) -> Self {
        Self { settings, connection: Mutex::new(None), declared: SyncMutex::default() }
    }

    pub(super) fn names(&self) -> Names<'_> {
        Names(&self.settings.prefix)
    }

    pub(super) fn ladder(&self) -> Ladder {
        self.settings.ladder
    }

    /// Declares now, and again on every new connection: a broker may come back empty.
    pub(super) async fn declare(&self, queues: &[Queue]) -> Result<(), BusError> {
        {
            let mut declared = self.declared.lock().unwrap_or_else(PoisonError::into_inner);
            let new: Vec<Queue> =
                queues.iter().filter(|queue| !declared.contains(queue)).copied().collect();
            declared.extend(new);
        }
        let channel = self.channel().await?;
        declare::declare(&channel, &self.settings, queues).await
    }

    /// A channel of its own for the caller.
    pub(super) async fn channel(&self) -> Result<Channel, BusError> {
        let connection = self.connection().await?;
        within("open a channel", connection.create_channel()).await
    }

    async fn connection(&self) -> Result<Arc<Connection>, BusError> {
        let mut slot = self.connection.lock().await;
        if let Some(connection) = slot.as_ref().filter(|known| known.status().connected()) {
            return Ok(Arc::clone(connection));
        }
        *slot = None;
        let properties = ConnectionProperties::default()
            .with_connection_name(self.settings.name.as_str().into());
        let connect = Connection::connect(self.settings.url.expose_secret(), properties);
        let connection = Arc::new(within("connect", connect).await?);
        let declared = self.declared.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !declared.is_empty() {
            let channel = within("open a channel", connection.create_channel()).await?;
            declare::declare(&channel, &self.settings, &declared).await?;
        }
        *slot = Some(Arc::clone(&connection));
        Ok(connection)
    }
}
