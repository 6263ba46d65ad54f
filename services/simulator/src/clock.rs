//! The time of day. The simulator is the outside world, so it reads the real clock, in this one
//! place; waiting is done by tokio's timers.

use chrono::{DateTime, Utc};

#[expect(clippy::disallowed_methods, reason = "the outside world has its own clock: this one")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// RFC 2822 as Twilio writes it: `Thu, 24 Aug 2023 05:01:45 +0000`.
pub(crate) fn rfc2822(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
