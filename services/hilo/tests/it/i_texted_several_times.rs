use futures_util::future::join3;
use simulator::{ClaudeFaults, Faults};

use crate::app::{ANSWER, App, GREETING, QUESTION, WELCOME, Wishes};

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_three_texts_gets_one_answer() {
    let app = App::with(Wishes { debounce_ms: 1_500, ..Wishes::default() }).await;
    let alice = app.customer();

    join3(alice.texts("buenas"), alice.texts("vi su anuncio"), alice.texts("¿qué tal?")).await;
    alice.texts(QUESTION).await;

    let answer = alice.hears(1).await;
    assert!(answer.body.contains(ANSWER), "it answers the last of them: {}", answer.body);
    app.until_quiet().await;
    assert_eq!(alice.ledger().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_text_cancels_what_the_model_was_thinking() {
    let app = App::start().await;
    app.suffers(Faults {
        claude: ClaudeFaults { delay_ms: 5_000, ..Default::default() },
        ..Default::default()
    });
    let alice = app.customer();

    alice.texts(QUESTION).await;
    app.until_db_says(
        "SELECT count(*) FROM bus_messages WHERE queue = 'responder.reply_requested'",
        "1",
    )
    .await;
    alice.texts(GREETING).await;

    alice.hears(1).await;
    app.until_quiet().await;
    assert_eq!(alice.heard(), [WELCOME]);
    let superseded = "SELECT count(*) FROM ai_runs WHERE outcome = 'superseded'";
    assert_eq!(app.db.ask(superseded).await.as_deref(), Some("1"));
}
