use crate::app::{App, GREETING, QUESTION};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gets_the_word_and_the_assistant_is_silent() {
    let app = App::start().await;
    let alice = app.customer();

    alice.texts("Quiero hablar con una persona, por favor").await;
    app.until_db_says("SELECT assistant FROM user_conversations", "handed_over").await;
    alice.texts(GREETING).await;
    alice.texts(QUESTION).await;

    app.until_quiet().await;
    assert!(alice.ledger().is_empty());
    assert_eq!(
        app.db.ask("SELECT handed_over_why FROM user_conversations").await.as_deref(),
        Some("hand_off")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_model_refuses_a_person_gets_the_word() {
    let app = App::start().await;
    app.suffers(simulator::Faults {
        claude: simulator::ClaudeFaults {
            refusal: simulator::Chance::Probability(1.0),
            ..Default::default()
        },
        ..Default::default()
    });
    let alice = app.customer();

    alice.texts(QUESTION).await;

    app.until_db_says("SELECT assistant FROM user_conversations", "handed_over").await;
    app.until_quiet().await;
    assert!(alice.ledger().is_empty());
}
