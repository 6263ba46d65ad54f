use domain::StaticResponseId;
use domain::store::responder::write::{NewStatic, create_static};
use events::{ReplySource, WithheldReason};
use testkit::world;

use crate::kit::{App, Said, reply};

fn rule<'a>(name: &'a str, kind: &'a str, pattern: &'a str, body: &'a str) -> NewStatic<'a> {
    let (language, priority, hours, enabled) = (None, 0, "always", true);
    NewStatic { name, kind, pattern, body, language, priority, hours, enabled }
}

#[tokio::test]
async fn a_keyword_wins_over_the_model() {
    let app = App::start().await;
    let ana = app.thread("Luna", 1).await;
    world::static_response(&mut app.db.conn().await, ana.account, "horario", "De 9 a 19 h.").await;
    app.model.will_answer(reply("Con gusto."));

    let request = app.texts(ana, "¿HORARIO?").await;

    let expected = Said::Drafted("De 9 a 19 h.".to_owned(), ReplySource::StaticResponse);
    assert_eq!(app.hears(&request).await, expected);
    assert!(app.model.asked().is_empty());
    assert_eq!(app.ask("SELECT source || ' ' || outcome || ' ' || (static_response_id IS NOT NULL) FROM ai_runs").await,
        "static_response reply true");
    assert_eq!(app.ask("SELECT count(*) FROM assistant_days").await, "0");
}

#[tokio::test]
async fn the_rules_of_two_accounts_do_not_mix() {
    let app = App::start().await;
    let (ana, luis) = (app.thread("Luna", 1).await, app.thread("Sol", 1).await);
    let mut conn = app.db.conn().await;
    world::static_response(&mut conn, ana.account, "horario", "Luna: de 9 a 19 h.").await;
    world::static_response(&mut conn, luis.account, "horario", "Sol: de 10 a 20 h.").await;
    world::static_response(&mut conn, luis.account, "envios", "Sol: enviamos.").await;

    let request = app.texts(ana, "horario").await;
    let expected = Said::Drafted("Luna: de 9 a 19 h.".to_owned(), ReplySource::StaticResponse);
    assert_eq!(app.hears(&request).await, expected);

    let request = app.texts(ana, "envios").await;
    assert_eq!(app.hears(&request).await, Said::Withheld(WithheldReason::StaySilent));
    assert!(app.model.asked()[0].instructions.contains("Luna"));
    assert!(!app.model.asked()[0].instructions.contains("Sol"));
}

#[tokio::test]
async fn a_request_that_names_another_accounts_conversation_is_dead() {
    let app = App::start().await;
    let (ana, luis) = (app.thread("Luna", 1).await, app.thread("Sol", 2).await);
    let mut request = app.texts(ana, "hola").await;
    request.account = luis.account;

    let error = app.hears_as(&request, crate::kit::meta(false)).await.unwrap_err();

    assert!(matches!(error, chassis::HandleError::Dead(_)));
    assert_eq!(app.said(&request).await, None);
}

#[tokio::test]
async fn a_broken_rule_stops_nobody_and_priority_decides() {
    let app = App::start().await;
    let ana = app.thread("Luna", 1).await;
    let mut conn = app.db.conn().await;
    for rule in [
        NewStatic { priority: 9, ..rule("broken", "regex", "(", "never") },
        NewStatic { priority: 8, enabled: false, ..rule("off", "regex", ".", "never") },
        NewStatic {
            priority: 2,
            hours: "closed",
            ..rule("closed", "phrase", "precio", "Cerrado.")
        },
        NewStatic {
            priority: 2,
            language: Some("en"),
            ..rule("english", "phrase", "precio", "Price.")
        },
        NewStatic { priority: 1, ..rule("price", "regex", r"\bprecios?\b", "Vea la lista.") },
        NewStatic { priority: 0, ..rule("any", "regex", ".", "Hola.") },
    ] {
        let id = StaticResponseId::generate();
        assert!(create_static(&mut conn, ana.account, id, &rule).await.unwrap());
    }

    let request = app.texts(ana, "¿Me pasa el precio del colchón, por favor?").await;

    let expected = Said::Drafted("Vea la lista.".to_owned(), ReplySource::StaticResponse);
    assert_eq!(app.hears(&request).await, expected);
}

#[tokio::test]
async fn without_a_model_there_are_rules_only() {
    let app = App::start().await.with_model(None);
    let ana = app.thread("Luna", 1).await;
    world::static_response(&mut app.db.conn().await, ana.account, "horario", "De 9 a 19 h.").await;

    let request = app.texts(ana, "¿cuánto cuesta?").await;
    assert_eq!(app.hears(&request).await, Said::Withheld(WithheldReason::NoModel));

    let request = app.texts(ana, "horario").await;
    assert!(matches!(app.hears(&request).await, Said::Drafted(_, ReplySource::StaticResponse)));
}
