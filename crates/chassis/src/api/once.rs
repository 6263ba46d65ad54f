//! A POST that is done once: key, effect and answer in one transaction.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use domain::store::idempotency::{self, Answered, KeyOf};
use domain::store::{Pool, StoreError, Tx, no_connection};
use domain::{SharedClock, Timestamp};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use web::{Identity, Once, Problem};

use super::failure::{Failure, conn};
use super::transaction;

/// The header of an answer that was given before.
const REPLAYED: &str = "idempotency-replayed";
/// How long an answer is kept.
const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Does the work in one transaction, and answers with what it returns. Under an `Idempotency-Key` that
/// was used before, nothing is done: the first answer is given again, or 422 when the request is
/// another one. A request that is still under way is waited for. What fails is not remembered.
///
/// # Errors
/// Those of the work, and of the database.
pub async fn once<T: Serialize>(
    pool: &Pool,
    identity: &Identity,
    once: &Once,
    now: Timestamp,
    status: StatusCode,
    work: impl AsyncFnOnce(&mut Tx) -> Result<T, Failure>,
) -> Result<HttpResponse, Failure> {
    once_as(pool, identity, once, now, async |tx: &mut Tx| Ok((status, work(tx).await?))).await
}

/// The same, where the work decides with which status its answer goes out.
///
/// # Errors
/// Those of the work, and of the database.
pub async fn once_as<T: Serialize>(
    pool: &Pool,
    identity: &Identity,
    once: &Once,
    now: Timestamp,
    work: impl AsyncFnOnce(&mut Tx) -> Result<(StatusCode, T), Failure>,
) -> Result<HttpResponse, Failure> {
    transaction::write(pool, async |tx: &mut Tx| within(tx, identity, once, now, work).await).await
}

async fn within<T: Serialize>(
    tx: &mut Tx,
    identity: &Identity,
    once: &Once,
    now: Timestamp,
    work: impl AsyncFnOnce(&mut Tx) -> Result<(StatusCode, T), Failure>,
) -> Result<HttpResponse, Failure> {
    let key = key_of(identity, once);
    if let Some(key) = key
        && !idempotency::write::take(tx, key, &once.fingerprint, now).await?
        && let Some(answered) = idempotency::answered(tx, key).await?
    {
        return replay(once, &answered);
    }
    let (status, value) = work(tx).await?;
    let answer =
        serde_json::to_value(&value).map_err(|error| Failure::Problem(Problem::internal(error)))?;
    if let Some(key) = key {
        let status = i16::try_from(status.as_u16()).unwrap_or_default();
        idempotency::write::keep(tx, key, status, &answer).await?;
    }
    Ok(HttpResponse::build(status).json(answer))
}

/// What was answered before to the same request, to ask before work outside of a transaction.
///
/// # Errors
/// 422 when the key belongs to another request; those of the database.
pub async fn replayed(
    pool: &Pool,
    identity: &Identity,
    once: &Once,
) -> Result<Option<HttpResponse>, Failure> {
    let Some(key) = key_of(identity, once) else { return Ok(None) };
    let mut conn = conn(pool).await?;
    match idempotency::answered(&mut conn, key).await? {
        Some(answered) => replay(once, &answered).map(Some),
        None => Ok(None),
    }
}

fn key_of<'a>(identity: &Identity, once: &'a Once) -> Option<KeyOf<'a>> {
    let key = once.key.as_deref()?;
    Some(KeyOf { account: identity.account, user: identity.user, key })
}

fn replay(once: &Once, answered: &Answered) -> Result<HttpResponse, Failure> {
    if answered.fingerprint != once.fingerprint {
        return Err(Problem::unprocessable("idempotency-key-reused").into());
    }
    let status = u16::try_from(answered.status).ok();
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::OK));
    Ok(response.insert_header((REPLAYED, "true")).json(&answered.answer))
}

/// Forgets answers that nobody will ask for again.
pub struct Forgetter {
    /// Where.
    pub pool: Pool,
    /// When.
    pub clock: SharedClock,
}

impl Forgetter {
    /// Forgets until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
            if let Err(error) = self.round().await {
                tracing::warn!(error = %telemetry::chain(&error), "old answers were not forgotten");
            }
        }
    }

    /// Forgets once; returns how many answers went.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn round(&self) -> Result<usize, StoreError> {
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        Ok(idempotency::write::prune(&mut conn, self.clock.now() - RETENTION).await?)
    }
}
