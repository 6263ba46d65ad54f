use std::process::Stdio;

use secrecy::ExposeSecret;
use tokio::process::Command;

use crate::app::{App, GREETING, QUESTION};

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_leads_from_the_webhook_to_the_send() {
    let app = App::start().await;
    let alice = app.customer();

    alice.texts(QUESTION).await;
    alice.hears(1).await;

    let traces =
        "SELECT string_agg(DISTINCT split_part(traceparent, '-', 2), ' ') FROM sms_messages";
    let trace = app.db.ask(traces).await.expect("texts know their trace");
    assert_eq!(trace.len(), 32, "one trace: {trace}");
    // To Claude and to Twilio.
    let sent = app.asked.headers("traceparent");
    let ours = sent.iter().filter(|header| header.contains(&trace)).count();
    assert!(ours >= 2, "both calls belong to {trace}: {sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metrics_show_what_was_counted() {
    let app = App::start().await;
    let alice = app.customer();
    alice.texts(GREETING).await;
    alice.hears(1).await;
    app.until_quiet().await;

    let get = async |service: &str| {
        let url = format!("{}/metrics", app.url_of(service));
        let answer = reqwest::get(url).await.expect("an answer");
        answer.text().await.expect("text")
    };

    let expected = [
        ("ingress", "ingress_webhooks_total{kind=\"sms_inbound\",outcome=\"new\"}"),
        (
            "conversations",
            "bus_consumed_total{outcome=\"handled\",queue=\"conversations.sms_received\"}",
        ),
        ("responder", "responder_replies_total{outcome=\"reply\",source=\"static_response\"}"),
        ("conversations", "outbox_published_total{outcome=\"confirmed\"}"),
    ];
    for (service, metric) in expected {
        let shown = get(service).await;
        assert!(shown.contains(metric), "{service} does not show {metric}:\n{shown}");
        assert!(!shown.contains(&alice.phone[1..]), "{service} shows a number");
    }
}

/// The real binary with its real logs, as verbose as our own crates can be.
#[tokio::test(flavor = "multi_thread")]
async fn the_logs_of_a_whole_run_name_nobody_and_quote_nothing() {
    let db = testkit::database().await;
    let ours = [
        "bus",
        "chassis",
        "conversations",
        "domain",
        "ingress",
        "outbox",
        "responder",
        "telemetry",
        "twilio",
        "anthropic",
        "web",
    ];
    let log = ours.map(|crate_name| format!("{crate_name}=trace")).join(",");

    let ran = Command::new(env!("CARGO_BIN_EXE_hilo"))
        .args(["up", "--until-answered"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("DATABASE_URL", db.url.expose_secret())
        .env("HILO_LOG", format!("info,{log}"))
        .env("HILO_LOG_FORMAT", "json")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let ran = tokio::time::timeout(std::time::Duration::from_secs(90), ran).await;
    let ran = ran.expect("the first answers come in time").expect("hilo runs");

    let said = String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned();
    assert!(ran.status.success(), "{said}");
    // What is said to the person at the terminal is no log.
    let logs: Vec<&str> = said.lines().filter(|line| line.starts_with('{')).collect();
    assert!(logs.len() > 10, "{said}");
    let mut conn = db.conn().await;
    let secrets = secrets(&mut conn).await;
    assert!(secrets.len() > 10);
    let leaks: Vec<&&str> = logs
        .iter()
        .filter(|line| secrets.iter().any(|secret| line.contains(secret.as_str())))
        .collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
}

/// Every number, name and text that was in the house, and the credentials.
async fn secrets(conn: &mut domain::store::Tx) -> Vec<String> {
    let all = "SELECT string_agg(DISTINCT secret, E'\\x1f') FROM (
        SELECT substr(phone_number, 2) AS secret FROM phone_numbers
        UNION SELECT substr(phone_number, 2) FROM contacts
        UNION SELECT name FROM accounts
        UNION SELECT body FROM sms_messages WHERE length(body) > 8) AS secrets";
    let all = testkit::db::ask(conn, all).await.unwrap_or_default();
    let world = simulator::Config::default();
    all.split('\u{1f}').map(str::to_owned).chain([world.auth_token, world.claude_key]).collect()
}
