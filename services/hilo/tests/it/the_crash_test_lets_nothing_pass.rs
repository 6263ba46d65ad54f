//! A judge who never finds anyone guilty proves nothing: each law is broken here once.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::{Clock, SystemClock};
use simulator::{Ledger, Received, Sent, Status};
use uuid::Uuid;

use crate::torture::audit::audit;
use crate::torture::books::{Books, ByPerson, Inbound, OptOut, Outbound, Unconsidered};
use crate::torture::frames::{Frame, Frames};
use crate::torture::heard::{Answer, Asked, Heard, Listener};
use crate::torture::watch::{Standing, Watched};

const ALICE: &str = "+525510000000";

fn sent(message: Uuid, sid: &str) -> Sent {
    Sent {
        sid: sid.to_owned(),
        from: "+528110000000".to_owned(),
        to: ALICE.to_owned(),
        body: "Hola".to_owned(),
        segments: 1,
        status_callback: Some(format!(
            "http://localhost/webhooks/sms/status?message={message}#rc=3"
        )),
        created_at: SystemClock.now(),
        status: Status::Delivered,
        error_code: None,
        statuses: Vec::new(),
    }
}

fn received(sid: &str) -> Received {
    Received {
        sid: sid.to_owned(),
        from: ALICE.to_owned(),
        to: "+528110000000".to_owned(),
        body: "hola".to_owned(),
        received_at: SystemClock.now(),
        accepted: true,
        accepted_at: Some(SystemClock.now()),
        attempts: 1,
        settled: true,
    }
}

fn outbound(id: Uuid, sid: &str) -> Outbound {
    Outbound {
        id,
        to_number: ALICE.to_owned(),
        author: "assistant".to_owned(),
        purpose: "conversation".to_owned(),
        status: "delivered".to_owned(),
        attempts: 1,
        twilio_sid: Some(sid.to_owned()),
        in_reply_to: Some(Uuid::from_u128(7)),
        claimed_at: Some(SystemClock.now()),
    }
}

fn told(id: i64, what: &str, message: Uuid) -> Heard {
    Heard {
        id,
        kind: "conversation_changed".to_owned(),
        what: what.to_owned(),
        conversation: Some(Uuid::from_u128(8)),
        message: Some(message),
    }
}

fn asked(body: &str, answer: Answer) -> Asked {
    Asked { key: Uuid::now_v7(), body: body.to_owned(), answer, attempts: 2, replayed: true }
}

/// One text in, one text out and one of a person's, and a screen that came when all of it was told
/// but the first.
fn honest() -> Books {
    let (came, id, by_hand) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let messages = vec![sent(id, "SM2"), sent(by_hand, "SM5")];
    let told: Vec<Heard> = [
        told(1, "text_received", came),
        told(2, "text_delivered", id),
        told(3, "text_delivered", by_hand),
    ]
    .into();
    let heard = told.iter().skip(1).cloned().collect();
    Books {
        ledger: Ledger { messages, inbound: vec![received("SM1")] },
        inbound: vec![Inbound { id: came, twilio_sid: "SM1".to_owned() }],
        outbound: vec![
            outbound(id, "SM2"),
            Outbound { in_reply_to: None, ..outbound(by_hand, "SM5") },
        ],
        opt_outs: Vec::new(),
        unconsidered: Vec::new(),
        receipts: HashMap::new(),
        told,
        head: 3,
        listeners: vec![Listener { heard, ..Listener::default() }],
        asked: vec![
            asked("first", Answer::Taken(by_hand)),
            asked("second", Answer::Refused("409 opted-out".to_owned())),
        ],
        by_person: vec![ByPerson { id: by_hand, body: "first".to_owned() }],
    }
}

/// Tells of a text of ours, and every screen sees it.
fn announced(books: &mut Books, message: Uuid) {
    books.head += 1;
    let event = told(books.head, "text_delivered", message);
    books.listeners.iter_mut().for_each(|listener| listener.heard.push(event.clone()));
    books.told.push(event);
}

