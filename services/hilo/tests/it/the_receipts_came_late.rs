use simulator::{CallbackFaults, Chance, Faults, Recipient, Status};

use crate::app::{App, GREETING};

fn callbacks(callbacks: CallbackFaults) -> Faults {
    Faults { callbacks, ..Faults::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn late_doubled_and_shuffled_receipts_end_in_delivered() {
    let app = App::start().await;
    let always = Chance::Probability(1.0);
    app.suffers(callbacks(CallbackFaults {
        late_ms: 300,
        doubled: always,
        shuffled: always,
        lost: Chance::default(),
    }));
    let alice = app.customer();

    alice.texts(GREETING).await;
    alice.hears(1).await;

    // Two of each: `delivered` before `sent`, and each twice.
    app.until_db_says("SELECT count(*) FROM webhook_receipts WHERE kind = 'sms_status'", "2").await;
    app.until_quiet().await;
    alice.until_all_are(1, Status::Delivered).await;
    assert_eq!(alice.ledger().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_receipts_a_text_stays_sent() {
    let app = App::start().await;
    app.suffers(callbacks(CallbackFaults {
        lost: Chance::Probability(1.0),
        ..CallbackFaults::default()
    }));
    let alice = app.customer();

    alice.texts(GREETING).await;
    alice.hears(1).await;

    app.until_quiet().await;
    alice.until_all_are(1, Status::Sent).await;
    assert_eq!(alice.ledger().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_carrier_that_does_not_deliver_is_believed() {
    let app = App::start().await;
    let alice = app.customer();
    app.world.set_recipient(&alice.phone, Recipient { fail: Some(30003), refuse: None });

    alice.texts(GREETING).await;

    alice.until_statuses_are("undelivered").await;
    let code = "SELECT error_code FROM sms_messages WHERE direction = 'outbound'";
    assert_eq!(app.db.ask(code).await.as_deref(), Some("30003"));
}
