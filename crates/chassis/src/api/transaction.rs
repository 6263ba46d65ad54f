//! Transactions of routes: no statement of theirs runs for longer than a person waits.

use diesel_async::{AnsiTransactionManager, TransactionManager};
use domain::store::{Pool, Tx};

use super::failure::{Failure, conn};

/// Longer than this and the answer is 503 `too-slow`. In one message with the beginning, so that it
/// costs no round trip.
const READ: &str = "BEGIN READ ONLY; SET LOCAL statement_timeout = '5s'";
const WRITE: &str = "BEGIN; SET LOCAL statement_timeout = '5s'";

/// Reads in one transaction.
///
/// # Errors
/// Those of the work, and of the database.
pub async fn read<T>(
    pool: &Pool,
    work: impl AsyncFnOnce(&mut Tx) -> Result<T, Failure>,
) -> Result<T, Failure> {
    within(READ, pool, work).await
}

/// Writes in one transaction, which an error rolls back.
///
/// # Errors
/// Those of the work, and of the database.
pub async fn write<T>(
    pool: &Pool,
    work: impl AsyncFnOnce(&mut Tx) -> Result<T, Failure>,
) -> Result<T, Failure> {
    within(WRITE, pool, work).await
}

async fn within<T>(
    begin: &str,
    pool: &Pool,
    work: impl AsyncFnOnce(&mut Tx) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut conn = conn(pool).await?;
    let conn: &mut Tx = &mut conn;
    AnsiTransactionManager::begin_transaction_sql(conn, begin).await?;
    match work(conn).await {
        Ok(value) => {
            AnsiTransactionManager::commit_transaction(conn).await?;
            Ok(value)
        }
        Err(failure) => {
            // The first failure says more than one of the rollback, after which the pool drops the
            // connection anyway.
            let _ = AnsiTransactionManager::rollback_transaction(conn).await;
            Err(failure)
        }
    }
}
