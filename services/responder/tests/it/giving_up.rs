use chassis::HandleError;
use chrono::TimeDelta;
use events::{ReplySource, WithheldReason};
use providers::{Answer, ModelError};

use crate::kit::{App, Said, meta, reply};

#[tokio::test]
async fn the_model_may_ask_for_a_person_or_for_silence() {
    let app = App::start().await;
    let ana = app.thread("Luna", 1).await;
    app.model.will_answer(Ok(Answer::HandOff { reason: "wants a person".to_owned() }));
    app.model.will_answer(Ok(Answer::StaySilent { reason: "said thanks".to_owned() }));

    let request = app.texts(ana, "quiero hablar con alguien").await;
    assert_eq!(app.hears(&request).await, Said::Withheld(WithheldReason::HandOff));
    assert_eq!(
        app.ask("SELECT source || ': ' || note FROM ai_runs").await,
        "assistant: wants a person"
    );

    let request = app.texts(ana, "gracias").await;
    assert_eq!(app.hears(&request).await, Said::Withheld(WithheldReason::StaySilent));
}

#[tokio::test]
async fn an_overloaded_model_is_tried_again_until_the_customer_has_waited_enough() {
    let app = App::start().await;
    let ana = app.thread("Luna", 1).await;
    let request = app.texts(ana, "hola").await;
    app.model.will_answer(Err(ModelError::Overloaded));
    app.model.will_answer(Err(ModelError::Overloaded));

    let error = app.hears_as(&request, meta(false)).await.unwrap_err();
    assert!(matches!(error, HandleError::Retry(_)));
    assert_eq!(app.said(&request).await, None);

    app.hears_as(&request, meta(true)).await.unwrap();
    assert_eq!(app.said(&request).await, Some(Said::Withheld(WithheldReason::ModelFailed)));
    assert!(app.ask("SELECT note FROM ai_runs").await.contains("overloaded"));
    assert_eq!(app.ask("SELECT count(*) FROM assistant_days").await, "0", "it cost nothing");
}

#[tokio::test]
async fn what_will_not_pass_is_not_tried_again() {
    for error in [
        ModelError::SpendLimit,
        ModelError::Misconfigured { status: 401 },
        ModelError::Refused,
        ModelError::Truncated,
        ModelError::Unusable { what: "the tool's input".to_owned() },
    ] {
        let app = App::start().await;
        let ana = app.thread("Luna", 1).await;
        app.model.will_answer(Err(error));
        let request = app.texts(ana, "hola").await;

        assert_eq!(app.hears(&request).await, Said::Withheld(WithheldReason::ModelFailed));
        assert_eq!(app.model.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_provider_that_keeps_failing_is_left_alone_for_a_while() {
    let app = App::start().await;
    let ana = app.thread("Luna", 1).await;
    let request = app.texts(ana, "hola").await;
    for _ in 0..3 {
        app.model.will_answer(Err(ModelError::Unavailable));
        app.hears_as(&request, meta(false)).await.unwrap_err();
    }
    app.model.will_answer(reply("Con gusto."));

    app.hears_as(&request, meta(true)).await.unwrap();
    assert_eq!(app.said(&request).await, Some(Said::Withheld(WithheldReason::ModelFailed)));
    assert_eq!(app.model.asked().len(), 3, "the fourth was not asked");

    app.clock.advance(TimeDelta::seconds(20));
    assert_eq!(
        app.hears(&request).await,
        Said::Drafted("Con gusto.".to_owned(), ReplySource::Assistant)
    );
}

#[tokio::test]
async fn a_budget_ends_with_the_day_of_the_account() {
    let app = App::start().await;
    let ana = app.thread("Luna", 1).await;
    app.run("UPDATE assistant_profiles SET max_replies_per_day = 1").await;
    for _ in 0..2 {
        app.model.will_answer(reply("Con gusto."));
    }
    let drafted = Said::Drafted("Con gusto.".to_owned(), ReplySource::Assistant);

    let request = app.texts(ana, "hola").await;
    assert_eq!(app.hears(&request).await, drafted);
    let request = app.texts(ana, "¿sigue ahí?").await;
    assert_eq!(app.hears(&request).await, Said::Withheld(WithheldReason::OverBudget));

    // Noon and eleven hours: 23:00 there, and already the next day in UTC.
    app.clock.advance(TimeDelta::hours(11));
    assert_eq!(app.hears(&request).await, Said::Withheld(WithheldReason::OverBudget));
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(app.hears(&request).await, drafted);
}

#[tokio::test]
async fn an_assistant_that_is_off_or_has_no_profile_says_nothing() {
    for change in
        ["UPDATE assistant_profiles SET enabled = false", "DELETE FROM assistant_profiles"]
    {
        let app = App::start().await;
        let ana = app.thread("Luna", 1).await;
        app.run(change).await;
        let request = app.texts(ana, "hola").await;

        assert_eq!(app.hears(&request).await, Said::Withheld(WithheldReason::NoModel), "{change}");
    }
}

#[tokio::test]
async fn a_message_without_words_is_a_persons_to_look_at() {
    let app = App::start().await;
    let ana = app.thread("Luna", 1).await;
    let request = app.texts(ana, "").await;

    assert_eq!(app.hears(&request).await, Said::Withheld(WithheldReason::HandOff));
    assert!(app.model.asked().is_empty());
}
