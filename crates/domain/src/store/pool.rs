//! Connections: a pool with a timeout per phase, each connection in the role of its service.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Hook, HookError, Timeouts};
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool as pooled,
};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};

use super::StoreError;

/// A pool of connections.
pub type Pool = pooled::Pool<AsyncPgConnection>;

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct PoolSettings {
    /// A `postgres://` URL.
    pub url: SecretString,
    /// The role to act in (`SET ROLE`), so that the grants hold whoever signs in.
    pub role: Option<&'static str>,
    /// Most connections at once.
    pub size: usize,
}

/// How long a caller waits for a connection before it is told that there is none.
const WAIT: Duration = Duration::from_secs(3);

/// Builds the pool; connects only when first asked.
pub fn pool(settings: &PoolSettings) -> Result<Pool, StoreError> {
    let mut config = ManagerConfig::default();
    // The default pings before each use, a round trip; a dead connection shows on first use anyway.
    config.recycling_method = RecyclingMethod::Fast;
    // A connection lives on a task of the runtime that made it. That must be the process's own: one
    // that a worker of the HTTP server made would die with it, and with it what others do on it.
    let home = tokio::runtime::Handle::try_current().ok();
    config.custom_setup = Box::new(move |url: &str| establish_at(home.clone(), url.to_owned()));
    let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(
        settings.url.expose_secret(),
        config,
    );
    let set_up = set_up(settings.role);
    pooled::Pool::builder(manager)
        .max_size(settings.size)
        .runtime(Runtime::Tokio1)
        .timeouts(Timeouts {
            wait: Some(WAIT),
            create: Some(Duration::from_secs(5)),
            recycle: Some(Duration::from_secs(2)),
        })
        .post_create(Hook::async_fn(move |conn: &mut AsyncPgConnection, _| {
            let set_up = set_up.clone();
            Box::pin(async move {
                conn.batch_execute(&set_up)
                    .await
                    .map_err(|error| HookError::message(error.to_string()))
            })
        }))
        .build()
        .map_err(|error| StoreError::Connect(Box::new(error)))
}

/// For `pool.get().await.map_err(no_connection)`.
pub fn no_connection(error: pooled::PoolError) -> StoreError {
    StoreError::Connect(Box::new(error))
}

/// Statements of a service are short: one that runs for long is a fault, and must not hold locks.
fn set_up(role: Option<&'static str>) -> String {
    let limits = "SET statement_timeout = '15s'; SET idle_in_transaction_session_timeout = '30s'; \
                  SET TIME ZONE 'UTC'";
    match role {
        Some(role) => format!("{limits}; SET ROLE {role}"),
        None => limits.to_owned(),
    }
}

fn establish_at(
    home: Option<tokio::runtime::Handle>,
    url: String,
) -> BoxFuture<'static, ConnectionResult<AsyncPgConnection>> {
    let established = async move { establish(&url).await };
    let Some(home) = home else { return established.boxed() };
    let established = home.spawn(established);
    let lost = |_| ConnectionError::BadConnection("the runtime stops".to_owned());
    async move { established.await.map_err(lost)? }.boxed()
}

/// TLS when the URL asks for it (`sslmode=require`).
pub(super) fn establish(url: &str) -> BoxFuture<'_, ConnectionResult<AsyncPgConnection>> {
    async move {
        let config: tokio_postgres::Config = url.parse().map_err(invalid_url)?;
        if config.get_ssl_mode() != tokio_postgres::config::SslMode::Require {
            return AsyncPgConnection::establish(url).await;
        }
        let (client, connection) = config
            .connect(tokio_postgres_rustls::MakeRustlsConnect::new(tls_config()))
            .await
            .map_err(|error| ConnectionError::BadConnection(error.to_string()))?;
        AsyncPgConnection::try_from_client_and_connection(client, connection).await
    }
    .boxed()
}

/// Trusts the public roots.
fn tls_config() -> rustls::ClientConfig {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` asks for")]
fn invalid_url(error: tokio_postgres::Error) -> ConnectionError {
    ConnectionError::InvalidConnectionUrl(error.to_string())
}
