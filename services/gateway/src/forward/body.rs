//! Bodies on their way in, whole and bounded, and on their way out, as they come.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::{Bytes, Payload};
use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use web::Problem;

use super::Answer;

/// Most bytes of a file of contacts.
pub const IMPORT_LIMIT: usize = 16 * 1024 * 1024;
/// Files that are held in memory at once.
const IMPORTS: usize = 4;

/// Turns for files of contacts.
pub struct Imports(Arc<Semaphore>);

impl Default for Imports {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(IMPORTS)))
    }
}

impl Imports {
    /// A turn, if there is one.
    ///
    /// # Errors
    /// 503 when as many files as may be are under way.
    pub fn turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.0)
            .try_acquire_owned()
            .map_err(|_| Problem::unavailable("imports-busy").retry_after(Duration::from_secs(5)))
    }
}

/// A request's whole body, before any of it goes on: a service must not wait for a slow client.
///
/// # Errors
/// 413 when it is longer than `limit`, 408 when it takes longer than `patience`.
pub async fn read(
    request: &HttpRequest,
    payload: Payload,
    limit: usize,
    patience: Duration,
) -> Result<Bytes, Problem> {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()).and_then(|it| it.parse().ok());
    let too_large = || Problem::too_large("body-too-large");
    if announced.is_some_and(|length: usize| length > limit) {
        return Err(too_large());
    }
    match tokio::time::timeout(patience, payload.to_bytes_limited(limit)).await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Ok(Err(_))) => Err(Problem::bad_request("malformed-request")),
        Ok(Err(_)) => Err(too_large()),
        Err(_) => Err(Problem::request_timeout()),
    }
}

/// Why a body ended before its end. The client sees that it is cut off, which no status could tell it
/// any more.
#[derive(Debug, thiserror::Error)]
pub enum CutOff {
    /// Nothing came for too long.
    #[error("the service stopped in the middle of an answer")]
    Silent,
    /// The connection broke.
    #[error("the connection to the service broke in the middle of an answer")]
    Broken,
}

/// The answer's body as it comes; `patience` is for each piece of it.
pub fn relayed(answer: Answer, patience: Duration) -> impl Stream<Item = Result<Bytes, CutOff>> {
    stream::unfold(Some(answer), move |answer| async move {
        let mut answer = answer?;
        match tokio::time::timeout(patience, answer.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(bytes))) => Some((Ok(bytes), Some(answer))),
            Ok(Some(Err(_))) => Some((Err(CutOff::Broken), None)),
            Err(_) => Some((Err(CutOff::Silent), None)),
        }
    })
}
