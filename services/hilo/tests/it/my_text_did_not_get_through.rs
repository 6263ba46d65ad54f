use simulator::{ApiFaults, CallbackFaults, Chance, Faults, Recipient, Status};

use crate::app::{App, GREETING, WELCOME};

const ONCE: Chance = Chance::Next { next: 1 };

/// The provider's list is the only one who knows: no receipt will tell.
fn without_receipts(api: ApiFaults) -> Faults {
    let callbacks = CallbackFaults { lost: Chance::Probability(1.0), ..CallbackFaults::default() };
    Faults { api, callbacks, ..Faults::default() }
}

/// What became of the one text: (status, attempts).
async fn story(app: &App) -> String {
    let story =
        "SELECT status || ' after ' || attempts FROM sms_messages WHERE direction = 'outbound'";
    app.db.ask(story).await.expect("a text of ours")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_whose_answer_never_came_is_found_in_the_providers_list() {
    let app = App::start().await;
    app.suffers(without_receipts(ApiFaults { create_timeout: ONCE, ..ApiFaults::default() }));
    let alice = app.customer();

    alice.texts(GREETING).await;

    alice.until_all_are(1, Status::Sent).await;
    app.until_quiet().await;
    assert_eq!((story(&app).await.as_str(), alice.ledger().len()), ("sent after 1", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_tells_of_a_text_whose_answer_never_came() {
    let app = App::start().await;
    app.suffers(Faults {
        api: ApiFaults { create_5xx_accepted: ONCE, ..ApiFaults::default() },
        ..Faults::default()
    });
    let alice = app.customer();

    alice.texts(GREETING).await;

    alice.until_all_are(1, Status::Delivered).await;
    app.until_quiet().await;
    assert_eq!((story(&app).await.as_str(), alice.ledger().len()), ("delivered after 1", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_the_provider_never_took_is_sent_again_and_once() {
    let app = App::start().await;
    app.suffers(Faults {
        api: ApiFaults { create_5xx_refused: ONCE, ..ApiFaults::default() },
        ..Faults::default()
    });
    let alice = app.customer();

    alice.texts(GREETING).await;

    alice.until_all_are(1, Status::Delivered).await;
    app.until_quiet().await;
    assert_eq!((story(&app).await.as_str(), alice.ledger().len()), ("delivered after 2", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_too_busy_is_asked_again_later() {
    let app = App::start().await;
    app.suffers(Faults {
        api: ApiFaults { create_429: ONCE, ..ApiFaults::default() },
        ..Faults::default()
    });
    let alice = app.customer();

    alice.texts(GREETING).await;

    alice.until_all_are(1, Status::Delivered).await;
    assert_eq!(
        (story(&app).await.as_str(), alice.heard()),
        ("delivered after 2", vec![WELCOME.to_owned()])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_takes_no_texts_is_not_texted_again() {
    let app = App::start().await;
    let alice = app.customer();
    app.world.set_recipient(&alice.phone, Recipient { refuse: Some(21614), fail: None });

    alice.texts(GREETING).await;
    alice.until_statuses_are("failed").await;
    app.world.set_recipient(&alice.phone, Recipient::default());
    alice.texts(GREETING).await;

    alice.until_statuses_are("failed,canceled").await;
    app.until_quiet().await;
    assert!(alice.ledger().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_that_was_claimed_and_never_made_is_made_once() {
    let app = App::start().await;
    let alice = app.customer();
    // Dead in mid-claim: the row says that a request may be under way, and nobody is left to know.
    app.execute("UPDATE number_pace SET paused_until = now() + interval '1 hour'").await;
    alice.texts(GREETING).await;
    alice.until_statuses_are("queued").await;
    app.execute(
        "UPDATE sms_messages SET status = 'sending', status_rank = 10, attempts = 1, claimed_at = now(),
           lease_until = now() - interval '1 second' WHERE direction = 'outbound';
         UPDATE number_pace SET paused_until = NULL",
    )
    .await;

    alice.until_all_are(1, Status::Delivered).await;

    app.until_quiet().await;
    assert_eq!((story(&app).await.as_str(), alice.ledger().len()), ("delivered after 2", 1));
}
