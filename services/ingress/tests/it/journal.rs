//! The journal and its writer, without HTTP.

use std::time::Duration;

use chrono::TimeDelta;
use domain::ReceiptId;
use domain::store::ingress::NewReceipt;
use futures_util::future::join_all;
use ingress::journal::{Entry, Journal, Recorded, Scribe};
use ingress::prune::Pruner;
use ingress::spool::{self, Bypass};
use ingress::twilio::{Arrived, Kind};
use ingress::writer::{Writer, Written};
use testkit::{ManualClock, clock::noon};
use tokio_util::sync::CancellationToken;

use crate::kit::{INBOUND, text};

pub fn entry(n: usize) -> Entry {
    let arrived = Arrived {
        id: ReceiptId::generate(),
        kind: Kind::SmsInbound,
        source: "webhook",
        request_target: INBOUND.to_owned(),
        body: text(n, "hola").into_bytes(),
        received_at: noon(),
        traceparent: None,
    };
    arrived.into_entry()
}

/// Too long a key: the table refuses it.
fn unwritable() -> Entry {
    let Entry { receipt, said } = entry(0);
    Entry { receipt: NewReceipt { dedupe_key: "x".repeat(201), ..receipt }, said }
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_that_wait_together_share_a_commit() {
    let (db, telemetry) = (testkit::database().await, testkit::telemetry());
    let writer = Writer::new(db.pool(Some("hilo_ingress")), &telemetry.meters());
    let (journal, queues) = Journal::new(1_000, 512);
    let scribe = Scribe::new(writer, Bypass::new(nowhere(&db)));

    let handing_in = async {
        // They all wait before the first writer begins.
        let recorded = join_all((0..200).map(|n| journal.record(entry(n)))).await;
        drop(journal);
        recorded
    };
    let stop = CancellationToken::new();
    let writing = join_all(queues.into_iter().map(|queue| scribe.clone().run(queue, stop.clone())));
    let (recorded, _) = tokio::join!(handing_in, writing);

    assert_eq!(recorded, vec![Recorded::New; 200]);
    assert_eq!(db.ask("SELECT count(*) FROM webhook_receipts").await.unwrap(), "200");
    // One a writer: rows of one commit have the same `xmin`.
    let commits = "SELECT count(DISTINCT xmin::text) FROM webhook_receipts";
    assert_eq!(db.ask(commits).await.unwrap(), "2");
    assert!(telemetry.render().contains("ingress_batch_size_count 2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn when_too_many_wait_the_next_is_told_at_once() {
    let (journal, queues) = Journal::new(4, 512);

    let recorded = tokio::time::timeout(Duration::from_secs(5), async {
        let waiting = join_all((0..4).map(|n| journal.record(entry(2 * n))));
        let mut waiting = std::pin::pin!(waiting);
        assert!(futures_util::poll!(waiting.as_mut()).is_pending());
        join_all((0..4).map(|n| journal.record(entry(2 * n)))).await
    });

    // Half the places are each writer's, so two of those that wait took all of one.
    assert_eq!(recorded.await.unwrap(), vec![Recorded::Unavailable; 4]);
    drop(queues);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_the_database_refuses_does_not_take_its_neighbours_with_it() {
    let (db, telemetry) = (testkit::database().await, testkit::telemetry());
    let writer = Writer::new(db.pool(Some("hilo_ingress")), &telemetry.meters());
    let mut entries: Vec<Entry> = (1..=40).map(entry).collect();
    entries.insert(17, unwritable());
    entries.push(entry(1));

    let written = writer.write(&entries).await.unwrap();

    let mut expected = vec![Written::New; 42];
    (expected[17], expected[41]) = (Written::Refused, Written::Duplicate);
    // Of two doubles in one batch either may be the first.
    let first_is_new = written[0] == Written::New;
    if !first_is_new {
        (expected[0], expected[41]) = (Written::Duplicate, Written::New);
    }
    assert_eq!(written, expected);
    assert_eq!(db.ask("SELECT count(*) FROM outbox").await.unwrap(), "40");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_receipt_that_cannot_be_spooled_is_not_thanked_for() {
    let (db, telemetry) = (testkit::database().await, testkit::telemetry());
    let writer = Writer::new(db.pool(Some("hilo_ingress")), &telemetry.meters());
    let scribe = Scribe::new(writer, Bypass::new(nowhere(&db)));

    let recorded = scribe.settle(vec![entry(1), unwritable(), entry(2)]).await;

    assert_eq!(recorded, [Recorded::New, Recorded::Unavailable, Recorded::New]);
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_that_hold_the_same_webhooks_in_another_order_do_not_lock_each_other_out() {
    let (db, telemetry) = (testkit::database().await, testkit::telemetry());
    let writer = Writer::new(db.pool(Some("hilo_ingress")), &telemetry.meters());

    for round in 0..10 {
        let keys = 1_000 * round..1_000 * (round + 1);
        let upwards: Vec<Entry> = keys.clone().map(entry).collect();
        let downwards: Vec<Entry> = keys.rev().map(entry).collect();
        let (up, down) = tokio::join!(writer.write(&upwards), writer.write(&downwards));
        let written = [up.unwrap(), down.unwrap()].concat();
        assert_eq!(written.iter().filter(|fate| **fate == Written::New).count(), 1_000);
    }

    // A batch that lost a deadlock would have been halved.
    assert!(telemetry.render().contains("ingress_batch_size_count 20"));
}

#[tokio::test(flavor = "multi_thread")]
async fn receipts_go_when_they_are_older_than_the_retention() {
    let (db, telemetry) = (testkit::database().await, testkit::telemetry());
    let pool = db.pool(Some("hilo_ingress"));
    let writer = Writer::new(pool.clone(), &telemetry.meters());
    let clock = ManualClock::default();
    let entries: Vec<Entry> = (0..1_500).map(entry).collect();
    writer.write(&entries).await.unwrap();
    let day = TimeDelta::days(1);
    let pruner = Pruner { pool, clock: clock.shared(), retention: day.to_std().unwrap() };

    assert_eq!(pruner.once().await.unwrap(), 0);
    clock.advance(day + TimeDelta::seconds(1));
    assert_eq!(pruner.once().await.unwrap(), 1_500);
    assert_eq!(db.ask("SELECT count(*) FROM webhook_receipts").await.unwrap(), "0");
}

/// A spool without a broker behind it: it takes nothing.
fn nowhere(db: &testkit::TestDb) -> chassis::Spool {
    crate::kit::context(db).spool(spool::QUEUE)
}
