//! Waking up when another process has committed something: LISTEN on one connection, with a
//! `watch` a channel. Every waiter also polls, so a lost notification costs time and nothing else.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use futures_util::StreamExt;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Rows are waiting in the outbox.
pub const OUTBOX: &str = "hilo_outbox";
/// A text was queued.
pub const SEND: &str = "hilo_send";
/// A reply will be due.
pub const REPLY_DUE: &str = "hilo_reply_due";
/// A message reached a queue of the embedded bus.
pub const BUS: &str = "hilo_bus";
/// A file of contacts waits to be read in.
pub const IMPORT: &str = "hilo_import";
/// A session or token ended, or may do something else than before.
pub const SESSIONS: &str = "hilo_sessions";
/// Screens have something to be told.
pub const LIVE: &str = "hilo_live";

const CHANNELS: [&str; 7] = [OUTBOX, SEND, REPLY_DUE, BUS, IMPORT, SESSIONS, LIVE];

/// How long we wait before connecting again.
const RECONNECT: Duration = Duration::from_millis(250);

#[derive(Debug, thiserror::Error)]
enum ListenError {
    #[error("no connection to the database")]
    Connect(#[from] diesel::ConnectionError),
    #[error("the connection was lost")]
    Lost(#[from] diesel::result::Error),
}

/// The channels that can be waited on.
#[derive(Clone)]
pub struct Wakeups {
    channels: Arc<HashMap<&'static str, watch::Sender<()>>>,
}

/// Wakes when something happened on a channel since it last woke.
pub struct Wakeup(watch::Receiver<()>);

impl Default for Wakeups {
    fn default() -> Self {
        let channels = CHANNELS.iter().map(|name| (*name, watch::Sender::new(()))).collect();
        Self { channels: Arc::new(channels) }
    }
}

impl Wakeups {
    /// A waiter on one of the channels above.
    pub fn on(&self, channel: &'static str) -> Wakeup {
        match self.channels.get(channel) {
            Some(sender) => Wakeup(sender.subscribe()),
            // A channel that nobody notifies: the waiter's own poll is its net.
            None => Wakeup(watch::Sender::new(()).subscribe()),
        }
    }

    /// Listens until `stop`, reconnecting for ever.
    pub async fn run(self, url: SecretString, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let listening = self.listen(&url);
            match stop.run_until_cancelled(listening).await {
                None => return,
                Some(Ok(())) => {}
                Some(Err(error)) => tracing::debug!(%error, "not listening, connecting again"),
            }
            self.wake_all();
            stop.run_until_cancelled(tokio::time::sleep(RECONNECT)).await;
        }
    }

    async fn listen(&self, url: &SecretString) -> Result<(), ListenError> {
        let mut conn = super::pool::establish(url.expose_secret()).await?;
        let listens: String = CHANNELS.iter().map(|name| format!("LISTEN {name};")).collect();
        conn.batch_execute(&listens).await?;
        // What was committed before we listened was not heard.
        self.wake_all();
        let mut notices = std::pin::pin!(conn.notifications_stream());
        while let Some(notice) = notices.next().await {
            self.wake(&notice?.channel);
        }
        Ok(())
    }

    fn wake(&self, channel: &str) {
        if let Some(sender) = self.channels.get(channel) {
            sender.send_replace(());
        }
    }

    fn wake_all(&self) {
        for sender in self.channels.values() {
            sender.send_replace(());
        }
    }
}

impl Wakeup {
    /// Returns when the channel was notified or after `at_most`, whichever is first.
    pub async fn wait(&mut self, at_most: Duration) {
        // A closed channel never wakes: then the time-out alone does.
        let changed = async {
            if self.0.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let _ = tokio::time::timeout(at_most, changed).await;
    }
}
