//! What goes out, and what comes of it.

use domain::MessageId;
use domain::store::conversations::write::NewOutbound;
use domain::store::conversations::{read, write};
use domain::{Clock, SystemClock};
use providers::{SendError, SmsRecord};
use testkit::until;

use crate::app::{App, SOON, new_sid};

const ALICE: &str = "+525510000001";
const STATUS: &str =
    "SELECT status FROM sms_messages WHERE direction = 'outbound' ORDER BY id DESC";

async fn talking(app: &App) {
    app.hears(ALICE, app.number(0), "Hola").await;
    app.shows("SELECT count(*) FROM sms_messages", "1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_took_is_sent() {
    let app = App::start().await;
    talking(&app).await;

    app.drafts(ALICE, "Buenas tardes").await;

    app.shows(STATUS, "sent").await;
    assert_eq!(app.sms.sent().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_certainly_not_processed_is_sent_again() {
    let app = App::start().await;
    talking(&app).await;
    app.sms.fails_once_with(SendError::NotProcessed {
        code: None,
        retry_after: Some(std::time::Duration::from_millis(50)),
    });

    app.drafts(ALICE, "Buenas tardes").await;

    app.shows(STATUS, "sent").await;
    app.shows("SELECT attempts FROM sms_messages WHERE direction = 'outbound'", "2").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_without_an_answer_is_found_in_the_providers_list_and_not_repeated() {
    let app = App::start().await;
    talking(&app).await;
    app.sms.fails_once_with(SendError::Unknown);
    let sid = new_sid();
    app.sms.has_on_record(SmsRecord {
        sid: sid.clone(),
        from: app.number(0).as_e164().to_owned(),
        to: ALICE.to_owned(),
        body: "Buenas tardes".to_owned(),
        inbound: false,
        status: "sent".to_owned(),
        error_code: None,
        num_media: 0,
        created_at: SystemClock.now(),
    });

    app.drafts(ALICE, "Buenas tardes").await;

    app.shows(STATUS, "sent").await;
    app.shows("SELECT twilio_sid FROM sms_messages WHERE direction = 'outbound'", sid.as_str())
        .await;
    assert!(app.sms.sent().is_empty(), "it was not sent a second time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_without_an_answer_that_the_list_lacks_twice_is_repeated() {
    let app = App::start().await;
    talking(&app).await;
    app.sms.fails_once_with(SendError::Unknown);

    app.drafts(ALICE, "Buenas tardes").await;

    app.shows(STATUS, "sent").await;
    assert_eq!(app.sms.sent().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn twilios_opt_out_is_put_on_record() {
    let app = App::start().await;
    talking(&app).await;
    app.sms.fails_once_with(SendError::OptedOut);

    app.drafts(ALICE, "Buenas tardes").await;

    app.shows(STATUS, "failed").await;
    app.shows("SELECT source || ' ' || evidence FROM opt_outs", "provider 21610").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_landline_is_not_texted_again() {
    let app = App::start().await;
    talking(&app).await;
    app.sms.fails_once_with(SendError::Rejected { code: 21614, recipient_unusable: true });
    app.drafts(ALICE, "Buenas tardes").await;
    app.shows(STATUS, "failed").await;

    app.drafts(ALICE, "¿Sigue ahí?").await;

    app.shows("SELECT ended_why FROM sms_messages WHERE body = '¿Sigue ahí?'", "unreachable").await;
    assert!(app.sms.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misconfigured_number_rests_and_keeps_its_texts() {
    let app = App::start().await;
    talking(&app).await;
    app.sms.fails_once_with(SendError::Misconfigured { code: 21606 });

    app.drafts(ALICE, "Buenas tardes").await;

    app.shows("SELECT paused_code FROM number_pace WHERE paused_code IS NOT NULL", "21606").await;
    app.shows(STATUS, "queued").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_does_not_wait_behind_a_thousand_bulk_texts() {
    let app = App::start().await;
    talking(&app).await;
    // One segment a second: the bulk would take a quarter of an hour.
    app.changes(
        "UPDATE number_pace SET segments_per_second = 1, burst = 12, reserve = 8, tokens = 8",
    )
    .await;
    app.changes(&format!(
        "INSERT INTO sms_messages (id, account_id, conversation_id, number_id, direction, author, body,
           segments, status, status_rank, lane, send_after, created_at)
         SELECT gen_random_uuid(), c.account_id, c.id, c.number_id, 'outbound', 'campaign', 'Oferta ' || i, 1, 'queued', 0, 1, now(), now()
         FROM user_conversations c, generate_series(1, 1000) i WHERE c.to_number = '{ALICE}'"
    ))
    .await;

    app.drafts(ALICE, "Buenas tardes").await;

    app.shows("SELECT status FROM sms_messages WHERE author = 'assistant'", "sent").await;
    let waiting =
        app.db.ask("SELECT count(*) FROM sms_messages WHERE lane = 1 AND status = 'queued'").await;
    assert!(waiting.unwrap().parse::<u32>().unwrap() > 900, "the bulk still waits");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_scheduled_before_an_opt_out_does_not_leave_after_it() {
    let app = App::start().await;
    talking(&app).await;
    let mut conn = app.db.conn().await;
    let conversation =
        read::conversation_with(&mut conn, app.account, ALICE).await.unwrap().unwrap();
    let now = SystemClock.now();
    let id = MessageId::generate();
    let text = NewOutbound {
        id,
        account: app.account,
        conversation: conversation.id,
        author: "person",
        author_user: None,
        purpose: "conversation",
        body: "Le llamo mañana",
        segments: 1,
        lane: 0,
        in_reply_to: None,
        reply_epoch: None,
        send_after: now + chrono::TimeDelta::milliseconds(1500),
        traceparent: None,
        at: now,
    };
    write::queue(&mut conn, &text).await.unwrap();

    app.hears(ALICE, app.number(0), "STOP").await;

    let why = format!("SELECT ended_why FROM sms_messages WHERE id = '{id}'");
    app.shows(&why, "opted_out").await;
    assert!(app.sms.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_reassignment_the_old_number_still_leads_to_the_conversation() {
    let app = App::start().await;
    talking(&app).await;
    let mut conn = app.db.conn().await;
    let conversation =
        read::conversation_with(&mut conn, app.account, ALICE).await.unwrap().unwrap();
    let moved = write::reassign(
        &mut conn,
        &conversation,
        app.numbers[1].0,
        None,
        "filtrado",
        SystemClock.now(),
    )
    .await
    .unwrap();
    assert_eq!(moved, write::Reassigned::Done);

    app.hears(ALICE, app.number(0), "¿Sigue en pie?").await;
    app.shows("SELECT count(*) FROM sms_messages", "2").await;
    app.drafts(ALICE, "Claro").await;

    until(SOON, "the answer", async || app.sms.sent().len() == 1).await;
    assert_eq!(&app.sms.sent()[0].from, app.number(1));
    app.shows("SELECT count(*) FROM user_conversations", "1").await;
    app.shows("SELECT count(*) FROM conversation_aliases", "1").await;
}
