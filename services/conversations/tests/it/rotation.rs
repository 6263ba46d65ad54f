//! Who sees which number.

use std::sync::Arc;

use conversations::rotation::{AssignError, Rotation};
use domain::SystemClock;
use testkit::world::{Traits, account, customer, number, numbers};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

struct Desk {
    db: testkit::db::TestDb,
    rotation: Rotation,
    tasks: TaskTracker,
    stop: CancellationToken,
}

async fn desk() -> Desk {
    let db = testkit::db::database().await;
    let (rotation, writer) =
        Rotation::new(db.pool(Some("hilo_conversations")), Arc::new(SystemClock));
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    tasks.spawn(writer.run(stop.clone()));
    Desk { db, rotation, tasks, stop }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_callers_at_once_deal_fairly_and_nobody_gets_two_numbers() {
    let desk = desk().await;
    let mut conn = desk.db.conn().await;
    let account = account(&mut conn, "A").await;
    numbers(&mut conn, account, 16).await;

    // 400 recipients, each asked for by four callers.
    let callers = (0..1_600_u32).map(|i| {
        let rotation = desk.rotation.clone();
        let to = customer(i % 400);
        async move { rotation.number_for_recipient(account, None, to).await.unwrap() }
    });
    let assigned = futures_util::future::join_all(callers).await;

    let mut seen = std::collections::HashMap::new();
    for row in assigned {
        let first = seen.entry(row.to_number.clone()).or_insert(row.number_id);
        assert_eq!(*first, row.number_id, "two numbers for one recipient");
    }
    assert_eq!(
        desk.db.ask("SELECT max(uses) - min(uses) FROM phone_numbers").await.as_deref(),
        Some("0")
    );
    assert_eq!(
        desk.db.ask("SELECT count(*) FROM user_conversations").await.as_deref(),
        Some("400")
    );
    assert_eq!(
        desk.db
            .ask("SELECT count(*) FROM outbox WHERE event_type = 'conversation.started'")
            .await
            .as_deref(),
        Some("400")
    );
    desk.stop.cancel();
    desk.tasks.close();
    desk.tasks.wait().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_without_room_says_so() {
    let desk = desk().await;
    let mut conn = desk.db.conn().await;
    let account = account(&mut conn, "A").await;
    number(&mut conn, account, Traits { new_recipients_per_day: 1, ..Traits::default() }).await;

    desk.rotation.number_for_recipient(account, None, customer(1)).await.unwrap();
    let refused = desk.rotation.number_for_recipient(account, None, customer(2)).await;

    assert!(matches!(refused, Err(AssignError::NoNumber)));
    desk.rotation
        .number_for_recipient(account, None, customer(1))
        .await
        .expect("who has one keeps it");
}
