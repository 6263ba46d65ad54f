//! Migrations, embedded in the binary and run by whoever starts first; the others wait.

use diesel_async::{AsyncMigrationHarness, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use secrecy::{ExposeSecret, SecretString};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// Why the schema is not up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database cannot be reached.
    #[error("no connection to the database")]
    Connect(#[from] diesel::ConnectionError),
    /// The lock that makes others wait could not be had.
    #[error("the migration lock could not be taken")]
    Lock(#[from] diesel::result::Error),
    /// A migration failed; it has left nothing behind.
    #[error("a migration failed")]
    Run(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Brings the schema up to date and returns the versions that it ran.
///
/// Needs tokio's multi-thread runtime: diesel's harness blocks in place.
pub async fn migrate(url: &SecretString) -> Result<Vec<String>, MigrateError> {
    let mut conn = super::pool::establish(url.expose_secret()).await?;
    // Held by the session, so that it ends with us however we end.
    conn.batch_execute("SELECT pg_advisory_lock(7318349394477056)").await?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let ran = harness
        .run_pending_migrations(MIGRATIONS)
        .map_err(MigrateError::Run)?
        .iter()
        .map(ToString::to_string)
        .collect();
    harness.into_inner().batch_execute("SELECT pg_advisory_unlock(7318349394477056)").await?;
    Ok(ran)
}

/// Versions that the database lacks, without running them.
pub async fn pending(url: &SecretString) -> Result<Vec<String>, MigrateError> {
    let conn = super::pool::establish(url.expose_secret()).await?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let pending = harness.pending_migrations(MIGRATIONS).map_err(MigrateError::Run)?;
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}
