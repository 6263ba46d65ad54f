//! The REST client against a stub: what is asked, and what each answer means.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::time::Duration;

use domain::{MessageId, MessageSid, PhoneNumber};
use providers::{
    OutboundText, ReadError, SendError, SmsFetcher as _, SmsLog as _, SmsQuery, SmsSender as _,
};
use serde_json::{Value, json};
use twilio::{Auth, BuildError, Settings, Twilio};
use url::Url;
use wiremock::matchers::{method, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const SID: &str = "SM00000000000000000000000000000001";

struct Stub {
    server: MockServer,
}

impl Stub {
    async fn start() -> Self {
        Self { server: MockServer::start().await }
    }

    async fn answers(&self, verb: &str, answer: ResponseTemplate) {
        Mock::given(method(verb)).respond_with(answer).mount(&self.server).await;
    }

    async fn refuses(&self, status: u16, code: u32) -> SendError {
        let body = json!({"code": code, "message": "To +14155552671 …", "status": status});
        self.answers("POST", ResponseTemplate::new(status).set_body_json(body)).await;
        self.client().send(&hello()).await.unwrap_err()
    }

    fn settings(&self) -> Settings {
        settings(&self.server.uri())
    }

    fn client(&self) -> Twilio {
        Twilio::new(self.settings()).unwrap()
    }

    /// The requests so far, as a person would write them down.
    async fn requests(&self) -> String {
        let requests = self.server.received_requests().await.unwrap();
        let mut told = String::new();
        for request in &requests {
            let auth = request.headers["authorization"].to_str().unwrap();
            assert!(auth.starts_with("Basic "));
            let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
            told += &format!("{} {}{query}\n", request.method, request.url.path());
            for (name, value) in form_urlencoded::parse(&request.body) {
                told += &format!("  {name}={value}\n");
            }
        }
        told
    }
}

fn settings(base: &str) -> Settings {
    Settings {
        base_url: Url::parse(base).unwrap(),
        account_sid: "ACtest".to_owned(),
        auth: Auth::Token("token".into()),
        public_base: "https://crm.example.test".to_owned(),
        timeout: Duration::from_secs(5),
    }
}

fn number(digits: &str) -> PhoneNumber {
    PhoneNumber::parse(digits).unwrap()
}

fn hello() -> OutboundText {
    OutboundText {
        message: "0193564e-8f9a-7000-8000-000000000001".parse::<MessageId>().unwrap(),
        from: number("+14155550100"),
        to: number("+14155552671"),
        body: "¿Cómo está?".to_owned(),
    }
}

fn message(sid: &str, direction: &str) -> Value {
    json!({
        "sid": sid, "from": "+14155552671", "to": "+14155550100", "body": "Hola",
        "direction": direction, "status": "received", "error_code": null, "num_media": "0",
        "date_created": "Sun, 22 Nov 2026 20:01:45 +0000", "date_sent": null, "price": null,
    })
}

#[tokio::test]
async fn a_text_that_twilio_takes_has_its_sid() {
    let twilio = Stub::start().await;
    let created = message(SID, "outbound-api");
    twilio.answers("POST", ResponseTemplate::new(201).set_body_json(created)).await;

    let sid = twilio.client().send(&hello()).await.unwrap();

    assert_eq!(sid.as_str(), SID);
    insta::assert_snapshot!(twilio.requests().await, @r"
    POST /2010-04-01/Accounts/ACtest/Messages.json
      To=+14155552671
      From=+14155550100
      Body=¿Cómo está?
      StatusCallback=https://crm.example.test/webhooks/sms/status?message=0193564e-8f9a-7000-8000-000000000001#rc=3&rp=5xx,ct,rt
    ");
}

#[tokio::test]
async fn a_21610_means_that_the_person_opted_out() {
    assert_eq!(Stub::start().await.refuses(400, 21610).await, SendError::OptedOut);
}

#[tokio::test]
async fn a_21211_means_that_the_number_is_no_use() {
    assert_eq!(
        Stub::start().await.refuses(400, 21211).await,
        SendError::Rejected { code: 21211, recipient_unusable: true }
    );
}

#[tokio::test]
async fn a_wrong_token_is_for_a_person_to_mend() {
    assert_eq!(
        Stub::start().await.refuses(401, 20003).await,
        SendError::Misconfigured { code: 20003 }
    );
}

#[tokio::test]
async fn a_429_was_not_processed_and_names_the_wait() {
    let twilio = Stub::start().await;
    let answer = ResponseTemplate::new(429).insert_header("retry-after", "2");
    twilio.answers("POST", answer.set_body_json(json!({"code": 20429}))).await;

    let error = twilio.client().send(&hello()).await.unwrap_err();

    let wait = Some(Duration::from_secs(2));
    assert_eq!(error, SendError::NotProcessed { code: Some(20429), retry_after: wait });
}

#[tokio::test]
async fn after_a_5xx_a_timeout_or_a_broken_answer_nobody_knows() {
    let broken = [
        ResponseTemplate::new(500).set_body_json(json!({"code": 20500})),
        ResponseTemplate::new(503).set_body_string("<html>"),
        ResponseTemplate::new(201).set_body_string("{"),
        ResponseTemplate::new(201).set_body_json(json!({"sid": "SM1"})),
        ResponseTemplate::new(201).set_delay(Duration::from_secs(30)),
    ];
    for answer in broken {
        let twilio = Stub::start().await;
        twilio.answers("POST", answer).await;
        let patience = Duration::from_millis(200);
        let client = Twilio::new(Settings { timeout: patience, ..twilio.settings() }).unwrap();

        assert_eq!(client.send(&hello()).await, Err(SendError::Unknown));
        assert_eq!(twilio.server.received_requests().await.unwrap().len(), 1, "never twice");
    }
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_sent() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);

    let error = Twilio::new(settings(&base)).unwrap().send(&hello()).await.unwrap_err();

    assert_eq!(error, SendError::NotProcessed { code: None, retry_after: None });
}

#[tokio::test]
async fn the_record_is_read_page_by_page_until_the_limit() {
    let twilio = Stub::start().await;
    let sid = |n: u32| format!("SM{n:032x}");
    let page = |from: u32, next: Option<&str>| {
        let messages: Vec<_> = (from..from + 2).map(|n| message(&sid(n), "inbound")).collect();
        ResponseTemplate::new(200)
            .set_body_json(json!({"messages": messages, "next_page_uri": next, "page": 0}))
    };
    let next = "/2010-04-01/Accounts/ACtest/Messages.json?PageToken=two";
    let second = Mock::given(query_param("PageToken", "two"));
    second.respond_with(page(3, Some(next))).mount(&twilio.server).await;
    twilio.answers("GET", page(1, Some(next))).await;
    let since = chrono::DateTime::UNIX_EPOCH + Duration::from_secs(86_400 * 365);

    let query = SmsQuery {
        from: Some(number("+14155552671")),
        to: Some(number("+14155550100")),
        since: Some(since),
        limit: 3,
    };
    let records = twilio.client().list(&query).await.unwrap();

    let sids: Vec<_> = records.iter().map(|record| record.sid.to_string()).collect();
    assert_eq!(sids, [sid(1), sid(2), sid(3)]);
    assert!(records[0].inbound);
    assert_eq!(records[0].created_at.to_rfc3339(), "2026-11-22T20:01:45+00:00");
    insta::assert_snapshot!(twilio.requests().await, @r"
    GET /2010-04-01/Accounts/ACtest/Messages.json?From=%2B14155552671&To=%2B14155550100&DateSent%3E=1971-01-01&PageSize=3
    GET /2010-04-01/Accounts/ACtest/Messages.json?PageToken=two
    ");
}

#[tokio::test]
async fn our_credentials_do_not_follow_a_page_to_another_host() {
    for stranger in ["http://evil.test/x", "//evil.test/x", "\\\\evil.test/x", "x"] {
        let twilio = Stub::start().await;
        let page = json!({"messages": [], "next_page_uri": stranger});
        twilio.answers("GET", ResponseTemplate::new(200).set_body_json(page)).await;

        let error = twilio.client().list(&SmsQuery { limit: 9, ..SmsQuery::default() }).await;

        assert_eq!(error, Err(ReadError::Malformed { what: "next_page_uri".to_owned() }));
    }
}

#[tokio::test]
async fn a_message_that_twilio_does_not_know_is_none() {
    let twilio = Stub::start().await;
    let answer = ResponseTemplate::new(404).set_body_json(json!({"code": 20404}));
    twilio.answers("GET", answer).await;
    let sid = MessageSid::parse(SID).unwrap();

    assert_eq!(twilio.client().fetch(&sid).await, Ok(None));
    insta::assert_snapshot!(twilio.requests().await, @r"GET /2010-04-01/Accounts/ACtest/Messages/SM00000000000000000000000000000001.json");
}

#[tokio::test]
async fn a_record_that_cannot_be_read_says_why_and_quotes_nobody() {
    let cases = [
        (ResponseTemplate::new(503), ReadError::Unavailable { retry_after: None }),
        (
            ResponseTemplate::new(401).set_body_json(json!({"code": 20003})),
            ReadError::Refused { code: 20003 },
        ),
        (ResponseTemplate::new(403), ReadError::Refused { code: 403 }),
        (
            ResponseTemplate::new(200).set_body_json(json!({"sid": 1, "body": "secret"})),
            ReadError::Malformed { what: "the JSON at line 1, column 24".to_owned() },
        ),
    ];
    for (answer, meaning) in cases {
        let twilio = Stub::start().await;
        twilio.answers("GET", answer).await;
        let sid = MessageSid::parse(SID).unwrap();
        assert_eq!(twilio.client().fetch(&sid).await, Err(meaning));
    }
}

#[tokio::test]
async fn the_accounts_numbers_are_listed() {
    let twilio = Stub::start().await;
    let numbers = json!({"incoming_phone_numbers": [
        {"sid": "PN1", "phone_number": "+14155550100", "friendly_name": "Front desk",
         "capabilities": {"voice": true, "sms": true, "mms": false}, "sms_url": ""},
    ], "next_page_uri": null});
    twilio.answers("GET", ResponseTemplate::new(200).set_body_json(numbers)).await;

    let numbers = twilio.client().list_numbers().await.unwrap();

    assert_eq!(numbers.len(), 1);
    assert_eq!(numbers[0].number, number("+14155550100"));
    assert!(numbers[0].sms && numbers[0].sms_url.is_none());
}

#[test]
fn an_account_that_would_change_the_url_is_refused() {
    for account in ["", "AC", "ACtest/../x", "SK1", "AC1?x"] {
        let settings =
            Settings { account_sid: account.to_owned(), ..settings("http://127.0.0.1:1") };
        assert!(matches!(Twilio::new(settings), Err(BuildError::Account)), "{account}");
    }
}

#[test]
fn settings_do_not_print_the_token() {
    assert!(!format!("{:?}", settings("http://127.0.0.1:1")).contains("\"token\""));
}
