use proptest::prelude::*;

use super::*;

fn folded(raw: &str) -> Option<String> {
    PhoneNumber::fold(raw).ok().map(|number| number.as_e164().to_owned())
}

/// All the ways in which one Mexican number is written.
fn spellings(national: &str) -> Vec<String> {
    let (area, rest) = national.split_at(2);
    let (left, right) = rest.split_at(4);
    let mut all = vec![
        format!("{area} {left} {right}"),
        format!("({area}) {left}-{right}"),
        format!("{area}.{left}.{right}"),
        format!("  +52 1 ({area}) {left}\u{2011}{right}\u{a0}"),
        format!("whatsapp:+521{national}"),
        format!("WhatsApp:+52{national}"),
    ];
    for prefix in ["", "+52", "+521", "521", "52", "0052", "00521", "044", "045", "01", "+52 044"] {
        all.push(format!("{prefix}{national}"));
    }
    all
}

#[test]
fn a_foreign_number_keeps_its_own_digits() {
    for (raw, expected) in [
        ("+15215551234", "+15215551234"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("0034 612 345 678", "+34612345678"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+5491123456789", "+5491123456789"),
        // No plan knows these ranges; whoever wrote from one is still answered.
        ("+999123456789", "+999123456789"),
        ("+10000000000", "+10000000000"),
    ] {
        assert_eq!(folded(raw).as_deref(), Some(expected), "{raw}");
    }
}

#[test]
fn what_would_have_to_be_guessed_is_refused() {
    for raw in [
        "",
        "+",
        "whatsapp:",
        "12345",
        "1 415 555 2671",
        "0445512345",
        "+0123456789",
        "+52 55 1234 5678 ext 9",
        "PIZZA5512345678",
        "+1234567890123456",
        "55+1234567890",
    ] {
        assert_eq!(folded(raw), None, "{raw}");
    }
}

#[test]
fn an_unassigned_range_is_a_number_though_not_a_plausible_one() {
    let made_up = PhoneNumber::fold("+520000000001").unwrap();
    assert!(made_up.is_mexican() && !made_up.is_plausible());
    assert!(PhoneNumber::fold("55 1234 5678").unwrap().is_plausible());
}

#[test]
fn a_number_is_an_e164_string_in_json_and_masked_in_a_log() {
    let number = PhoneNumber::fold("5512345678").unwrap();
    assert_eq!(serde_json::to_string(&number).unwrap(), r#""+525512345678""#);
    assert_eq!(serde_json::from_str::<PhoneNumber>(r#""+525512345678""#).unwrap(), number);
    assert!(serde_json::from_str::<PhoneNumber>(r#""5512345678""#).is_err());
    assert_eq!(format!("{number:?}"), "+…78");
}

proptest! {
    #[test]
    fn every_spelling_of_a_mexican_number_is_the_same_number(national in "[2-9][0-9]{9}") {
        for spelling in spellings(&national) {
            prop_assert_eq!(folded(&spelling), Some(format!("+52{national}")), "{}", spelling);
        }
    }

    #[test]
    fn folding_twice_is_folding_once(raw in "(\\+|00)?[0-9 ().-]{7,20}") {
        if let Ok(once) = PhoneNumber::fold(&raw) {
            prop_assert_eq!(PhoneNumber::fold(once.as_e164()), Ok(once));
        }
    }

    #[test]
    fn a_number_in_e164_is_never_dropped(raw in "\\+[1-9][0-9]{7,14}") {
        prop_assert!(PhoneNumber::fold(&raw).is_ok());
    }

    #[test]
    fn no_string_makes_it_panic(raw in ".*") {
        let _ = PhoneNumber::fold(&raw).map(|number| number.is_plausible());
    }
}
