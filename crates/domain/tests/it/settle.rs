//! What came of a send, whoever tells it first.

use chrono::TimeDelta;
use domain::store::conversations::write;
use domain::{ConversationId, DeliveryStatus, MessageId, MessageSid};

use crate::town::{Town, now};

fn sid(n: u32) -> MessageSid {
    MessageSid::parse(&format!("SM{n:032x}")).unwrap()
}

fn later(seconds: i64) -> domain::Timestamp {
    now() + TimeDelta::seconds(seconds)
}

/// A text that is being sent, its lease ending in a minute.
async fn sending(town: &Town) -> (MessageId, ConversationId) {
    let conversation = town.conversation(1).await;
    let text = town.queue(conversation).await;
    let mut conn = town.conn().await;
    write::claim(&mut conn, vec![text], now(), later(60), later(-600)).await.unwrap();
    (text, conversation)
}

async fn status(town: &Town, text: MessageId) -> String {
    town.text(text, "status").await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_took_is_sent() {
    let town = Town::with_numbers(1).await;
    let (text, _) = sending(&town).await;

    assert!(write::record_sent(&mut town.conn().await, text, &sid(1), now()).await.unwrap());

    assert_eq!(status(&town, text).await, "sent");
    assert_eq!(town.text(text, "twilio_sid").await.as_deref(), Some(sid(1).as_str()));
    assert_eq!(town.text(text, "lease_until").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_was_faster_than_the_answer_stands() {
    let town = Town::with_numbers(1).await;
    let (text, _) = sending(&town).await;
    let mut conn = town.conn().await;
    write::set_status(&mut conn, text, &sid(1), DeliveryStatus::Delivered, None, later(1))
        .await
        .unwrap();

    assert!(!write::record_sent(&mut conn, text, &sid(1), later(2)).await.unwrap());
    assert!(!write::put_back(&mut conn, text, DeliveryStatus::Sending, later(2)).await.unwrap());
    assert!(!write::uncertain(&mut conn, text, later(2)).await.unwrap());
    let failed = write::end(&mut conn, text, DeliveryStatus::Failed, Some(30_008), None, later(2));
    assert!(!failed.await.unwrap());

    assert_eq!(status(&town, text).await, "delivered");
    assert!(town.text(text, "finished_at").await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_certainly_did_not_leave_waits_again() {
    let town = Town::with_numbers(1).await;
    let (text, conversation) = sending(&town).await;
    let mut conn = town.conn().await;

    assert!(write::put_back(&mut conn, text, DeliveryStatus::Sending, later(30)).await.unwrap());

    assert_eq!(status(&town, text).await, "queued");
    assert_eq!(write::candidates(&mut conn, later(29), 1).await.unwrap().len(), 0);
    assert_eq!(write::candidates(&mut conn, later(30), 1).await.unwrap().len(), 1);
    write::lock_conversations(&mut conn, vec![conversation]).await.unwrap();
    let again = write::claim(&mut conn, vec![text], later(30), later(90), later(-600)).await;
    assert_eq!(again.unwrap()[0].attempts, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_ended_makes_a_text_uncertain_and_only_then() {
    let town = Town::with_numbers(1).await;
    let (text, _) = sending(&town).await;
    let mut conn = town.conn().await;

    assert_eq!(write::expire_leases(&mut conn, later(60), later(90)).await.unwrap(), 0);
    assert_eq!(write::expire_leases(&mut conn, later(61), later(90)).await.unwrap(), 1);

    assert_eq!(status(&town, text).await, "uncertain");
    // No machine sends it again before the provider was asked.
    assert_eq!(write::candidates(&mut conn, later(3_600), 1).await.unwrap().len(), 0);
    assert!(!write::put_back(&mut conn, text, DeliveryStatus::Sending, now()).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_uncertain_text_is_looked_for_by_one_at_a_time() {
    let town = Town::with_numbers(1).await;
    let (text, _) = sending(&town).await;
    let mut conn = town.conn().await;
    assert!(write::uncertain(&mut conn, text, later(90)).await.unwrap());

    assert_eq!(write::adopt(&mut conn, later(89), later(120), 10).await.unwrap().len(), 0);
    let mine = write::adopt(&mut conn, later(90), later(120), 10).await.unwrap();
    let [mine] = mine.as_slice() else { panic!("{} were adopted", mine.len()) };
    assert_eq!((mine.id, mine.claimed_at, mine.absences), (text, now(), 0));
    assert_eq!(write::adopt(&mut conn, later(119), later(180), 10).await.unwrap().len(), 0);

    write::still_absent(&mut conn, text, later(150)).await.unwrap();
    let again = write::adopt(&mut conn, later(150), later(180), 10).await.unwrap();
    assert_eq!(again[0].absences, 1);
    // Found in the provider's list after all.
    assert!(write::record_sent(&mut conn, text, &sid(1), later(151)).await.unwrap());
    write::still_absent(&mut conn, text, later(200)).await.unwrap();
    assert_eq!(write::adopt(&mut conn, later(300), later(400), 10).await.unwrap().len(), 0);
    assert_eq!(status(&town, text).await, "sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_the_list_lacks_is_sent_again_with_nothing_counted_against_it() {
    let town = Town::with_numbers(1).await;
    let (text, _) = sending(&town).await;
    let mut conn = town.conn().await;
    write::uncertain(&mut conn, text, now()).await.unwrap();
    write::still_absent(&mut conn, text, now()).await.unwrap();

    assert!(write::put_back(&mut conn, text, DeliveryStatus::Uncertain, now()).await.unwrap());

    assert_eq!(status(&town, text).await, "queued");
    assert_eq!(town.text(text, "absences").await.as_deref(), Some("0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_found_by_our_id_or_by_the_providers() {
    let town = Town::with_numbers(1).await;
    let (text, conversation) = sending(&town).await;
    let mut conn = town.conn().await;

    let by_ours = write::lock_status(&mut conn, Some(text), &sid(1)).await.unwrap().unwrap();
    assert_eq!((by_ours.conversation_id, by_ours.status.as_str()), (conversation, "sending"));
    assert!(write::lock_status(&mut conn, None, &sid(1)).await.unwrap().is_none());

    write::record_sent(&mut conn, text, &sid(1), now()).await.unwrap();
    let by_theirs = write::lock_status(&mut conn, None, &sid(1)).await.unwrap().unwrap();
    assert_eq!((by_theirs.id, by_theirs.status.as_str()), (text, "sent"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_ended_keeps_why_and_when() {
    let town = Town::with_numbers(1).await;
    let (text, _) = sending(&town).await;
    let mut conn = town.conn().await;

    let ended = write::end(
        &mut conn,
        text,
        DeliveryStatus::Failed,
        Some(21_610),
        Some("opted_out"),
        later(1),
    );
    assert!(ended.await.unwrap());

    assert_eq!(status(&town, text).await, "failed");
    assert_eq!(town.text(text, "error_code").await.as_deref(), Some("21610"));
    assert_eq!(town.text(text, "ended_why").await.as_deref(), Some("opted_out"));
    assert!(!write::record_sent(&mut conn, text, &sid(1), later(2)).await.unwrap());
    assert_eq!(status(&town, text).await, "failed");
}
