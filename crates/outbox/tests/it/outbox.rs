//! What is said is said with the transaction, and what was heard is heard once.

use diesel_async::AsyncConnection;
use domain::EventId;
use domain::store::Tx;
use events::Event;

use crate::house::{House, requested, withheld};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_in_a_transaction_that_fails_was_never_said() {
    let house = House::new().await;
    let (mut conn, now) = (house.conn().await, testkit::clock::noon());

    let failed: Result<(), diesel::result::Error> = conn
        .transaction(async |tx: &mut Tx| {
            outbox::enqueue(tx, &requested(1), now).await?;
            Err(diesel::result::Error::RollbackTransaction)
        })
        .await;
    failed.unwrap_err();
    assert_eq!(house.in_outbox().await, 0);

    conn.transaction(async |tx: &mut Tx| outbox::enqueue(tx, &requested(1), now).await)
        .await
        .unwrap();
    assert_eq!(house.in_outbox().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_keeps_its_type_account_time_and_trace() {
    let house = House::new().await;
    let (mut conn, now) = (house.conn().await, testkit::clock::noon());
    let event = withheld();
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    outbox::enqueue_traced(&mut conn, &event, now, Some(trace.to_owned())).await.unwrap();

    let rows = domain::store::outbox::write::next(&mut conn, 10).await.unwrap();
    let [row] = rows.as_slice() else { panic!("{} rows", rows.len()) };
    assert_eq!(row.event_type, "reply.withheld");
    assert_eq!(row.account_id, Some(event.account.as_uuid()));
    assert_eq!(row.occurred_at, now);
    assert_eq!(row.traceparent.as_deref(), Some(trace));
    assert!(events::ReplyWithheld::decode(&row.payload).unwrap() == event);
}

#[tokio::test(flavor = "multi_thread")]
async fn saying_nothing_is_no_work() {
    let house = House::new().await;
    let none: [events::ReplyRequested; 0] = [];

    outbox::enqueue_all(&mut house.conn().await, &none, testkit::clock::noon()).await.unwrap();

    assert_eq!(house.in_outbox().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_hearer_hears_an_event_for_the_first_time_once() {
    let house = House::new().await;
    let (mut conn, event) = (house.conn().await, EventId::generate());

    for (hearer, first) in [("a.x", true), ("a.x", false), ("b.x", true), ("b.x", false)] {
        let said = outbox::first_time(&mut conn, hearer, event).await.unwrap();
        assert_eq!(said, first, "{hearer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handling_that_fails_leaves_the_event_unheard() {
    let house = House::new().await;
    let (mut conn, event) = (house.conn().await, EventId::generate());

    let failed: Result<(), diesel::result::Error> = conn
        .transaction(async |tx: &mut Tx| {
            assert!(outbox::first_time(tx, "a.x", event).await?);
            Err(diesel::result::Error::RollbackTransaction)
        })
        .await;
    failed.unwrap_err();

    assert!(outbox::first_time(&mut conn, "a.x", event).await.unwrap());
}
