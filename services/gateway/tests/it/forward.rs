//! Requests that go on to a service.

use std::sync::Arc;
use std::time::Duration;

use domain::Role;
use reqwest::Body;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use testkit::{IDENTITY_KEY, TcpProxy};
use web::identity::{Door, HEADER, IdentityKey};
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, Request, ResponseTemplate};

use crate::app::App;
use crate::client::answer;

async fn last(server: &wiremock::MockServer) -> Request {
    server.received_requests().await.unwrap().pop().unwrap()
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_service_believes_who_asks_and_learns_nothing_that_it_does_not_need() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let user = ana.get("/api/session").await.json()["user"]["id"].as_str().unwrap().to_owned();
    let page = ResponseTemplate::new(200).set_body_json(json!({"items": []}));
    Mock::given(method("GET")).respond_with(page).mount(&app.conversations).await;

    let forged = ana
        .with("x-hilo-identity", "v1.forged.word")
        .with("x-hilo-role", "owner")
        .with("accept-language", "es-MX")
        .with("te", "trailers")
        .with("connection", "keep-alive");
    let answer = forged.get("/api/conversations/?limit=5&q=Ana%20Mar%C3%ADa").await.expect(200);

    let asked = last(&app.conversations).await;
    let whole = asked.url[url::Position::BeforePath..].to_owned();
    assert_eq!(whole, "/api/conversations/?limit=5&q=Ana%20Mar%C3%ADa");
    let key = IdentityKey::new(&SecretString::from(IDENTITY_KEY)).unwrap();
    let door = Door { key, service: "conversations", clock: Arc::new(app.clock.clone()) };
    let identity = door.admit(header(&asked, HEADER).unwrap(), "GET", &whole).unwrap();
    assert_eq!((identity.account, identity.role), (app.account, Role::Agent));
    assert_eq!(identity.user.to_string(), user);
    for absent in
        ["cookie", "authorization", "x-csrf-token", "x-hilo-role", "te", "x-forwarded-for"]
    {
        assert_eq!(header(&asked, absent), None, "{absent}");
    }
    assert_eq!(header(&asked, "accept-language"), Some("es-MX"));
    assert_eq!(header(&asked, "x-request-id"), answer.header("x-request-id"));
    assert_eq!(asked.headers.get_all(HEADER).iter().count(), 1);
}

#[tokio::test]
async fn a_slash_at_the_end_is_put_right_before_it_goes_on() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&app.conversations).await;
    for (asked, forwarded) in [
        ("/api/conversations?limit=5", "/api/conversations/"),
        ("/api/conversations/", "/api/conversations/"),
        ("/api/labels/", "/api/labels"),
    ] {
        ana.get(asked).await.expect(200);
        assert_eq!(last(&app.conversations).await.url.path(), forwarded);
    }
}

#[tokio::test]
async fn each_route_goes_to_the_service_that_owns_it() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let of = |name: &str| ResponseTemplate::new(200).set_body_json(json!({"of": name}));
    Mock::given(any()).respond_with(of("conversations")).mount(&app.conversations).await;
    Mock::given(any()).respond_with(of("responder")).mount(&app.responder).await;
    assert_eq!(ana.get("/api/numbers").await.json()["of"], "conversations");
    assert_eq!(ana.get("/api/assistant").await.json()["of"], "responder");
    let asked = last(&app.responder).await;
    let key = IdentityKey::new(&SecretString::from(IDENTITY_KEY)).unwrap();
    let door = Door { key, service: "conversations", clock: Arc::new(app.clock.clone()) };
    assert_eq!(door.admit(header(&asked, HEADER).unwrap(), "GET", "/api/assistant"), None);
}

