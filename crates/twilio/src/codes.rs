//! Twilio's error codes, by what to do next. One table each for refused requests and for failed
//! deliveries; the numbers are in Twilio's error dictionary (twilio.com/docs/api/errors).

use std::time::Duration;

use providers::SendError;

/// What a refusal of a request means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendClass {
    /// Certainly not taken; the same request may succeed later.
    NotProcessed,
    /// Perhaps taken.
    Unknown,
    /// The recipient texted STOP to this number.
    OptedOut,
    /// Refused for good, for reasons of this text or this pair of numbers.
    Rejected,
    /// Refused for good: the recipient's number takes no texts from anyone.
    RecipientUnusable,
    /// Our account or sender is wrong; a person must act.
    Misconfigured,
}

/// What a failed delivery (`undelivered`, `failed`) means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryFailure {
    /// A passing hindrance: a new text later may arrive. Limited, by whoever retries.
    RetryLater,
    /// It will not arrive.
    GiveUp,
    /// The number takes no texts.
    RecipientUnusable,
    /// The recipient texted STOP to this number.
    OptedOut,
    /// Filtered as spam or against a rule: never send the same again, and look at the rate.
    Filtered,
    /// Our account or sender is wrong; a person must act.
    Misconfigured,
    /// Not in the table.
    Unknown,
}

const SEND: &[(u32, SendClass)] = &[
    (13617, SendClass::Rejected), // recording too long to transcribe: not about texts
    (20003, SendClass::Misconfigured), // authentication
    (20005, SendClass::Misconfigured), // account not active
    (20006, SendClass::Misconfigured), // access denied
    (20404, SendClass::Misconfigured), // of a new message only the account can be missing
    (20422, SendClass::Rejected), // invalid parameter
    (20429, SendClass::NotProcessed), // too many requests: "never processed"
    (20500, SendClass::Unknown),  // internal error
    (20503, SendClass::Unknown),  // unavailable
    (21211, SendClass::RecipientUnusable), // invalid To
    (21212, SendClass::Misconfigured), // invalid From
    (21408, SendClass::Rejected), // region not enabled: others can still be texted
    (21602, SendClass::Rejected), // body missing
    (21603, SendClass::Rejected), // from missing
    (21604, SendClass::Rejected), // to missing
    (21606, SendClass::Misconfigured), // From cannot text
    (21608, SendClass::Rejected), // a trial account, and an unverified To
    (21610, SendClass::OptedOut), // STOP
    (21611, SendClass::NotProcessed), // the sender's queue is full
    (21612, SendClass::Rejected), // not reachable from this sender
    (21614, SendClass::RecipientUnusable), // not a mobile number
    (21617, SendClass::Rejected), // longer than 1600 characters
    (21703, SendClass::Misconfigured), // the service has no number
    (21704, SendClass::Misconfigured), // the service has no usable number
    (35111, SendClass::Rejected), // scheduling without a service
    (35114, SendClass::Rejected), // SendAt outside of the window
    (35115, SendClass::Rejected), // scheduling not possible
    (35118, SendClass::Rejected), // SendAt without ScheduleType
    (35125, SendClass::Rejected), // too many scheduled
];

const DELIVERY: &[(u32, DeliveryFailure)] = &[
    (21211, DeliveryFailure::RecipientUnusable),
    (21610, DeliveryFailure::OptedOut), // through a Messaging Service it comes only here
    (21611, DeliveryFailure::RetryLater),
    (21612, DeliveryFailure::GiveUp),
    (21614, DeliveryFailure::RecipientUnusable),
    (30001, DeliveryFailure::RetryLater),    // queue overflow
    (30002, DeliveryFailure::Misconfigured), // account suspended
    (30003, DeliveryFailure::RetryLater),    // handset unreachable
    (30004, DeliveryFailure::GiveUp),        // blocked
    (30005, DeliveryFailure::RecipientUnusable), // unknown destination
    (30006, DeliveryFailure::RecipientUnusable), // landline
    (30007, DeliveryFailure::Filtered),      // filtered
    (30008, DeliveryFailure::RetryLater),    // unknown to the carrier
    (30010, DeliveryFailure::GiveUp),        // price exceeds the maximum
    (30011, DeliveryFailure::GiveUp),        // MMS not supported there
    (30017, DeliveryFailure::RetryLater),    // carrier congestion
    (30019, DeliveryFailure::GiveUp),        // content too large
    (30022, DeliveryFailure::RetryLater),    // 10DLC rate
    (30023, DeliveryFailure::RetryLater),    // 10DLC daily cap
    (30027, DeliveryFailure::RetryLater),    // daily cap of a carrier
    (30032, DeliveryFailure::Misconfigured), // toll-free unverified
    (30034, DeliveryFailure::Misconfigured), // 10DLC unregistered
    (30035, DeliveryFailure::Misconfigured), // 10DLC still being set up
    (30410, DeliveryFailure::RetryLater),    // provider timeout
    (30450, DeliveryFailure::Filtered),      // blocked as SMS pumping
    (30610, DeliveryFailure::Filtered),      // quiet hours
    (30640, DeliveryFailure::Filtered),      // litigator block
];

/// What a refusal with this code means; `None` when the code is new to us.
pub fn send_class(code: u32) -> Option<SendClass> {
    // Some codes of deliveries are also given at once, before a message exists.
    find(SEND, code).or_else(|| find(DELIVERY, code).map(SendClass::from))
}

/// What a failed delivery with this code means.
pub fn delivery_failure(code: u32) -> DeliveryFailure {
    find(DELIVERY, code).unwrap_or(DeliveryFailure::Unknown)
}

/// The error of a refused request. A status says more than a code where it says anything: after a
/// 5xx nobody knows, and a 429 was never processed.
pub(crate) fn send_error(
    status: u16,
    code: Option<u32>,
    retry_after: Option<Duration>,
) -> SendError {
    let class = match (status, code) {
        (500.., _) | (408, None) => SendClass::Unknown,
        (429, _) => SendClass::NotProcessed,
        (_, Some(code)) => send_class(code).unwrap_or(SendClass::Rejected),
        // Without a code it is not Twilio's API that answers: a wrong base URL, a proxy, a redirect.
        (300..=399 | 401 | 403 | 404 | 405 | 407, None) => SendClass::Misconfigured,
        (_, None) => SendClass::Rejected,
    };
    let told = code.unwrap_or(u32::from(status));
    match class {
        SendClass::NotProcessed => SendError::NotProcessed { code, retry_after },
        SendClass::Unknown => SendError::Unknown,
        SendClass::OptedOut => SendError::OptedOut,
        SendClass::Rejected => SendError::Rejected { code: told, recipient_unusable: false },
        SendClass::RecipientUnusable => {
            SendError::Rejected { code: told, recipient_unusable: true }
        }
        SendClass::Misconfigured => SendError::Misconfigured { code: told },
    }
}

impl From<DeliveryFailure> for SendClass {
    fn from(failure: DeliveryFailure) -> Self {
        match failure {
            DeliveryFailure::RetryLater => Self::NotProcessed,
            DeliveryFailure::RecipientUnusable => Self::RecipientUnusable,
            DeliveryFailure::OptedOut => Self::OptedOut,
            DeliveryFailure::Misconfigured => Self::Misconfigured,
            DeliveryFailure::GiveUp | DeliveryFailure::Filtered | DeliveryFailure::Unknown => {
                Self::Rejected
            }
        }
    }
}

fn find<T: Copy>(table: &[(u32, T)], code: u32) -> Option<T> {
    table.iter().find(|(known, _)| *known == code).map(|(_, class)| *class)
}

#[cfg(test)]
mod tests;
