//! Where a text stands, and how reports about it are joined: late, doubled and shuffled ones all
//! end in the same state.

use serde::{Deserialize, Serialize};

/// Where a text stands. Written in the order of [`DeliveryStatus::rank`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Ours, and free to be claimed.
    Queued,
    /// Claimed: the request to the provider may be under way.
    Sending,
    /// The request left us and no answer came back. No machine sends it again.
    Uncertain,
    /// The provider took it. Many texts stay here for ever: not every carrier reports more.
    Sent,
    /// Called back before the provider sent it.
    Canceled,
    /// The carrier says that it did not arrive.
    Undelivered,
    /// It could not be sent.
    Failed,
    /// The carrier or the handset says that it arrived.
    Delivered,
    /// The person opened it (RCS and WhatsApp only).
    Read,
    /// An inbound text: it stands, and no report moves it.
    Received,
}

/// A word that is not one of our statuses, or not one of Twilio's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a delivery status")]
pub struct UnknownStatus;

/// What the provider reports about a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusReport {
    /// Where the text stands by this report.
    pub status: DeliveryStatus,
    /// Twilio's error code, if the report has one.
    pub error_code: Option<u32>,
}

impl DeliveryStatus {
    /// All of them, lowest rank first.
    pub const ALL: [Self; 10] = [
        Self::Queued,
        Self::Sending,
        Self::Uncertain,
        Self::Sent,
        Self::Canceled,
        Self::Undelivered,
        Self::Failed,
        Self::Delivered,
        Self::Read,
        Self::Received,
    ];

    /// The word in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Uncertain => "uncertain",
            Self::Sent => "sent",
            Self::Canceled => "canceled",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Received => "received",
        }
    }

    /// Reads what [`DeliveryStatus::as_str`] wrote.
    pub fn parse(word: &str) -> Result<Self, UnknownStatus> {
        Self::ALL.into_iter().find(|status| status.as_str() == word).ok_or(UnknownStatus)
    }

    /// Its place in the order in which a status may rise.
    ///
    /// The order is total, so "the highest that was ever reported" is one answer whatever came
    /// first. Delivered is above the failures: a receipt is proof that the text arrived, while a
    /// failure that contradicts it is a carrier's time-out (the row of reports keeps both). Failed
    /// is above Undelivered only so that every two have an order.
    pub const fn rank(self) -> i16 {
        match self {
            Self::Queued => 0,
            Self::Sending => 10,
            Self::Uncertain => 20,
            Self::Sent => 30,
            Self::Canceled => 40,
            Self::Undelivered => 50,
            Self::Failed => 60,
            Self::Delivered => 70,
            Self::Read => 80,
            Self::Received => 90,
        }
    }

    /// Whether an error code says anything about it: one that arrived has none.
    const fn may_have_an_error(self) -> bool {
        !matches!(self, Self::Delivered | Self::Read | Self::Received)
    }
}

impl StatusReport {
    /// Reads Twilio's `MessageStatus`.
    ///
    /// `accepted`, `scheduled`, `queued` and `sending` say less than we know already, but that there
    /// is a report at all proves that Twilio took the text. So they count as [`DeliveryStatus::Sent`]:
    /// they resolve a text that is `Sending` or `Uncertain`, hold back one that was about to be sent
    /// again, and change nothing else.
    pub fn from_twilio(word: &str, error_code: Option<u32>) -> Result<Self, UnknownStatus> {
        let status = match word {
            // Some of several handsets: not enough to call it delivered.
            "accepted" | "scheduled" | "queued" | "sending" | "sent" | "partially_delivered" => {
                DeliveryStatus::Sent
            }
            "canceled" => DeliveryStatus::Canceled,
            "undelivered" => DeliveryStatus::Undelivered,
            "failed" => DeliveryStatus::Failed,
            "delivered" => DeliveryStatus::Delivered,
            "read" => DeliveryStatus::Read,
            _ => return Err(UnknownStatus),
        };
        Ok(Self { status, error_code })
    }
}

