//! The published and the measured vectors of Twilio's signature, and the laws behind them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::Value;
use twilio::{Forged, InboundSms, MessageStatus, OptOutType, Signatures, SmsStatus};

const VECTORS: &str = include_str!("fixtures/twilio_signature_vectors.json");
const SAMPLES: &str = include_str!("fixtures/twilio_webhook_samples.json");
const BASE: &str = "https://crm.example.test";

fn signatures(tokens: &[&str]) -> Signatures {
    let tokens: Vec<SecretString> = tokens.iter().map(|token| (*token).into()).collect();
    Signatures::new(&tokens, BASE).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    let pair =
        |pair: &Value| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned());
    value["params"].as_array().unwrap().iter().map(pair).collect()
}

#[test]
fn every_vector_is_judged_as_twilio_judges_it() {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 20);
    for vector in vectors {
        let signatures = signatures(&[text(vector, "auth_token")]);
        let (url, signature) = (text(vector, "url_seen"), text(vector, "x_twilio_signature"));
        let verdict = match text(vector, "kind") {
            "json" => {
                signatures.verify_json_url(url, text(vector, "raw_body").as_bytes(), signature)
            }
            _ => signatures.verify_form_url(url, &pairs(vector), signature),
        };
        let valid = vector["expect_valid"].as_bool().unwrap();
        assert_eq!(verdict.is_ok(), valid, "{}: {verdict:?}", vector["id"]);
    }
}

#[test]
fn every_captured_webhook_is_believed_and_read() {
    let file: Value = serde_json::from_str(SAMPLES).unwrap();
    let signatures = signatures(&[text(&file, "auth_token")]);
    for sample in file["samples"].as_array().unwrap() {
        let target = text(sample, "url").strip_prefix(BASE).unwrap();
        let signature = text(&sample["headers"], "X-Twilio-Signature");
        let body = text(sample, "body");
        if sample.get("params").is_none() {
            assert_eq!(signatures.verify_json(target, body.as_bytes(), signature), Ok(()));
            continue;
        }
        let pairs: Vec<_> = form_urlencoded::parse(body.as_bytes()).collect();
        assert_eq!(signatures.verify_form(target, &pairs, signature), Ok(()), "{}", sample["id"]);
        match target {
            "/webhooks/twilio/sms/inbound" => drop(InboundSms::parse(&pairs).unwrap()),
            "/webhooks/twilio/sms/status" => drop(SmsStatus::parse(&pairs).unwrap()),
            _ => {}
        }
    }
}

#[test]
fn captured_webhooks_mean_what_they_say() {
    let file: Value = serde_json::from_str(SAMPLES).unwrap();
    let sample = |id: &str| {
        let samples = file["samples"].as_array().unwrap();
        pairs(samples.iter().find(|sample| text(sample, "id") == id).unwrap())
    };
    let hello = InboundSms::parse(&sample("sms-inbound")).unwrap();
    assert_eq!(hello.from, "+525512345678");
    assert_eq!(hello.body, "Hola, ¿sigue disponible la casa? 👍");
    assert_eq!((hello.num_media, hello.segments, hello.opt_out_type), (0, Some(1), None));
    let stop = InboundSms::parse(&sample("sms-inbound-stop-advanced-optout")).unwrap();
    assert_eq!(stop.opt_out_type, Some(OptOutType::Stop));
    assert!(InboundSms::parse(&sample("mms-inbound")).unwrap().num_media > 0);
    let failed = SmsStatus::parse(&sample("sms-status-undelivered")).unwrap();
    assert_eq!(failed.status, MessageStatus::Undelivered);
    assert!(failed.error_code.is_some());
}

#[test]
fn during_a_rotation_either_token_signs() {
    let target = "/webhooks/sms/inbound";
    let pairs = [("Body", "Hola")];
    let old = signatures(&["old"]).sign_form(target, &pairs);
    let new = signatures(&["new"]).sign_form(target, &pairs);

    let both = signatures(&["old", "new"]);

    assert_eq!(both.verify_form(target, &pairs, &old), Ok(()));
    assert_eq!(both.verify_form(target, &pairs, &new), Ok(()));
    assert_eq!(signatures(&["new"]).verify_form(target, &pairs, &old), Err(Forged::Signature));
}

#[test]
fn an_apostrophe_in_the_query_may_have_been_escaped_by_the_signer_or_on_the_way() {
    let signatures = signatures(&["token"]);
    let (raw, escaped) = ("/hook?name=O'Neil", "/hook?name=O%27Neil");
    let pairs = [("Body", "Hola")];
    for (signed, seen) in [(raw, escaped), (escaped, raw)] {
        let signature = signatures.sign_form(signed, &pairs);
        assert_eq!(signatures.verify_form(seen, &pairs, &signature), Ok(()));
    }
}

#[test]
fn a_body_is_bound_by_exactly_one_hash() {
    let signatures = signatures(&["token"]);
    let hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let none: [(&str, &str); 0] = [];
    let judge =
        |target: &str| signatures.verify_json(target, b"{}", &signatures.sign_form(target, &none));
    assert_eq!(judge(&format!("/hook?bodySHA256={hash}")), Ok(()));
    assert_eq!(judge("/hook"), Err(Forged::NoBodyHash));
    assert_eq!(
        judge(&format!("/hook?bodySHA256={hash}&bodySHA256={hash}")),
        Err(Forged::NoBodyHash)
    );
    assert_eq!(judge("/hook?bodySHA256=00"), Err(Forged::Body));
}

#[test]
fn an_empty_token_is_refused_because_anyone_could_sign_with_it() {
    assert!(Signatures::new(&["".into()], BASE).is_err());
    assert!(Signatures::new(&[], BASE).is_err());
    for base in ["", "crm.example.test", "https://", "https://x/", "ftp://x", "https://x?y"] {
        assert!(Signatures::new(&["token".into()], base).is_err(), "{base}");
    }
}

proptest! {
    #[test]
    fn what_is_signed_is_believed_in_any_order_and_nothing_else_is(
        mut pairs in prop::collection::vec((".{0,9}", ".{0,9}"), 1..9),
        target in "/[a-z/]{0,9}(\\?[ -~]{0,9})?",
        garbage in ".{0,40}",
    ) {
        let signatures = signatures(&["token"]);
        let signature = signatures.sign_form(&target, &pairs);
        pairs.reverse();
        pairs.push(pairs[0].clone());
        prop_assert_eq!(signatures.verify_form(&target, &pairs, &signature), Ok(()));
        pairs.push(("one".to_owned(), "more".to_owned()));
        prop_assert!(signatures.verify_form(&target, &pairs, &signature).is_err());
        prop_assert!(signatures.verify_form(&target, &pairs, &garbage).is_err());
    }
}