fn broken(books: &Books, watched: &Watched) -> Vec<&'static str> {
    let laws = audit(books, watched, &[], &[]);
    laws.iter().filter(|law| !law.broken.is_empty()).map(|law| law.name).collect()
}

/// What is found when the books are changed like this.
fn found(crime: impl FnOnce(&mut Books)) -> Vec<&'static str> {
    let mut books = honest();
    crime(&mut books);
    broken(&books, &Watched::default())
}

#[test]
fn honest_books_are_let_go() {
    assert!(found(|_| {}).is_empty());
}

#[test]
fn a_lost_text_is_found() {
    let law = ["every accepted webhook has its message"];
    assert_eq!(found(|books| books.inbound.clear()), law);
}

#[test]
fn a_text_that_was_sent_twice_never_or_by_nobody_is_found() {
    let law = ["every message was sent exactly once"];
    let again = |books: &mut Books| {
        let id = books.outbound[0].id;
        books.ledger.messages.push(sent(id, "SM3"));
    };

    assert_eq!(found(again), law);
    assert_eq!(found(|books| books.ledger.messages.clear()), law);
    assert_eq!(found(|books| books.outbound.clear()), law);
    let canceled = |books: &mut Books| {
        books.outbound[0].status = "canceled".to_owned();
        books.told[1].what = "text_failed".to_owned();
        books.listeners[0].heard[0].what = "text_failed".to_owned();
    };
    assert_eq!(found(canceled), law);
    assert_eq!(found(|books| books.outbound[0].twilio_sid = Some("SM9".to_owned())), law);
}

#[test]
fn a_second_number_for_one_recipient_is_found() {
    let crime = |books: &mut Books| {
        let id = Uuid::now_v7();
        let from = "+528110000001".to_owned();
        books.ledger.messages.push(Sent { from, ..sent(id, "SM4") });
        books.outbound.push(Outbound { in_reply_to: None, ..outbound(id, "SM4") });
        announced(books, id);
    };

    assert_eq!(found(crime), ["every recipient saw one number"]);
}

#[test]
fn a_second_answer_to_one_text_is_found() {
    let crime = |books: &mut Books| {
        let id = Uuid::now_v7();
        books.ledger.messages.push(sent(id, "SM4"));
        books.outbound.push(outbound(id, "SM4"));
        announced(books, id);
    };

    assert_eq!(found(crime), ["at most one answer to a text"]);
}

#[test]
fn a_text_to_somebody_who_left_is_found_and_one_that_had_left_before_is_not() {
    let (mut books, mut watched) = (honest(), Watched::default());
    let id = Uuid::now_v7();
    books.opt_outs.push(OptOut { id, phone_number: ALICE.to_owned(), revoked_at: None });
    let claimed = books.outbound[0].claimed_at.expect("a time");
    books.outbound[1].claimed_at = Some(claimed);

    watched.opted_out.insert(id, claimed + TimeDelta::milliseconds(1));
    assert!(broken(&books, &watched).is_empty());

    watched.opted_out.insert(id, claimed - TimeDelta::milliseconds(1));
    assert_eq!(broken(&books, &watched), ["nobody was texted after leaving"]);
}

#[test]
fn a_word_that_nobody_considered_a_dead_letter_and_a_restless_house_are_found() {
    let nobody =
        |books: &mut Books| books.unconsidered.push(Unconsidered { message: Uuid::now_v7() });
    assert_eq!(found(nobody), ["every last word was considered"]);

    let (dead, left) = ([("a.dead".to_owned(), 1)], ["outbox: 1".to_owned()]);
    let laws = audit(&honest(), &Watched::default(), &dead, &left);
    let names: Vec<_> =
        laws.iter().filter(|law| !law.broken.is_empty()).map(|law| law.name).collect();
    assert_eq!(names, ["it came to rest", "no dead letters"]);
}

