//! Every code that we know of, spelled out: a change of the table is a change of this text.

use std::fmt::Write as _;

use super::*;

#[test]
fn every_code_of_a_refused_request_has_its_meaning() {
    let mut told = String::new();
    for (code, class) in SEND {
        assert_eq!(send_class(*code), Some(*class));
        writeln!(told, "{code} {:?}", send_error(400, Some(*code), None)).unwrap();
    }
    insta::assert_snapshot!(told, @r"
    13617 Rejected { code: 13617, recipient_unusable: false }
    20003 Misconfigured { code: 20003 }
    20005 Misconfigured { code: 20005 }
    20006 Misconfigured { code: 20006 }
    20404 Misconfigured { code: 20404 }
    20422 Rejected { code: 20422, recipient_unusable: false }
    20429 NotProcessed { code: Some(20429), retry_after: None }
    20500 Unknown
    20503 Unknown
    21211 Rejected { code: 21211, recipient_unusable: true }
    21212 Misconfigured { code: 21212 }
    21408 Rejected { code: 21408, recipient_unusable: false }
    21602 Rejected { code: 21602, recipient_unusable: false }
    21603 Rejected { code: 21603, recipient_unusable: false }
    21604 Rejected { code: 21604, recipient_unusable: false }
    21606 Misconfigured { code: 21606 }
    21608 Rejected { code: 21608, recipient_unusable: false }
    21610 OptedOut
    21611 NotProcessed { code: Some(21611), retry_after: None }
    21612 Rejected { code: 21612, recipient_unusable: false }
    21614 Rejected { code: 21614, recipient_unusable: true }
    21617 Rejected { code: 21617, recipient_unusable: false }
    21703 Misconfigured { code: 21703 }
    21704 Misconfigured { code: 21704 }
    35111 Rejected { code: 35111, recipient_unusable: false }
    35114 Rejected { code: 35114, recipient_unusable: false }
    35115 Rejected { code: 35115, recipient_unusable: false }
    35118 Rejected { code: 35118, recipient_unusable: false }
    35125 Rejected { code: 35125, recipient_unusable: false }
    ");
}

#[test]
fn every_code_of_a_failed_delivery_has_its_meaning() {
    let mut told = String::new();
    for (code, class) in DELIVERY {
        assert_eq!(delivery_failure(*code), *class);
        writeln!(told, "{code} {class:?}").unwrap();
    }
    insta::assert_snapshot!(told, @r"
    21211 RecipientUnusable
    21610 OptedOut
    21611 RetryLater
    21612 GiveUp
    21614 RecipientUnusable
    30001 RetryLater
    30002 Misconfigured
    30003 RetryLater
    30004 GiveUp
    30005 RecipientUnusable
    30006 RecipientUnusable
    30007 Filtered
    30008 RetryLater
    30010 GiveUp
    30011 GiveUp
    30017 RetryLater
    30019 GiveUp
    30022 RetryLater
    30023 RetryLater
    30027 RetryLater
    30032 Misconfigured
    30034 Misconfigured
    30035 Misconfigured
    30410 RetryLater
    30450 Filtered
    30610 Filtered
    30640 Filtered
    ");
}

#[test]
fn a_code_stands_in_a_table_once_and_in_order() {
    assert!(SEND.is_sorted_by(|(a, _), (b, _)| a < b));
    assert!(DELIVERY.is_sorted_by(|(a, _), (b, _)| a < b));
}

#[test]
fn after_a_5xx_nobody_knows_whatever_the_code() {
    for code in [None, Some(20500), Some(21610), Some(99999)] {
        for status in [500, 502, 503, 504, 599] {
            assert_eq!(send_error(status, code, None), SendError::Unknown);
        }
    }
    assert_eq!(send_error(400, Some(20503), None), SendError::Unknown);
}

#[test]
fn a_429_was_never_processed_and_says_how_long_to_wait() {
    let wait = Some(Duration::from_secs(3));
    assert_eq!(
        send_error(429, Some(20429), wait),
        SendError::NotProcessed { code: Some(20429), retry_after: wait }
    );
    assert_eq!(
        send_error(429, None, None),
        SendError::NotProcessed { code: None, retry_after: None }
    );
}

#[test]
fn a_code_that_is_new_to_us_is_a_rejection_and_no_verdict_on_the_recipient() {
    assert_eq!(
        send_error(400, Some(21999), None),
        SendError::Rejected { code: 21999, recipient_unusable: false }
    );
    assert_eq!(delivery_failure(30999), DeliveryFailure::Unknown);
}

#[test]
fn an_answer_that_is_not_twilios_means_a_wrong_configuration() {
    for status in [301, 401, 403, 404] {
        assert_eq!(
            send_error(status, None, None),
            SendError::Misconfigured { code: u32::from(status) }
        );
    }
}
