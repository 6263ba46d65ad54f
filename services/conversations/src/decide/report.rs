//! What a report of the provider changes, and what follows from it.

use domain::delivery::{DeliveryStatus, StatusReport, merge};

/// What a failed delivery asks of us beyond recording it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing.
    Nothing,
    /// The recipient opted out at the provider.
    OptOut,
    /// The recipient's number takes no texts: none is sent to it again.
    Unreachable,
    /// Our number is misconfigured: it rests until a person acts.
    PauseNumber,
}

/// What a report does to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// It says nothing new.
    None,
    /// The row changes, but nobody needs to hear of it.
    Quiet(DeliveryStatus, Option<u32>),
    /// The provider has it, as we learn only now.
    Sent(Option<u32>),
    /// It arrived.
    Delivered(DeliveryStatus),
    /// It will not arrive.
    Failed(DeliveryStatus, Option<u32>),
    /// That it will not arrive is known; why, we learn only now. What follows from the code follows.
    Explained(DeliveryStatus, u32),
}

/// Joins a report with what is known. Late, doubled and shuffled reports end in the same state.
pub fn on_report(known: (DeliveryStatus, Option<u32>), report: StatusReport) -> Move {
    let joined = merge(known, report);
    if joined == known {
        return Move::None;
    }
    if joined.0 == known.0 {
        return match (joined.0, joined.1) {
            (
                DeliveryStatus::Canceled | DeliveryStatus::Undelivered | DeliveryStatus::Failed,
                Some(code),
            ) => Move::Explained(joined.0, code),
            (status, code) => Move::Quiet(status, code),
        };
    }
    match joined.0 {
        DeliveryStatus::Sent => Move::Sent(joined.1),
        DeliveryStatus::Delivered => Move::Delivered(joined.0),
        // Whoever has read it had it delivered; only the first of the two is news.
        DeliveryStatus::Read if known.0 == DeliveryStatus::Delivered => {
            Move::Quiet(joined.0, joined.1)
        }
        DeliveryStatus::Read => Move::Delivered(joined.0),
        DeliveryStatus::Canceled | DeliveryStatus::Undelivered | DeliveryStatus::Failed => {
            Move::Failed(joined.0, joined.1)
        }
        DeliveryStatus::Queued
        | DeliveryStatus::Sending
        | DeliveryStatus::Uncertain
        | DeliveryStatus::Received => Move::Quiet(joined.0, joined.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(status: DeliveryStatus, error_code: Option<u32>) -> StatusReport {
        StatusReport { status, error_code }
    }

    #[test]
    fn a_callback_before_our_own_answer_says_that_it_was_sent() {
        let known = (DeliveryStatus::Sending, None);

        assert_eq!(on_report(known, report(DeliveryStatus::Sent, None)), Move::Sent(None));
    }

    #[test]
    fn a_late_sent_after_delivered_is_no_news() {
        let known = (DeliveryStatus::Delivered, None);

        assert_eq!(on_report(known, report(DeliveryStatus::Sent, None)), Move::None);
    }

    #[test]
    fn a_code_that_comes_late_still_has_its_consequences() {
        let known = (DeliveryStatus::Undelivered, None);

        let moved = on_report(known, report(DeliveryStatus::Undelivered, Some(30005)));

        assert_eq!(moved, Move::Explained(DeliveryStatus::Undelivered, 30005));
        let known = (DeliveryStatus::Sent, None);
        let moved = on_report(known, report(DeliveryStatus::Sent, Some(30005)));
        assert_eq!(moved, Move::Quiet(DeliveryStatus::Sent, Some(30005)));
    }
}
