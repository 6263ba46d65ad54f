//! What went wrong, by what to do next, and whether asking again at once may help. The rule is that
//! of Anthropic's own SDKs, except that money spent is not asked for again.

use std::time::Duration;

use providers::ModelError;
use reqwest::header::HeaderMap;
use serde::Deserialize;

/// The longest that we wait between attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(8);

/// How much of a wait chance may take off, so that many callers don't come back together.
const JITTER: f64 = 0.25;

/// How the API says that money is the matter where it gives no code for it.
const SPEND_WORDS: [&str; 4] = ["spend limit", "spending limit", "usage limit", "credit balance"];

/// One failed attempt.
pub(crate) struct Failure {
    pub(crate) error: ModelError,
    pub(crate) again: Again,
}

/// Whether another attempt may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Never,
    /// After this long, if the provider said so.
    After(Option<Duration>),
}

#[derive(Default, Deserialize)]
struct Body {
    #[serde(default)]
    error: Detail,
}

#[derive(Default, Deserialize)]
struct Detail {
    #[serde(default)]
    message: String,
    details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    error_code: Option<String>,
}

impl Failure {
    pub(crate) fn final_(error: ModelError) -> Self {
        Self { error, again: Again::Never }
    }

    /// The connection broke, or the time was up. Asking twice costs a cent, no more.
    pub(crate) fn unreachable() -> Self {
        Self { error: ModelError::Unavailable, again: Again::After(None) }
    }

    /// An answer other than 200.
    pub(crate) fn refused(status: u16, headers: &HeaderMap, body: &[u8]) -> Self {
        let asked = telemetry::http::retry_after(headers);
        // The edge answers in HTML; then the status must do.
        let body: Body = serde_json::from_slice(body).unwrap_or_default();
        let error = classify(status, asked, &body.error);
        let passing = match error {
            ModelError::RateLimited { .. } | ModelError::Overloaded | ModelError::Unavailable => {
                headers.get("x-should-retry").is_none_or(|value| value != "false")
            }
            _ => false,
        };
        Self { error, again: if passing { Again::After(asked) } else { Again::Never } }
    }
}

fn classify(status: u16, asked: Option<Duration>, detail: &Detail) -> ModelError {
    match status {
        402 => ModelError::SpendLimit,
        400 if detail.tells_of_money() => ModelError::SpendLimit,
        429 if detail.is_spend_code() || (asked.is_none() && detail.tells_of_money()) => {
            ModelError::SpendLimit
        }
        429 => ModelError::RateLimited { retry_after: asked },
        529 => ModelError::Overloaded,
        408 | 409 | 500.. => ModelError::Unavailable,
        status => ModelError::Misconfigured { status },
    }
}

impl Detail {
    fn is_spend_code(&self) -> bool {
        let code = self.details.as_ref().and_then(|details| details.error_code.as_deref());
        code.is_some_and(|code| code.contains("spend_limit"))
    }

    fn tells_of_money(&self) -> bool {
        let message = self.message.to_lowercase();
        self.is_spend_code() || SPEND_WORDS.iter().any(|words| message.contains(words))
    }
}

/// How long to wait before attempt `attempt + 2`: as the provider asks, else `first` doubled each
/// time, less up to a quarter by `chance` (0 to 1). `None`: it asks for more than we have; the caller
/// hears of it at once, since coming back earlier would only be refused again.
pub(crate) fn wait(
    first: Duration,
    attempt: u32,
    asked: Option<Duration>,
    chance: f64,
) -> Option<Duration> {
    if let Some(asked) = asked {
        return (asked <= LONGEST_WAIT).then_some(asked);
    }
    let doubled = first.saturating_mul(2_u32.saturating_pow(attempt)).min(LONGEST_WAIT);
    Some(doubled.mul_f64(1.0 - JITTER * chance.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_to_eight_seconds_and_lose_at_most_a_quarter() {
        let first = Duration::from_millis(500);
        let millis = |attempt, chance| wait(first, attempt, None, chance).unwrap().as_millis();
        assert_eq!(
            [0, 1, 2, 3, 4, 5, 40].map(|n| millis(n, 0.0)),
            [500, 1000, 2000, 4000, 8000, 8000, 8000]
        );
        assert_eq!(millis(0, 1.0), 375);
    }

    #[test]
    fn the_providers_wait_counts_unless_it_is_longer_than_ours() {
        let asked = |seconds| wait(Duration::ZERO, 0, Some(Duration::from_secs(seconds)), 0.5);
        assert_eq!(asked(3), Some(Duration::from_secs(3)));
        assert_eq!(asked(8), Some(Duration::from_secs(8)));
        assert_eq!(asked(9), None);
    }
}
