//! The id of a request, as its answer and its problem document carry it.

use actix_web::http::header::{HeaderName, HeaderValue};
use uuid::Uuid;

/// The answer's header.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// A request's id: a UUID of version 7, so that ids sort by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(Uuid);

tokio::task_local! {
    /// Set around the handling of each request, because a `ResponseError` is not given the request
    /// that it answers.
    pub(crate) static CURRENT: RequestId;
}

/// The id of the request that is being handled; `None` outside of one.
pub fn current() -> Option<RequestId> {
    CURRENT.try_with(|id| *id).ok()
}

impl RequestId {
    pub(crate) fn generate() -> Self {
        Self(Uuid::now_v7())
    }

    pub(crate) fn header_value(self) -> Option<HeaderValue> {
        let mut buffer = Uuid::encode_buffer();
        HeaderValue::from_str(self.0.as_hyphenated().encode_lower(&mut buffer)).ok()
    }
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
