//! Whatever bytes are signed: they are read or kept as malformed, and the tables take the result.

use domain::ReceiptId;
use ingress::journal::Entry;
use ingress::spool;
use ingress::twilio::{Arrived, Kind, MALFORMED};
use proptest::prelude::*;
use testkit::clock::noon;

use crate::kit::{ACCOUNT, sid};

/// Bytes of any kind, and forms with the names that matter and any values.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let name = prop::sample::select(vec![
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
        "Nuevo",
    ]);
    let value = prop_oneof![any::<String>(), Just(sid(1)), Just(ACCOUNT.to_owned()), "[0-9]{1,12}"];
    let form = prop::collection::vec((name, value), 0..16).prop_map(|pairs| {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
    });
    // Most forms lack something, so every other one begins complete.
    let complete = (form.clone(), any::<String>()).prop_map(|(form, word)| {
        let known = [
            ("MessageSid", sid(1).as_str()),
            ("AccountSid", ACCOUNT),
            ("From", &format!("x{word}")),
            ("To", "y"),
            ("MessageStatus", &format!("z{word}")),
        ]
        .map(|(name, value)| (name, value.to_owned()));
        let start = form_urlencoded::Serializer::new(String::new()).extend_pairs(known).finish();
        [start.as_bytes(), b"&", &form].concat()
    });
    prop_oneof![prop::collection::vec(any::<u8>(), 0..400), form, complete]
}

fn entry(kind: Kind, target: &str, body: Vec<u8>) -> Entry {
    let arrived = Arrived {
        id: ReceiptId::generate(),
        kind,
        source: "webhook",
        request_target: target.to_owned(),
        body,
        received_at: noon(),
        traceparent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
    };
    arrived.into_entry()
}

proptest! {
    #[test]
    fn hostile_bytes_become_an_entry_that_the_tables_take(
        body in body(),
        target in "/webhooks/[!-~]{0,40}",
        kind in prop::sample::select(vec![Kind::SmsInbound, Kind::SmsStatus]),
    ) {
        let Entry { receipt, said } = entry(kind, &target, body.clone());

        prop_assert_eq!(receipt.body, body);
        prop_assert!(receipt.dedupe_key.chars().count() <= 200);
        prop_assert!(!receipt.dedupe_key.contains('\0'));
        prop_assert_eq!(receipt.kind == MALFORMED, said.is_none());
        prop_assert_eq!(receipt.problem.is_some(), said.is_none());
    }

    #[test]
    fn an_entry_comes_out_of_the_spool_as_it_went_in(
        bodies in prop::collection::vec(body(), 0..12),
        target in "/webhooks/[!-~]{0,40}",
        kind in prop::sample::select(vec![Kind::SmsInbound, Kind::SmsStatus]),
    ) {
        let before: Vec<Entry> =
            bodies.into_iter().map(|body| entry(kind, &target, body)).collect();

        let messages = spool::encode(&before);
        let after: Vec<Entry> =
            messages.iter().flat_map(|message| spool::decode(&message.body).unwrap()).collect();

        prop_assert_eq!(messages.iter().map(|message| message.entries).sum::<usize>(), before.len());
        prop_assert_eq!(after.len(), before.len());
        for (before, after) in before.iter().zip(&after) {
            prop_assert_eq!(facts(before), facts(after));
            prop_assert_eq!(after.receipt.source, "spool");
        }
    }

    #[test]
    fn a_strange_message_in_the_spool_is_an_error(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let empty = body.iter().all(|byte| b"[] \n\r\t".contains(byte));
        prop_assert!(empty || spool::decode(&body).is_err());
    }
}

#[test]
fn many_large_entries_become_several_messages() {
    let entries: Vec<Entry> =
        (0..20).map(|_| entry(Kind::SmsInbound, "/", vec![b'x'; 64 * 1024])).collect();

    let messages = spool::encode(&entries);

    assert!(messages.len() > 5);
    assert!(messages.iter().all(|message| message.body.len() <= 256 * 1024));
}

/// All of an entry but where it came from and the event's own id.
fn facts(entry: &Entry) -> String {
    let Entry { receipt, said } = entry;
    let said = said.as_ref().map(|said| {
        (said.event_type, said.occurred_at, said.traceparent.clone(), said.payload.clone())
    });
    let receipt = (
        (receipt.id, receipt.kind, &receipt.dedupe_key, &receipt.request_target),
        (&receipt.body, &receipt.problem, receipt.received_at),
    );
    format!("{receipt:?} {said:?}")
}
