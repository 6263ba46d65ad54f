use crate::app::{App, GREETING, QUESTION, WELCOME};

const GONE: &str = "SELECT count(*) FROM opt_outs WHERE revoked_at IS NULL";

#[tokio::test(flavor = "multi_thread")]
async fn whoever_texts_stop_hears_nothing_from_us_any_more() {
    let app = App::start().await;
    let alice = app.customer();

    alice.texts("STOP").await;
    app.until_db_says(GONE, "1").await;
    alice.texts("¿siguen ahí?").await;
    alice.to(&app.numbers[7]).texts(GREETING).await;

    app.until_quiet().await;
    // Twilio itself has confirmed it; a second confirmation would be one too many.
    assert!(alice.ledger().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn alto_is_confirmed_once_and_then_there_is_silence() {
    let app = App::start().await;
    let alice = app.customer();

    alice.texts("ALTO").await;
    let confirmation = alice.hears(1).await.body;
    for body in ["ALTO", GREETING, QUESTION, "sí"] {
        alice.texts(body).await;
    }

    app.until_quiet().await;
    assert!(confirmation.contains("ya no le escribimos"), "{confirmation}");
    assert_eq!(alice.heard(), [confirmation]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_in_the_making_is_dropped_when_the_person_leaves() {
    let app = App::start().await;
    let alice = app.customer();
    app.stop_service("responder").await;
    alice.texts(QUESTION).await;
    alice.texts("ALTO").await;
    app.until_db_says(GONE, "1").await;

    app.start_service("responder").await;

    app.until_quiet().await;
    assert_eq!(alice.ledger().len(), 1, "the confirmation and nothing else");
}

#[tokio::test(flavor = "multi_thread")]
async fn iniciar_brings_the_person_back() {
    let app = App::start().await;
    let alice = app.customer();
    alice.texts("BAJA").await;
    alice.hears(1).await;

    alice.texts("INICIAR").await;
    let welcome = alice.hears(2).await.body;
    alice.texts(GREETING).await;

    assert!(welcome.contains("gracias por volver"), "{welcome}");
    assert_eq!(alice.hears(3).await.body, WELCOME);
    app.until_quiet().await;
    assert_eq!(app.db.ask(GONE).await.as_deref(), Some("0"));
}
