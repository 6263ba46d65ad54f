//! What comes in.

use testkit::until;

use crate::app::{App, SOON};

const ALICE: &str = "+525510000001";

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_sender_opens_a_conversation_on_the_number_they_wrote_to() {
    let app = App::start().await;

    app.hears(ALICE, app.number(1), "Hola").await;

    let query = "SELECT from_twilio_number || ' ' || assigned_reason FROM user_conversations";
    app.shows(query, &format!("{} written_to", app.number(1).as_e164())).await;
    app.shows("SELECT count(*) FROM bus_messages WHERE queue = 'responder.reply_requested'", "0")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_in_mexicos_many_spellings_has_one_conversation() {
    let app = App::start().await;

    for from in ["+525510000001", "+5215510000001", "5510000001", "whatsapp:+5215510000001"] {
        app.hears(from, app.number(0), "Hola").await;
    }

    app.shows("SELECT count(*) FROM sms_messages", "4").await;
    app.shows("SELECT count(*) FROM user_conversations", "1").await;
    app.shows("SELECT count(DISTINCT peer_raw) FROM sms_messages", "4").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_to_another_of_our_numbers_is_answered_from_the_sticky_one() {
    let app = App::start().await;
    app.hears(ALICE, app.number(0), "Hola").await;
    app.shows("SELECT count(*) FROM sms_messages", "1").await;

    app.hears(ALICE, app.number(2), "¿Y aquí?").await;
    app.shows("SELECT count(*) FROM sms_messages", "2").await;
    app.drafts(ALICE, "Es la misma conversación").await;

    let sent = app.sent(1).await;
    assert_eq!(&sent[0].from, app.number(0));
    app.shows("SELECT count(*) FROM user_conversations", "1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_comes_twice_is_recorded_once() {
    let app = App::start().await;
    let sid = app.hears(ALICE, app.number(0), "Hola").await;

    app.hears_again(&sid, ALICE, app.number(0), "Hola").await;
    app.is_quiet().await;

    app.shows("SELECT count(*) FROM sms_messages", "1").await;
    assert_eq!(app.epoch(ALICE).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn alto_is_confirmed_once_and_nothing_leaves_after_it() {
    let app = App::start().await;
    app.hears(ALICE, app.number(0), "¿Cuánto cuesta la sala?").await;
    app.shows("SELECT count(*) FROM sms_messages", "1").await;
    let epoch = app.epoch(ALICE).await;

    app.hears(ALICE, app.number(0), "Alto.").await;
    app.hears(ALICE, app.number(0), "ALTO").await;
    app.shows("SELECT count(*) FROM opt_outs WHERE revoked_at IS NULL", "1").await;
    app.drafts_for(ALICE, "Cuesta $14,900", epoch).await;
    app.hears(ALICE, app.number(0), "¿sigues ahí?").await;
    app.is_quiet().await;

    let sent = app.sent(1).await;
    assert_eq!(sent.len(), 1, "only the confirmation");
    assert!(sent[0].body.contains("INICIAR"), "it says how to come back");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_comes_back_by_iniciar() {
    let app = App::start().await;
    app.hears(ALICE, app.number(0), "BAJA").await;
    app.shows("SELECT count(*) FROM opt_outs WHERE revoked_at IS NULL", "1").await;

    app.hears(ALICE, app.number(0), "Sí").await;
    app.hears(ALICE, app.number(0), "iniciar").await;

    app.shows("SELECT count(*) FROM opt_outs WHERE revoked_at IS NOT NULL", "1").await;
    assert_eq!(app.sent(2).await.len(), 2, "both confirmations");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_text_makes_the_draft_for_the_older_one_stale() {
    let app = App::start().await;
    app.hears(ALICE, app.number(0), "Hola").await;
    app.shows("SELECT count(*) FROM sms_messages", "1").await;
    let first = app.epoch(ALICE).await;
    app.hears(ALICE, app.number(0), "¿tienen camas?").await;
    app.shows("SELECT count(*) FROM sms_messages", "2").await;

    app.drafts_for(ALICE, "Buenas tardes", first).await;
    app.drafts(ALICE, "Sí, tenemos").await;
    app.is_quiet().await;

    let sent = app.sent(1).await;
    assert_eq!(sent.iter().map(|text| text.body.as_str()).collect::<Vec<_>>(), ["Sí, tenemos"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_code_is_recorded_and_never_answered() {
    let app = App::start().await;

    app.hears("26266", app.number(0), "Su código es 4711").await;

    app.shows("SELECT count(*) FROM sms_messages", "1").await;
    app.is_quiet().await;
    app.shows("SELECT count(*) FROM user_conversations WHERE reply_due_at IS NOT NULL", "0").await;
    assert!(app.sms.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_to_a_number_that_is_not_ours_waits_as_a_dead_letter() {
    let app = App::start().await;
    let stranger = testkit::world::customer(77);

    app.hears(ALICE, &stranger, "¿Hola?").await;

    let dead = "SELECT count(*) FROM bus_messages WHERE queue = 'conversations.sms_received' AND dead_why IS NOT NULL";
    until(SOON, "a dead letter", async || app.db.ask(dead).await.as_deref() == Some("1")).await;
}
