//! How people and programs come in: secrets, sessions and tokens, second factors, and the limits on
//! trying.

pub mod address;
pub mod caller;
pub mod rate;
pub mod secret;
pub mod throttle;
pub mod totp;

pub use caller::{Caller, Callers};
pub use rate::Limiter;
pub use secret::Secret;

use chrono::TimeDelta;
use domain::Timestamp;

/// A session that was not used for so long has ended.
pub const IDLE: TimeDelta = TimeDelta::hours(12);
/// A session ends after so long, used or not.
pub const LONGEST_SESSION: TimeDelta = TimeDelta::days(30);
/// An invitation is good for so long.
pub const INVITATION: TimeDelta = TimeDelta::days(7);

/// A session that was last used then, or before, has ended.
pub fn idle_since(now: Timestamp) -> Timestamp {
    now - IDLE
}
