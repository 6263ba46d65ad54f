//! The webhooks as captured, and whatever else may come.

use proptest::prelude::*;

use super::*;

fn status(pairs: &[(&str, &str)]) -> Result<SmsStatus, InvalidWebhook> {
    let sid = ("MessageSid", "SM00000000000000000000000000000001");
    SmsStatus::parse(&[&[sid, ("AccountSid", "AC1")], pairs].concat())
}

#[test]
fn a_word_that_is_new_to_us_is_kept() {
    let report = status(&[("MessageStatus", "teleported")]).unwrap();
    assert_eq!(report.status, MessageStatus::Unknown("teleported".to_owned()));
    assert_eq!(report.status.as_word(), "teleported");
}

#[test]
fn what_is_missing_is_named() {
    let missing = status(&[]).unwrap_err();
    assert_eq!(missing.to_string(), "`MessageStatus` is missing");
    let malformed = status(&[("MessageStatus", "failed"), ("ErrorCode", "x")]).unwrap_err();
    assert_eq!(malformed.to_string(), "`ErrorCode` is not a number");
    let sid = SmsStatus::parse(&[("MessageSid", "SM1")]).unwrap_err();
    assert_eq!(sid.to_string(), "`MessageSid` is not a message id");
}

#[test]
fn an_error_code_may_be_empty() {
    assert_eq!(status(&[("MessageStatus", "sent"), ("ErrorCode", "")]).unwrap().error_code, None);
}

#[test]
fn a_text_does_not_print_its_words_or_numbers() {
    let sms = InboundSms::parse(&[
        ("MessageSid", "SM00000000000000000000000000000001"),
        ("AccountSid", "AC1"),
        ("From", "+14155552671"),
        ("To", "+14155550100"),
        ("Body", "my secret"),
    ])
    .unwrap();
    let printed = format!("{sms:?}");
    assert!(!printed.contains("secret") && !printed.contains("+1415"), "{printed}");
}

/// Real names with any value, and any name at all.
fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let known = prop::sample::select(vec![
        "MessageSid",
        "AccountSid",
        "From",
        "To",
        "Body",
        "NumMedia",
        "NumSegments",
        "OptOutType",
        "MessageStatus",
        "ErrorCode",
        "RawDlrDoneDate",
    ]);
    let name = prop_oneof![known.prop_map(str::to_owned), any::<String>()];
    let sid = Just("SM00000000000000000000000000000001".to_owned());
    let number = any::<i64>().prop_map(|number| number.to_string());
    prop::collection::vec((name, prop_oneof![any::<String>(), sid, number]), 0..20)
}

proptest! {
    #[test]
    fn hostile_parameters_are_refused_or_read_and_never_panic(pairs in pairs()) {
        if let Ok(sms) = InboundSms::parse(&pairs) {
            prop_assert!(!sms.from.is_empty() && !sms.to.is_empty());
        }
        if let Ok(report) = SmsStatus::parse(&pairs) {
            let word = report.status.as_word();
            prop_assert_eq!(MessageStatus::from_word(word), report.status.clone());
        }
    }
}