#[tokio::test]
async fn a_body_goes_on_as_it_came_and_the_answer_comes_back_with_what_it_says() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await.with("idempotency-key", "k-1");
    let made = ResponseTemplate::new(201)
        .insert_header("idempotency-replayed", "true")
        .insert_header("location", "/api/contacts/1")
        .insert_header("set-cookie", "planted=1")
        .insert_header("server", "secret/1.0")
        .set_body_json(json!({"id": 1}));
    Mock::given(method("POST"))
        .and(path("/api/contacts"))
        .respond_with(made)
        .mount(&app.conversations)
        .await;

    let body = json!({"phone_number": "+525512345678", "name": "Ñandú"});
    let answer = ana.post("/api/contacts", &body).await.expect(201);

    let asked = last(&app.conversations).await;
    assert_eq!(asked.body_json::<serde_json::Value>().unwrap(), body);
    assert_eq!(header(&asked, "idempotency-key"), Some("k-1"));
    assert_eq!(header(&asked, "content-type"), Some("application/json"));
    assert_eq!(answer.json(), json!({"id": 1}));
    assert_eq!(answer.header("idempotency-replayed"), Some("true"));
    assert_eq!(answer.header("location"), Some("/api/contacts/1"));
    for absent in ["set-cookie", "server"] {
        assert_eq!(answer.header(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn a_problem_of_the_service_is_the_clients_to_read() {
    let app = App::start().await;
    let ana = app.signed_in(Role::Agent).await;
    let problem = json!({"type": "urn:hilo:opted-out", "title": "Conflict", "status": 409, "code": "opted-out"});
    let refused =
        ResponseTemplate::new(409).set_body_raw(problem.to_string(), "application/problem+json");
    Mock::given(method("POST")).respond_with(refused).mount(&app.conversations).await;
    let answer = ana.post("/api/conversations/start", &json!({})).await;
    assert_eq!(answer.problem(), "409 opted-out");
}

#[tokio::test]
async fn a_service_that_is_down_slow_or_does_not_believe_us_is_a_503_that_names_nothing() {
    let app = App::start_changed(&|config| {
        config.responder_url = "http://127.0.0.1:9".parse().unwrap();
        config.forward_timeout = Duration::from_millis(200);
    })
    .await;
    let ana = app.signed_in(Role::Agent).await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    Mock::given(path("/api/numbers")).respond_with(slow).mount(&app.conversations).await;
    Mock::given(path("/api/labels"))
        .respond_with(ResponseTemplate::new(401))
        .mount(&app.conversations)
        .await;

    for target in ["/api/assistant", "/api/numbers", "/api/labels"] {
        let answer = ana.get(target).await;
        assert_eq!(answer.problem(), "503 service-unavailable", "{target}");
        assert_eq!(answer.header("retry-after"), Some("2"));
        for word in ["responder", "conversations", "127.0.0.1", "identity"] {
            assert!(!answer.text.contains(word), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_body_is_256_kib_at_most_and_a_file_of_contacts_16_mib() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(202)).mount(&app.conversations).await;
    let kib = |n: usize| "x".repeat(n * 1024);
    let post = async |target: &str, body: Body| {
        let request = admin.request("POST", target).header("content-type", "text/csv").body(body);
        answer(request).await
    };

    let note = format!("/api/conversations/{}/notes", "01890000-0000-7000-8000-000000000001");
    post(&note, kib(256).into()).await.expect(202);
    assert_eq!(post(&note, (kib(256) + "x").into()).await.problem(), "413 body-too-large");
    let import = "/api/contacts/imports?file_name=a.csv&phone_column=tel";
    post(import, kib(16 * 1024).into()).await.expect(202);
    assert_eq!(last(&app.conversations).await.body.len(), 16 * 1024 * 1024);
    // Of unknown length: counted as it comes.
    let chunks =
        vec![Ok::<_, std::io::Error>(kib(8 * 1024)), Ok(kib(8 * 1024)), Ok("x".to_owned())];
    let endless = Body::wrap_stream(futures_util::stream::iter(chunks));
    assert_eq!(post(import, endless).await.problem(), "413 body-too-large");
}

#[tokio::test]
async fn four_files_of_contacts_are_under_way_at_most() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    let slow = ResponseTemplate::new(202).set_delay(Duration::from_secs(1));
    Mock::given(any()).respond_with(slow).mount(&app.conversations).await;
    let imports = (0..5).map(|_| async {
        answer(admin.request("POST", "/api/contacts/imports").body("tel\n1")).await
    });

    let answers = futures_util::future::join_all(imports).await;

    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort();
    assert_eq!(statuses, [202, 202, 202, 202, 503]);
}

#[tokio::test]
async fn long_json_is_compressed_for_who_reads_it_and_nothing_else_is() {
    let app = App::start().await;
    let admin = app.signed_in(Role::Admin).await;
    let names: Vec<String> = (0..200).map(|n| format!("contact {n}")).collect();
    let long = ResponseTemplate::new(200).set_body_json(json!({"items": names}));
    Mock::given(path("/api/contacts")).respond_with(long.clone()).mount(&app.conversations).await;
    let short = ResponseTemplate::new(200).set_body_json(json!({"items": []}));
    Mock::given(path("/api/labels")).respond_with(short).mount(&app.conversations).await;
    let csv = ResponseTemplate::new(200).set_body_raw("a".repeat(5_000), "text/csv");
    Mock::given(path("/api/contacts/export")).respond_with(csv).mount(&app.conversations).await;

    let plain = admin.get("/api/contacts").await.expect(200);
    assert_eq!(
        (plain.header("content-encoding"), plain.header("vary")),
        (None, Some("accept-encoding"))
    );
    let reads = admin.with("accept-encoding", "br, gzip");
    let packed = answer_bytes(&reads, "/api/contacts").await;
    assert_eq!((packed.0.as_deref(), &packed.1[..2]), (Some("gzip"), &[0x1f, 0x8b][..]));
    assert!(packed.1.len() < plain.text.len() / 2);
    assert_eq!(answer_bytes(&reads, "/api/labels").await.0, None);
    assert_eq!(
        answer_bytes(&reads, "/api/contacts/export").await,
        (None, "a".repeat(5_000).into_bytes())
    );
}

async fn answer_bytes(client: &crate::client::Client, target: &str) -> (Option<String>, Vec<u8>) {
    let response = client.request("GET", target).send().await.unwrap();
    let encoding = response.headers().get("content-encoding");
    let encoding = encoding.map(|value| value.to_str().unwrap().to_owned());
    (encoding, response.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn a_service_that_was_away_is_asked_again_as_soon_as_it_is_back() {
    let server = wiremock::MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let proxy = TcpProxy::before(&SecretString::from(server.uri())).await;
    let url: url::Url = proxy.url().expose_secret().parse().unwrap();
    let app = App::start_changed(&|config| config.conversations_url = url.clone()).await;
    let ana = app.signed_in(Role::Agent).await;
    for _ in 0..3 {
        ana.get("/api/labels").await.expect(200);
        proxy.cut().await;
        assert_eq!(ana.get("/api/labels").await.problem(), "503 service-unavailable");
        proxy.restore();
    }
}
