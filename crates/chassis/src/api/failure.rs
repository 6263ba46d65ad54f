//! Why a route did not do what it was asked.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use diesel_async::pooled_connection::deadpool::Object;
use domain::store::{Pool, StoreError, Tx, no_connection};
use web::Problem;

/// A problem of the caller's, or ours with the database.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The caller is told what is wrong.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// The caller learns no more than whether to try again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

/// When to ask again after the database was away.
const AGAIN: Duration = Duration::from_secs(2);

impl Failure {
    fn problem(&self) -> Problem {
        match self {
            Self::Problem(problem) => problem.clone(),
            Self::Store(error) if error.is_outage() => {
                Problem::unavailable("service-unavailable").retry_after(AGAIN)
            }
            Self::Store(error) if timed_out(error) => {
                Problem::unavailable("too-slow").retry_after(AGAIN)
            }
            Self::Store(error) => Problem::internal(telemetry::chain(error)),
        }
    }
}

/// The statement or the wait for a lock was cut by the limit that was set for it.
fn timed_out(error: &StoreError) -> bool {
    use diesel::result::Error;
    let StoreError::Query(Error::DatabaseError(_, info)) = error else { return false };
    ["statement timeout", "lock timeout"].iter().any(|words| info.message().contains(words))
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Problem(problem) => problem.status(),
            Self::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        self.problem().error_response()
    }
}

/// A connection in the service's role.
///
/// # Errors
/// 503 when none can be had in time.
pub async fn conn(pool: &Pool) -> Result<Object<Tx>, Failure> {
    Ok(pool.get().await.map_err(no_connection)?)
}
