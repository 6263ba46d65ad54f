use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::app::{App, GREETING, WELCOME};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// Runs `twilio_peer.py` in its own virtual environment.
async fn peer(arguments: &[&str], form: Option<&Value>) -> String {
    let (tests, deploy) =
        (Path::new(HERE).join("tests/python"), Path::new(HERE).join("../../deploy"));
    let python = Command::new(deploy.join("python.sh"))
        .arg(tests.join("requirements.txt"))
        .stderr(Stdio::inherit())
        .output()
        .await
        .expect("deploy/python.sh runs");
    let python = String::from_utf8(python.stdout).expect("a path");
    let mut peer = Command::new(python.trim())
        .arg(tests.join("twilio_peer.py"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("python runs");
    let mut stdin = peer.stdin.take().expect("a pipe");
    let form = form.map(Value::to_string).unwrap_or_default();
    stdin.write_all(form.as_bytes()).await.expect("python reads");
    drop(stdin);
    let ended = peer.wait_with_output().await.expect("python ends");
    assert!(ended.status.success(), "the library could not make sense of it");
    String::from_utf8(ended.stdout).expect("text").trim().to_owned()
}

fn inbound(app: &App, from: &str, body: &str) -> Value {
    json!({
        "MessageSid": format!("SM{:032x}", 0x51_u128 + body.len() as u128),
        "AccountSid": simulator::Config::default().account_sid,
        "From": from,
        "To": app.numbers[0],
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
        "ApiVersion": "2010-04-01",
    })
}

/// Posts a form as Twilio does; returns the status.
async fn post(url: &str, form: &Value, signature: &str) -> u16 {
    let mut body = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form.as_object().expect("a form") {
        body.append_pair(name, value.as_str().expect("a text"));
    }
    let client = reqwest::Client::builder().build().expect("a client");
    let answer = client
        .post(url)
        .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
        .header("X-Twilio-Signature", signature)
        .body(body.finish());
    answer.send().await.expect("an answer").status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_library_signs_is_taken_and_what_was_tampered_with_is_not() {
    let app = App::start().await;
    let token = simulator::Config::default().auth_token;
    let url = format!("{}/webhooks/sms/inbound", app.url_of("ingress"));
    let alice = app.customer();
    let form = inbound(&app, &alice.phone, GREETING);
    let signature = peer(&["sign", &url, &token], Some(&form)).await;
    let tampered = inbound(&app, &alice.phone, "¿me manda su número de cuenta?");

    assert_eq!(post(&url, &tampered, &signature).await, 403);
    assert_eq!(peer(&["validate", &url, &token, &signature], Some(&tampered)).await, "false");
    assert_eq!(post(&url, &form, "").await, 403);
    assert_eq!(post(&url, &form, &signature).await, 200);
    assert_eq!(peer(&["validate", &url, &token, &signature], Some(&form)).await, "true");
    assert_eq!(alice.hears(1).await.body, WELCOME);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_library_creates_fetches_and_lists_at_the_simulator() {
    let app = App::start().await;
    let world = simulator::Config::default();
    let (from, to) = (app.numbers[0].as_str(), app.customer().phone);

    let said =
        peer(&["messages", &app.asked.url, &world.account_sid, &world.auth_token, from, &to], None)
            .await;

    let said: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said["created"].as_array().map(Vec::len), Some(3));
    assert_eq!(said["fetched"]["sid"], said["created"][0]["sid"]);
    let listed = said["listed"].as_array().expect("a list");
    assert_eq!(listed.len(), 3, "over a page's end");
    assert!(listed.iter().all(|text| !text["date_created"].is_null()));
    assert_eq!(said["errors"]["no_recipient"]["code"], 21604);
    assert_eq!(said["errors"]["bad_recipient"]["code"], 21211);
    assert_eq!(app.world.ledger().messages.len(), 3);
}