#[test]
fn a_status_that_falls_is_found_and_one_that_is_put_back_is_not() {
    let id = Uuid::now_v7();
    let falls = |before: (&str, i16, i16), after: (&str, i16, i16)| {
        let mut watched = Watched::default();
        for (status, status_rank, attempts) in [before, after] {
            let status = status.to_owned();
            watched.see(Standing { id, status, status_rank, attempts, twilio_sid: None });
        }
        watched.fell.len()
    };

    assert_eq!(falls(("delivered", 70, 1), ("sent", 30, 1)), 1);
    assert_eq!(falls(("sent", 30, 1), ("queued", 0, 1)), 1);
    assert_eq!(falls(("uncertain", 20, 1), ("sending", 10, 1)), 1);
    assert_eq!(falls(("uncertain", 20, 2), ("sending", 10, 1)), 1);
    assert_eq!(falls(("uncertain", 20, 1), ("queued", 0, 1)), 0);
    assert_eq!(falls(("uncertain", 20, 1), ("sending", 10, 2)), 0);
    assert_eq!(falls(("sent", 30, 1), ("delivered", 70, 1)), 0);
}

#[test]
fn a_screen_that_missed_something_saw_it_twice_or_otherwise_or_was_told_to_begin_anew_is_found() {
    let law = ["no event is missing on a client that reconnects"];
    let screen = |crime: fn(&mut Listener)| found(move |books| crime(&mut books.listeners[0]));

    assert_eq!(screen(|it| it.heard.clear()), law);
    assert_eq!(screen(|it| drop(it.heard.pop())), law);
    assert_eq!(screen(|it| it.heard[0].id = 0), law);
    assert_eq!(screen(|it| it.heard.push(it.heard[1].clone())), law);
    assert_eq!(screen(|it| it.heard[0].what = "text_sent".to_owned()), law);
    assert_eq!(screen(|it| it.heard[0].message = None), law);
    assert_eq!(screen(|it| it.surprises.push("resync".to_owned())), law);
    assert_eq!(found(|books| books.head += 1), law);
}

#[test]
fn a_text_that_no_screen_was_told_of_is_found() {
    let law = ["every text reached the screens"];
    let untold = |place: usize| {
        found(move |books| {
            books.told[place].message = None;
            books.listeners[0].heard = books.told.clone();
        })
    };

    assert_eq!(untold(0), law);
    assert_eq!(untold(1), law);
    let otherwise = |books: &mut Books| {
        books.told[1].what = "text_sent".to_owned();
        books.listeners[0].heard = books.told.clone();
    };
    assert_eq!(found(otherwise), law);
}

#[test]
fn what_a_person_asked_for_and_was_not_done_or_done_twice_or_never_answered_is_found() {
    let law = ["what a person asked for was done once"];
    let again = |books: &mut Books| {
        let body = "first".to_owned();
        books.by_person.push(ByPerson { id: Uuid::now_v7(), body });
    };

    assert_eq!(found(again), law);
    assert_eq!(found(|books| books.by_person.clear()), law);
    assert_eq!(found(|books| books.by_person[0].id = Uuid::now_v7()), law);
    assert_eq!(found(|books| books.by_person[0].body = "second".to_owned()), law);
    assert_eq!(found(|books| books.asked.clear()), law);
    assert_eq!(found(|books| books.asked[1].answer = Answer::Missing("503".to_owned())), law);
}

#[test]
fn an_event_is_one_when_its_last_byte_is_there() {
    let stream = "retry: 1000\n\n: hello\nid: 7\nevent: hb\ndata: {}\n\nid: 8\nevent: cut";
    let mut frames = Frames::default();
    let seen: Vec<Frame> =
        stream.as_bytes().iter().flat_map(|byte| frames.push(&[*byte])).collect();

    let (event, data) = ("hb".to_owned(), "{}".to_owned());
    let beat = Frame { id: Some("7".to_owned()), event, data };
    assert_eq!(seen, [Frame::default(), beat]);
}
