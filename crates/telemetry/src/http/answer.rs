//! Reading a provider's answer: its body, bounded, and how long it asks us to wait.

use std::time::Duration;

use chrono::DateTime;
use reqwest::Response;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// Why a body could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// It is longer than the caller reads.
    #[error("the answer is longer than {limit} bytes")]
    TooLarge {
        /// The caller's limit.
        limit: usize,
    },
    /// The connection broke, or the time was up.
    #[error("the answer broke off")]
    Broken(#[source] reqwest::Error),
}

/// Reads a body of at most `limit` bytes: a provider gone wrong must not fill our memory.
///
/// # Errors
/// When it is longer, or ends too early.
pub async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, BodyError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > limit {
            return Err(BodyError::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// `Retry-After` in either of its forms (RFC 9110, 10.2.3), and `retry-after-ms` before it. A date is
/// measured from the answer's own `Date`, so that our clock doesn't matter.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(millis) = text("retry-after-ms").and_then(|text| text.parse().ok()) {
        return Some(Duration::from_millis(millis));
    }
    let after = text(RETRY_AFTER.as_str())?;
    if let Ok(seconds) = after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(after).ok()?;
    let since = DateTime::parse_from_rfc2822(text(DATE.as_str())?).ok()?;
    // A date in the past means "now".
    Some((until - since).to_std().unwrap_or_default())
}

fn broken(error: reqwest::Error) -> BodyError {
    BodyError::Broken(error.without_url())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(headers: &[(&'static str, &'static str)]) -> Option<Duration> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        retry_after(&map)
    }

    #[test]
    fn a_wait_comes_in_seconds_in_milliseconds_or_as_a_date() {
        let date = ("date", "Sun, 22 Nov 2026 20:00:00 GMT");
        assert_eq!(wait(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(
            wait(&[("retry-after", "7"), ("retry-after-ms", "250")]),
            Some(Duration::from_millis(250))
        );
        assert_eq!(
            wait(&[date, ("retry-after", "Sun, 22 Nov 2026 20:00:30 GMT")]),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            wait(&[date, ("retry-after", "Sun, 22 Nov 2026 19:00:00 GMT")]),
            Some(Duration::ZERO)
        );
    }

    #[test]
    fn what_is_not_understood_is_no_wait() {
        assert_eq!(wait(&[]), None);
        assert_eq!(wait(&[("retry-after", "soon")]), None);
        assert_eq!(wait(&[("retry-after", "-1")]), None);
        assert_eq!(wait(&[("retry-after", "Sun, 22 Nov 2026 20:00:30 GMT")]), None);
    }
}
