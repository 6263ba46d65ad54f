//! Forgetting what no redelivery can bring up again.

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use domain::EventId;
use outbox::Pruner;

use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_heard_within_a_month_is_remembered() {
    let house = House::new().await;
    let mut conn = house.conn().await;
    let (old, young) = (EventId::generate(), EventId::generate());
    for (event, days) in [(old, 31), (young, 29)] {
        outbox::first_time(&mut conn, "a.x", event).await.unwrap();
        let at = testkit::clock::noon() - TimeDelta::days(days);
        let dated = format!("UPDATE inbox SET handled_at = '{at}' WHERE event_id = '{event}'");
        conn.batch_execute(&dated).await.unwrap();
    }

    let pruner = Pruner { pool: house.pool.clone(), clock: house.clock.shared() };

    assert_eq!(pruner.once().await.unwrap(), 1);
    assert!(!outbox::first_time(&mut conn, "a.x", young).await.unwrap());
    assert!(outbox::first_time(&mut conn, "a.x", old).await.unwrap());
}
