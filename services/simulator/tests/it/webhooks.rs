//! What Hilo hears: status callbacks and inbound webhooks.

use simulator::Config;
use simulator::twilio::signature::sign;

use crate::kit::{ANA, OURS, Receiver, World, config, until};

#[tokio::test]
async fn callbacks_are_signed_come_in_order_and_never_for_the_first_status() {
    let (world, hilo) = (World::start().await, Receiver::start().await);
    let url = format!("{}/status?id=018f#rc=3&rp=5xx,ct,rt", hilo.base);
    let form = [("From", OURS), ("To", ANA), ("Body", "Hola"), ("StatusCallback", url.as_str())];
    let (_, message) = world.create(&form).await;
    let sid = message["sid"].as_str().unwrap();

    until("both callbacks", async || hilo.hooks().len() == 2).await;

    assert_eq!(hilo.statuses(sid), ["sent", "delivered"]);
    let hooks = hilo.hooks();
    let signed_url = format!("{}/status?id=018f", hilo.base);
    for hook in &hooks {
        assert_eq!(hook.path, "/status?id=018f");
        let expected = sign(&world.sim.config().auth_token, &signed_url, &hook.params);
        assert_eq!(hook.signature, expected);
        assert_eq!(hook.get("SmsSid"), Some(sid));
        assert_eq!(hook.get("ErrorCode"), None);
        assert_eq!(hook.get("ApiVersion"), Some("2010-04-01"));
    }
    assert_ne!(hooks[0].token, hooks[1].token);
    assert_eq!(hooks[0].get("RawDlrDoneDate"), None);
    assert_eq!(hooks[1].get("RawDlrDoneDate").unwrap().len(), 10);
}

#[tokio::test]
async fn a_failure_is_called_back_with_its_code() {
    let (world, hilo) = (World::start().await, Receiver::start().await);
    let ends = async |code: u32, expected: &[&str]| {
        let fail = serde_json::json!({ "fail": code });
        world.control(reqwest::Method::PUT, &format!("recipients/{ANA}"), fail).await;
        let url = format!("{}/status", hilo.base);
        let form = [("From", OURS), ("To", ANA), ("Body", "a"), ("StatusCallback", url.as_str())];
        let sid = world.create(&form).await.1["sid"].as_str().unwrap().to_owned();
        until("callbacks", async || hilo.statuses(&sid).len() == expected.len()).await;
        assert_eq!(hilo.statuses(&sid), expected);
        let last = hilo.hooks().pop().unwrap();
        assert_eq!(last.get("ErrorCode"), Some(code.to_string().as_str()));
    };
    ends(30003, &["sent", "undelivered"]).await;
    ends(30034, &["failed"]).await;
}

#[tokio::test]
async fn an_inbound_webhook_has_every_parameter_and_is_tried_again_after_a_503() {
    let hilo = Receiver::start().await;
    let base = hilo.base.parse().unwrap();
    let world = World::with(Config { webhook_base: Some(base), ..config() }).await;
    hilo.fails(2);

    let texted = world.sim.texts(ANA, OURS, "Hola, ¿sigue disponible? 👍").await;

    assert!(texted.accepted);
    let hooks = hilo.hooks();
    assert_eq!(hooks.len(), 3);
    assert!(hooks.iter().all(|hook| hook.token == hooks[0].token && !hook.token.is_empty()));
    let hook = &hooks[0];
    assert_eq!(hook.path, "/webhooks/sms/inbound");
    let url = format!("{}/webhooks/sms/inbound", hilo.base);
    assert_eq!(hook.signature, sign(&world.sim.config().auth_token, &url, &hook.params));
    assert_eq!(hook.get("Body"), Some("Hola, ¿sigue disponible? 👍"));
    for name in ["MessageSid", "SmsSid", "SmsMessageSid"] {
        assert_eq!(hook.get(name), Some(texted.sid.as_str()));
    }
    for (name, value) in
        [("SmsStatus", "received"), ("NumMedia", "0"), ("ReferralNumMedia", "0"), ("ToState", "")]
    {
        assert_eq!(hook.get(name), Some(value), "{name}");
    }
    let ledger = world.sim.ledger();
    assert!(ledger.inbound[0].accepted);
    assert_eq!(ledger.inbound[0].attempts, 3);
}

#[tokio::test]
async fn a_webhook_that_nobody_takes_is_lost_after_its_retries_and_stays_in_the_list() {
    let hilo = Receiver::start().await;
    let base = hilo.base.parse().unwrap();
    let world = World::with(Config { webhook_base: Some(base), ..config() }).await;
    hilo.fails(100);

    assert!(!world.sim.texts(ANA, OURS, "Hola").await.accepted);

    assert_eq!(hilo.hooks().len(), 4);
    assert_eq!(world.sim.summary().inbound_lost, 1);
    assert_eq!(world.get("Messages.json").await["messages"][0]["body"], "Hola");
}