/// Joins what we know of a text with a report about it.
///
/// It is the maximum by rank and then by error code, so reports may come in any order and any
/// number of times, and the status never moves backwards. Among reports of the same rank the larger
/// code stays, hence one that lacks the code takes none away. A text that arrived has no error.
pub fn merge(
    current: (DeliveryStatus, Option<u32>),
    report: StatusReport,
) -> (DeliveryStatus, Option<u32>) {
    let known = normal(current);
    let reported = normal((report.status, report.error_code));
    std::cmp::max_by_key(known, reported, |(status, code)| (status.rank(), *code))
}

fn normal((status, code): (DeliveryStatus, Option<u32>)) -> (DeliveryStatus, Option<u32>) {
    (status, code.filter(|_| status.may_have_an_error()))
}

#[cfg(test)]
mod tests {
    use DeliveryStatus::*;
    use proptest::prelude::*;

    use super::*;

    const TWILIO_WORDS: [&str; 11] = [
        "accepted",
        "scheduled",
        "queued",
        "sending",
        "sent",
        "partially_delivered",
        "canceled",
        "undelivered",
        "failed",
        "delivered",
        "read",
    ];

    fn report(word: &str, error_code: Option<u32>) -> StatusReport {
        StatusReport::from_twilio(word, error_code).unwrap()
    }

    #[test]
    fn ranks_rise_in_the_order_in_which_the_statuses_are_written() {
        assert!(DeliveryStatus::ALL.is_sorted_by(|low, high| low.rank() < high.rank()));
        for status in DeliveryStatus::ALL {
            assert_eq!(DeliveryStatus::parse(status.as_str()), Ok(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
        assert_eq!(DeliveryStatus::parse("Sent"), Err(UnknownStatus));
    }

    #[test]
    fn any_report_proves_that_twilio_took_it() {
        for word in ["accepted", "scheduled", "queued", "sending", "sent"] {
            for unsure in [Queued, Sending, Uncertain] {
                assert_eq!(merge((unsure, None), report(word, None)), (Sent, None), "{word}");
            }
            for surer in [Sent, Canceled, Undelivered, Failed, Delivered, Read] {
                assert_eq!(merge((surer, None), report(word, None)), (surer, None), "{word}");
            }
        }
    }

    #[test]
    fn delivered_beats_failed_whichever_comes_first() {
        let failed = report("failed", Some(30_008));
        let delivered = report("delivered", None);
        assert_eq!(merge(merge((Sent, None), failed), delivered), (Delivered, None));
        assert_eq!(merge(merge((Sent, None), delivered), failed), (Delivered, None));
    }

    #[test]
    fn a_code_outlives_a_report_of_the_same_status_that_lacks_it() {
        let known = (Undelivered, Some(30_003));
        assert_eq!(merge(known, report("undelivered", None)), known);
        assert_eq!(merge((Sent, None), report("delivered", Some(30_003))), (Delivered, None));
    }

    #[test]
    fn an_inbound_text_is_moved_by_nothing() {
        for word in TWILIO_WORDS {
            assert_eq!(merge((Received, None), report(word, None)), (Received, None));
        }
        assert_eq!(StatusReport::from_twilio("receiving", None), Err(UnknownStatus));
    }

    fn any_report() -> impl Strategy<Value = StatusReport> {
        let code = prop_oneof![Just(None), (30_001..30_009_u32).prop_map(Some)];
        (proptest::sample::select(&TWILIO_WORDS[..]), code)
            .prop_map(|(word, code)| report(word, code))
    }

    proptest! {
        #[test]
        fn any_order_and_any_doubling_of_reports_ends_in_the_same_state(
            start in proptest::sample::select(&DeliveryStatus::ALL[..]),
            (reports, shuffled) in prop::collection::vec(any_report(), 1..8).prop_flat_map(|reports| {
                let doubled = [reports.clone(), reports.clone()].concat();
                (Just(reports), Just(doubled).prop_shuffle())
            }),
        ) {
            let end = |reports: &[StatusReport]| {
                reports.iter().fold((start, None), |state, report| merge(state, *report))
            };
            prop_assert_eq!(end(&reports), end(&shuffled));
        }

        #[test]
        fn a_status_never_moves_backwards(
            start in proptest::sample::select(&DeliveryStatus::ALL[..]),
            report in any_report(),
        ) {
            prop_assert!(merge((start, None), report).0.rank() >= start.rank());
        }
    }
}
