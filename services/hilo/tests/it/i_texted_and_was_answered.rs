use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use domain::{Clock, SystemClock, Timestamp};
use simulator::Status;

use crate::app::{ANSWER, App, GREETING, On, QUESTION, WELCOME, Wishes};

/// So many days ahead. It goes on, unlike testkit's: the embedded bus also asks the database's own
/// clock, which does.
#[derive(Default)]
struct TimeMachine(AtomicI64);

impl Clock for TimeMachine {
    fn now(&self) -> Timestamp {
        SystemClock.now() + TimeDelta::days(self.0.load(Ordering::SeqCst))
    }
}

async fn a_rule_answers_from_the_number_that_was_texted(on: On) {
    let app = App::on(on).await;
    let alice = app.customer_of(&app.numbers[3]);

    alice.texts(GREETING).await;

    let answer = alice.hears(1).await;
    assert_eq!((answer.body.as_str(), &answer.ours), (WELCOME, &app.numbers[3]));
    alice.until_all_are(1, Status::Delivered).await;
    assert_eq!(
        app.db.ask("SELECT author FROM sms_messages WHERE direction = 'outbound'").await.as_deref(),
        Some("static_response")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_answers_from_the_number_that_was_texted_on_the_embedded_bus() {
    a_rule_answers_from_the_number_that_was_texted(On::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_answers_from_the_number_that_was_texted_on_rabbitmq() {
    a_rule_answers_from_the_number_that_was_texted(On::Rabbit).await;
}

async fn the_model_answers_what_no_rule_does(on: On) {
    let app = App::on(on).await;
    let alice = app.customer();

    alice.texts(QUESTION).await;

    let answer = alice.hears(1).await;
    assert!(answer.body.contains(ANSWER), "{}", answer.body);
    alice.until_all_are(1, Status::Delivered).await;
    assert_eq!(
        app.db.ask("SELECT author FROM sms_messages WHERE direction = 'outbound'").await.as_deref(),
        Some("assistant")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_model_answers_what_no_rule_does_on_the_embedded_bus() {
    the_model_answers_what_no_rule_does(On::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_model_answers_what_no_rule_does_on_rabbitmq() {
    the_model_answers_what_no_rule_does(On::Rabbit).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_day_the_same_number_answers_whichever_is_texted() {
    let clock = Arc::new(TimeMachine::default());
    let app = App::with(Wishes { clock: clock.clone(), ..Wishes::default() }).await;
    let alice = app.customer_of(&app.numbers[5]);
    alice.texts(GREETING).await;
    alice.hears(1).await;

    clock.0.store(1, Ordering::SeqCst);
    alice.texts(GREETING).await;
    alice.hears(2).await;
    alice.to(&app.numbers[9]).texts(QUESTION).await;
    alice.hears(3).await;

    let senders: Vec<String> = alice.ledger().into_iter().map(|text| text.from).collect();
    assert_eq!(senders, vec![app.numbers[5].clone(); 3]);
    assert_eq!(app.db.ask("SELECT count(*) FROM user_conversations").await.as_deref(), Some("1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_on_any_of_the_sixteen_numbers_opens_a_conversation_there() {
    let app = App::start().await;
    let strangers: Vec<_> = app.numbers.iter().map(|number| app.customer_of(number)).collect();

    for stranger in &strangers {
        stranger.texts(GREETING).await;
    }

    for (stranger, number) in strangers.iter().zip(&app.numbers) {
        assert_eq!(&stranger.hears(1).await.ours, number);
    }
    let bound = "SELECT count(DISTINCT from_twilio_number) || ' ' || count(*) FROM user_conversations WHERE assigned_reason = 'written_to'";
    assert_eq!(app.db.ask(bound).await.as_deref(), Some("16 16"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_whose_webhook_comes_twice_is_answered_once() {
    let app = App::start().await;
    app.suffers(simulator::Faults {
        inbound: simulator::InboundFaults {
            doubled: simulator::Chance::Probability(1.0),
            ..Default::default()
        },
        ..Default::default()
    });
    let alice = app.customer();

    alice.texts(GREETING).await;
    alice.hears(1).await;

    app.until_quiet().await;
    assert_eq!(alice.heard(), [WELCOME]);
    assert_eq!(
        app.db
            .ask("SELECT count(*) FROM sms_messages WHERE direction = 'inbound'")
            .await
            .as_deref(),
        Some("1")
    );
}
