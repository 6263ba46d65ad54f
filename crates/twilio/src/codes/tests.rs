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
    insta::assert_snapshot!(told, @"");
}

#[test]
fn every_code_of_a_failed_delivery_has_its_meaning() {
    let mut told = String::new();
    for (code, class) in DELIVERY {
        assert_eq!(delivery_failure(*code), *class);
        writeln!(told, "{code} {class:?}").unwrap();
    }
    insta::assert_snapshot!(told, @"");
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
