use events::{ReplySource, WithheldReason};
use providers::{Answer, ModelError, Turn};
use serde_json::{Value, json};
use testkit::world;

use crate::api::Api;
use crate::kit::{Said, reply};

const TRY: &str = "/api/assistant/try";

fn text(text: &str) -> Value {
    json!({ "text": text })
}

/// All that a reply to a customer writes.
const WRITTEN: &str = "SELECT (SELECT count(*) FROM ai_runs) + (SELECT count(*) FROM outbox)
    + (SELECT count(*) FROM sms_messages)";

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_answers_and_each_of_the_others_says_why_it_does_not() {
    let api = Api::start().await;
    let (ana, owner) = api.thread("Luna", 1).await;
    for (name, kind, pattern, language, priority, hours, enabled) in [
        ("horario", "keyword", "horario", None, 5, "always", true),
        ("any", "regex", ".", None, 0, "always", true),
        ("night", "regex", ".", None, 9, "closed", true),
        ("english", "regex", ".", Some("en"), 9, "always", true),
        ("price", "phrase", "precio", None, 9, "always", true),
        ("off", "regex", ".", None, 9, "always", false),
    ] {
        let rule = json!({ "name": name, "kind": kind, "pattern": pattern, "body": "De 9 a 19 h, señora.",
            "language": language, "priority": priority, "hours": hours, "enabled": enabled });
        owner.post("/api/static-responses", &rule).await.is(201);
    }
    api.app
        .run(&format!(
            "INSERT INTO static_responses (id, account_id, name, kind, pattern, body, priority)
             VALUES (gen_random_uuid(), '{}', 'broken', 'regex', '(', 'never', 9)",
            ana.account
        ))
        .await;

    let answer = owner.post(TRY, &text("¿HORARIO?")).await.is(200);

    assert_eq!(
        (&answer["would"], &answer["why"]),
        (&json!("static_response"), &json!("rule-matched"))
    );
    assert_eq!(answer["rule"]["name"], "horario");
    assert_eq!((&answer["segments"], &answer["encoding"]), (&json!(1), &json!("gsm7")));
    let mut whys: Vec<(&str, bool, &str)> = answer["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            let (name, why) = (rule["name"].as_str().unwrap(), rule["why"].as_str().unwrap());
            (name, rule["matched"].as_bool().unwrap(), why)
        })
        .collect();
    whys.sort_unstable();
    assert_eq!(
        whys,
        [
            ("any", true, "outranked"),
            ("broken", false, "broken-pattern"),
            ("english", false, "other-language"),
            ("horario", true, "matched"),
            ("night", false, "out-of-hours"),
            ("off", false, "off"),
            ("price", false, "other-text"),
        ]
    );
    assert!(api.app.model.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_model_answers_its_tokens_count_and_nothing_is_written() {
    let api = Api::start().await;
    let (_, owner) = api.thread("Luna", 1).await;
    api.app.model.will_answer(reply("El colchón matrimonial cuesta $3,499.00."));
    let before = api.app.ask(WRITTEN).await;

    let answer = owner.post(TRY, &text("¿Cuánto cuesta el colchón?")).await.is(200);

    assert_eq!((&answer["would"], &answer["why"]), (&json!("assistant"), &json!("answered")));
    assert_eq!(answer["body"], "El colchón matrimonial cuesta $3,499.00.");
    assert_eq!((&answer["model"], &answer["input_tokens"]), (&json!("fake"), &json!(100)));
    assert_eq!((&answer["output_tokens"], &answer["rule"]), (&json!(20), &Value::Null));
    assert_eq!(api.app.ask("SELECT replies || ' ' || tokens FROM assistant_days").await, "0 120");
    assert_eq!(api.app.ask(WRITTEN).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_a_customer_would_not_get_is_withheld_here_too() {
    let api = Api::start().await;
    let (_, owner) = api.thread("Luna", 1).await;
    let model = &api.app.model;
    for (answers, why) in [
        (vec![reply("Se lo dejo en $999."), reply("Se lo dejo en $998.")], "refused-by-check"),
        (vec![Ok(Answer::HandOff { reason: "wants a person".to_owned() })], "hand-off"),
        (vec![Ok(Answer::StaySilent { reason: "said thanks".to_owned() })], "no-answer"),
        (vec![Err(ModelError::Refused)], "no-answer"),
        (vec![Err(ModelError::Overloaded)], "model-unavailable"),
        (vec![Err(ModelError::SpendLimit)], "model-unavailable"),
    ] {
        answers.into_iter().for_each(|answer| model.will_answer(answer));
        let answer = owner.post(TRY, &text("¿Me da descuento?")).await.is(200);
        assert_eq!((&answer["would"], &answer["why"]), (&json!("nothing"), &json!(why)));
        assert_eq!((&answer["body"], &answer["segments"]), (&Value::Null, &Value::Null));
        assert_ne!(answer["note"], "");
    }
    for (change, why) in [
        ("UPDATE assistant_profiles SET max_tokens_per_day = 0", "budget-spent"),
        ("UPDATE assistant_profiles SET enabled = false", "disabled"),
        ("DELETE FROM assistant_profiles", "no-profile"),
    ] {
        api.app.run(change).await;
        let answer = owner.post(TRY, &text("¿Me da descuento?")).await.is(200);
        assert_eq!((&answer["would"], &answer["why"]), (&json!("nothing"), &json!(why)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_model_nothing_would_answer_and_it_says_so() {
    let api = Api::without_model().await;
    let (_, owner) = api.thread("Luna", 1).await;

    let answer = owner.post(TRY, &text("hola")).await.is(200);

    assert_eq!(
        (&answer["would"], &answer["why"]),
        (&json!("nothing"), &json!("model-unavailable"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_who_writes_the_same_is_answered_the_same() {
    let api = Api::start().await;
    let (ana, owner) = api.thread("Luna", 1).await;
    world::static_response(&mut api.app.db.conn().await, ana.account, "horario", "De 9 a 19.")
        .await;
    for said in ["horario", "Horario!", "¿Cuánto cuesta?", "gracias", "quiero a una persona"] {
        let answers = [
            reply("El colchón matrimonial cuesta $3,499.00."),
            Ok(Answer::HandOff { reason: "wants a person".to_owned() }),
        ];
        for answer in answers {
            api.app.model.will_answer(answer.clone());
            let tried = owner.post(TRY, &text(said)).await.is(200);
            let request = api.app.texts(ana, said).await;
            api.app.model.will_answer(answer);
            let expected = match api.app.hears(&request).await {
                Said::Drafted(body, ReplySource::Assistant) => ("assistant", json!(body)),
                Said::Drafted(body, ReplySource::StaticResponse) => {
                    ("static_response", json!(body))
                }
                Said::Withheld(WithheldReason::HandOff) => ("nothing", Value::Null),
                Said::Withheld(other) => panic!("{other:?}"),
            };
            assert_eq!(
                (tried["would"].as_str().unwrap(), tried["body"].clone()),
                expected,
                "{said}"
            );
            // What a rule took was not asked of the model, and must not be left for the next.
            api.app.model.forget_answers();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_conversation_the_model_sees_what_was_said_before() {
    let api = Api::start().await;
    let (ana, owner) = api.thread("Luna", 1).await;
    api.app.texts(ana, "Vi el colchón").await;
    api.app.model.will_answer(reply("Con gusto."));

    let body = json!({ "text": "¿Lo tiene?", "conversation_id": ana.id });
    let answer = owner.post(TRY, &body).await.is(200);

    assert_eq!(answer["note"], "");
    let asked = api.app.model.asked();
    let turns = ["Vi el colchón", "¿Lo tiene?"].map(|text| Turn::Customer(text.to_owned()));
    assert!(asked[0].turns == turns);
    assert!(asked[0].situation.contains("The customer is called Ana."));

    api.app.run("UPDATE user_conversations SET assistant = 'handed_over'").await;
    api.app.model.will_answer(reply("Con gusto."));
    let answer = owner.post(TRY, &body).await.is(200);
    assert_eq!(
        (&answer["would"], &answer["note"]),
        (&json!("assistant"), &json!("nothing would leave: a person has the word"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_accounts_conversation_is_not_there() {
    let api = Api::start().await;
    let (ana, _) = api.thread("Luna", 1).await;
    let (_, other) = api.thread("Sol", 2).await;

    let answer = other.post(TRY, &json!({ "text": "hola", "conversation_id": ana.id })).await;

    assert_eq!(answer.problem(), (404, "no-such-conversation", "", ""));
    assert!(api.app.model.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_tried_twice_under_one_key_is_asked_once() {
    let api = Api::start().await;
    let (_, owner) = api.thread("Luna", 1).await;
    api.app.model.will_answer(reply("Con gusto."));

    let first = owner.post_once("k", TRY, &text("hola")).await;
    let again = owner.post_once("k", TRY, &text("hola")).await;

    assert_eq!((again.replayed, &again.body), (true, &first.body));
    assert_eq!(api.app.model.asked().len(), 1);
    assert_eq!(api.app.ask("SELECT tokens FROM assistant_days").await, "120");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_none_is_refused() {
    let api = Api::start().await;
    let (_, owner) = api.thread("Luna", 1).await;
    for (body, path) in [
        (json!({ "text": " " }), "text"),
        (json!({ "text": "a".repeat(1601) }), "text"),
        (json!({ "text": "a\u{0}" }), "text"),
        (json!({ "text": "hola", "language": "fr" }), "language"),
        (json!({ "text": "hola", "conversation_id": "1" }), "conversation_id"),
    ] {
        let answer = owner.post(TRY, &body).await;
        let (status, _, field, _) = answer.problem();
        assert_eq!((status, field), (422, path), "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_for_customers_can_be_read_the_latest_first() {
    let api = Api::start().await;
    let (ana, owner) = api.thread("Luna", 1).await;
    let (luis, other) = api.thread("Sol", 2).await;
    world::static_response(&mut api.app.db.conn().await, ana.account, "horario", "De 9 a 19.")
        .await;
    let request = api.app.texts(ana, "horario").await;
    api.app.hears(&request).await;
    let request = api.app.texts(ana, "gracias").await;
    api.app.hears(&request).await;

    let runs = owner.get("/api/assistant/runs").await.is(200);

    assert_eq!(runs["items"][0]["outcome"], "stay_silent");
    assert_eq!(runs["items"][0]["message_id"], json!(request.message));
    assert_eq!(
        (&runs["items"][1]["source"], &runs["items"][1]["rule"]["name"]),
        (&json!("static_response"), &json!("horario"))
    );
    let of = |conversation| format!("/api/assistant/runs?conversation_id={conversation}&limit=1");
    let one = owner.get(&of(ana.id)).await.is(200);
    assert_eq!(one["items"], json!([runs["items"][0]]));
    for empty in [
        owner.get(&of(luis.id)).await,
        other.get(&of(ana.id)).await,
        other.get("/api/assistant/runs").await,
    ] {
        assert_eq!(empty.is(200), json!({ "items": [] }));
    }
    for wrong in ["limit=0", "limit=201", "conversation_id=1", "colour=red"] {
        let answer = owner.get(&format!("/api/assistant/runs?{wrong}")).await;
        assert_eq!(answer.problem().1, "malformed-query", "{wrong}");
    }
}
