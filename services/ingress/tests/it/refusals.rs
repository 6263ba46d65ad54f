//! What is not Twilio's, and what is Twilio's but says nothing.

use reqwest::StatusCode;

use crate::kit::{
    ACCOUNT, App, BASE, FORM, INBOUND, Place, STATUS, config, form, sid, signature, signer, text,
};

/// SHA-256 of `{}`.
const HASH: &str = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_or_unsigned_webhook_is_refused_and_leaves_nothing() {
    let app = App::start().await;
    let body = text(1, "hola");
    let genuine = signature(INBOUND, body.as_bytes());

    for (what, target, body, signature) in [
        ("unsigned", INBOUND, body.clone(), None),
        ("no signature at all", INBOUND, body.clone(), Some("x")),
        ("of other parameters", INBOUND, text(1, "adiós"), Some(genuine.as_str())),
        ("of another address", STATUS, body.clone(), Some(genuine.as_str())),
        (
            "of another query",
            "/webhooks/sms/inbound?",
            body.clone() + "&x=1",
            Some(genuine.as_str()),
        ),
    ] {
        let answer = app.post(target, FORM, body, signature).await;
        let problem = "403 forged: the signature does not fit the request";
        assert_eq!(answer.problem(), problem, "{what}");
        assert!(!answer.text.contains("hola") && !answer.text.contains("525512345678"));
    }

    assert_eq!(
        (app.count("webhook_receipts").await, app.count("outbox").await),
        ("0".into(), "0".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_header_has_no_say_in_what_was_signed() {
    let app = App::start().await;
    let body = text(1, "hola");
    let elsewhere =
        twilio::Signatures::new(&[crate::kit::TOKEN.to_owned().into()], "http://127.0.0.1");
    let pairs = ingress::twilio::parse(body.as_bytes());
    let signature = elsewhere.unwrap().sign_form(INBOUND, &pairs);

    let answer = app.post(INBOUND, FORM, &body, Some(&signature)).await;

    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_tokens_are_rotated_either_may_sign() {
    let mut config = config();
    config.twilio.auth_token_secondary = Some("the next one".to_owned().into());
    let place = Place { config: Some(config), ..Place::default() };
    let app = App::start_at(testkit::database().await, place).await;
    let (body, next) = (text(2, "hola"), ["the next one".to_owned().into()]);
    let pairs = ingress::twilio::parse(body.as_bytes());
    let by_next = twilio::Signatures::new(&next, BASE).unwrap().sign_form(INBOUND, &pairs);

    assert_eq!(app.post(INBOUND, FORM, &body, Some(&by_next)).await.status, StatusCode::OK);
    assert_eq!(app.twilio_posts(INBOUND, text(1, "hola")).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_accounts_webhook_is_refused_and_leaves_nothing() {
    let app = App::start().await;

    let answer = app.twilio_posts(INBOUND, text(1, "hola").replace(ACCOUNT, "AC1")).await;

    let problem = "403 another-account: the webhook is about another account than ours";
    assert_eq!(answer.problem(), problem);
    assert_eq!(app.count("webhook_receipts").await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_webhook_that_says_nothing_is_kept_and_answered_with_the_field() {
    let app = App::start().await;
    let sid = sid(1);
    let account = ("AccountSid", ACCOUNT);

    for (n, (target, body, problem)) in [
        (INBOUND, String::new(), "`MessageSid` is missing"),
        (INBOUND, form(&[account, ("MessageSid", "SM1")]), "`MessageSid` is not a message id"),
        (INBOUND, form(&[("MessageSid", &sid)]), "`AccountSid` is missing"),
        (INBOUND, form(&[account, ("MessageSid", &sid), ("To", "1")]), "`From` is missing"),
        (INBOUND, form(&[account, ("MessageSid", &sid), ("From", "1")]), "`To` is missing"),
        (STATUS, form(&[account, ("MessageSid", &sid)]), "`MessageStatus` is missing"),
    ]
    .into_iter()
    .enumerate()
    {
        for _ in 0..2 {
            let answer = app.twilio_posts(target, &body).await;
            assert_eq!(answer.problem(), format!("400 malformed-webhook: {problem}"));
            let field = problem.split('`').nth(1).unwrap();
            assert!(answer.text.contains(&format!(r#""path":"{field}""#)), "{}", answer.text);
        }
        let kept = format!("webhook_receipts WHERE kind = 'malformed' AND problem = '{problem}'");
        assert_eq!(app.count(&kept).await, "1", "{n}: {problem}");
    }

    assert_eq!(app.count("outbox").await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_json_body_is_kept_as_malformed_and_an_unbound_one_is_forged() {
    let app = App::start().await;
    let (bound, unbound) = (format!("{INBOUND}?bodySHA256={HASH}"), INBOUND);
    let sign = |target: &str| signer().sign_form::<&str, &str>(target, &[]);
    let json = "application/json";

    let answer = app.post(&bound, json, "{}", Some(&sign(&bound))).await;
    assert_eq!(answer.problem(), "400 malformed-webhook: `body` is JSON, and no form");
    let answer = app.post(&bound, json, "{ }", Some(&sign(&bound))).await;
    assert_eq!(answer.problem(), "403 forged: the body does not fit its hash");
    let answer = app.post(unbound, json, "{}", Some(&sign(unbound))).await;
    assert_eq!(answer.problem(), "403 forged: the URL does not carry the body's hash");

    assert_eq!(app.count("webhook_receipts WHERE kind = 'malformed'").await, "1");
    assert_eq!(app.count("webhook_receipts").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_64_kib_is_read_and_one_byte_more_is_too_large() {
    let app = App::start().await;
    let body = text(1, "hola") + "&Filler=";
    let full = body.clone() + &"x".repeat(64 * 1024 - body.len());

    assert_eq!(
        app.twilio_posts(INBOUND, full.clone() + "x").await.problem(),
        "413 body-too-large: "
    );
    assert_eq!(app.count("webhook_receipts").await, "0");
    assert_eq!(app.twilio_posts(INBOUND, full).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_a_post() {
    let app = App::start().await;

    for target in [INBOUND, STATUS] {
        assert_eq!(app.get(target).await.status, StatusCode::METHOD_NOT_ALLOWED);
    }
    assert_eq!(app.get("/healthz").await.status, StatusCode::OK);
}
