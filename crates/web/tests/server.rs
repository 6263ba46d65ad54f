//! The server as a client sees it, over a real socket.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::future::pending;
use std::net::TcpListener;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self as route, Json, Path, ServiceConfig};
use actix_web::{Error, HttpResponse, Responder};
use serde::Deserialize;
use serde_json::Value;
use telemetry::Telemetry;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use web::server::{Settings, serve_with};
use web::{Health, Problem};

struct Running {
    base: String,
    stop: CancellationToken,
    server: JoinHandle<std::io::Result<()>>,
    http: reqwest::Client,
}

#[derive(Deserialize)]
struct Order {
    pieces: u32,
}

fn routes(config: &mut ServiceConfig) {
    config
        .route("/orders", route::post().to(order))
        .service(route::resource("/things/{id}").route(route::get().to(thing)))
        .route("/raw", route::post().to(raw))
        .route("/broken", route::get().to(broken))
        .route("/busy", route::get().to(busy))
        .service(
            route::resource("/private")
                .wrap(from_fn(locked))
                .route(route::get().to(HttpResponse::Ok)),
        );
}

async fn order(order: Json<Order>) -> impl Responder {
    HttpResponse::Ok().body(order.pieces.to_string())
}

async fn thing(id: Path<u32>) -> impl Responder {
    HttpResponse::Ok().body(id.to_string())
}

async fn raw(body: route::Bytes) -> impl Responder {
    HttpResponse::Ok().body(body.len().to_string())
}

async fn broken() -> Result<HttpResponse, Problem> {
    Err(Problem::internal(std::io::Error::other("the secret table is missing")))
}

async fn busy() -> Result<HttpResponse, Problem> {
    let wait = std::time::Duration::from_millis(1500);
    Err(Problem::unavailable("busy").retry_after(wait).field("lane", "full"))
}

/// A service's own middleware, which fails instead of answering.
async fn locked(
    _: ServiceRequest,
    _: Next<impl MessageBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    Err(Problem::unauthorized("not-signed-in").into())
}

impl Running {
    fn start(health: Health) -> Self {
        telemetry::install_tls_provider();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let token = stop.clone();
        #[expect(clippy::disallowed_methods, reason = "the test joins it in `stops`")]
        let server = tokio::spawn(async move {
            let telemetry = Telemetry::without_export().unwrap();
            let settings = Settings::default();
            serve_with(&settings, listener, health, telemetry, routes, token).await
        });
        Self { base, stop, server, http: reqwest::Client::builder().build().unwrap() }
    }

    async fn get(&self, path: &str) -> Answer {
        Answer::read(self.http.get(format!("{}{path}", self.base)).send().await.unwrap()).await
    }

    async fn post(&self, path: &str, body: Vec<u8>) -> Answer {
        let request = self.http.post(format!("{}{path}", self.base)).body(body);
        let request = request.header("content-type", "application/json");
        Answer::read(request.send().await.unwrap()).await
    }

    async fn stops(self) {
        self.stop.cancel();
        self.server.await.unwrap().unwrap();
    }
}

struct Answer {
    status: u16,
    content_type: String,
    request_id: String,
    retry_after: Option<String>,
    text: String,
}

impl Answer {
    async fn read(response: reqwest::Response) -> Self {
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        Self {
            status: response.status().as_u16(),
            content_type: header("content-type").unwrap_or_default(),
            request_id: header("x-request-id").unwrap_or_default(),
            retry_after: header("retry-after"),
            text: response.text().await.unwrap(),
        }
    }

    /// The problem document, without the part that varies, which must be the header's.
    fn problem(&self) -> String {
        assert_eq!(self.content_type, "application/problem+json", "{}", self.text);
        let mut problem: Value = serde_json::from_str(&self.text).unwrap();
        let id = problem.as_object_mut().unwrap().remove("request_id").unwrap();
        assert_eq!(id, self.request_id.as_str());
        format!("{} {problem}", self.status)
    }
}

#[tokio::test]
async fn whatever_is_wrong_is_answered_with_a_problem_document() {
    let server = Running::start(Health::new());

    let large = vec![b' '; web::extract::BODY_LIMIT + 1];
    let busy = server.get("/busy").await;
    let problems = [
        server.get("/nowhere").await.problem(),
        server.post("/things/1", vec![]).await.problem(),
        server.get("/things/one").await.problem(),
        server.post("/orders", b"{".to_vec()).await.problem(),
        server.post("/orders", br#"{"pieces":"+14155552671"}"#.to_vec()).await.problem(),
        server.post("/orders", large.clone()).await.problem(),
        server.post("/raw", large).await.problem(),
        server.get("/broken").await.problem(),
        busy.problem(),
        server.get("/private").await.problem(),
    ];
    insta::assert_snapshot!(problems.join("\n"), @r#"
    404 {"code":"no-such-route","status":404,"title":"Not Found","type":"urn:hilo:no-such-route"}
    405 {"code":"method-not-allowed","status":405,"title":"Method Not Allowed","type":"urn:hilo:method-not-allowed"}
    404 {"code":"no-such-resource","status":404,"title":"Not Found","type":"urn:hilo:no-such-resource"}
    400 {"code":"malformed-json","detail":"no JSON at line 1, column 1","status":400,"title":"Bad Request","type":"urn:hilo:malformed-json"}
    422 {"code":"unexpected-json","detail":"the JSON does not fit at line 1, column 24","status":422,"title":"Unprocessable Entity","type":"urn:hilo:unexpected-json"}
    413 {"code":"body-too-large","status":413,"title":"Payload Too Large","type":"urn:hilo:body-too-large"}
    413 {"code":"body-too-large","status":413,"title":"Payload Too Large","type":"urn:hilo:body-too-large"}
    500 {"code":"internal","status":500,"title":"Internal Server Error","type":"urn:hilo:internal"}
    503 {"code":"busy","fields":[{"code":"full","path":"lane"}],"status":503,"title":"Service Unavailable","type":"urn:hilo:busy"}
    401 {"code":"not-signed-in","status":401,"title":"Unauthorized","type":"urn:hilo:not-signed-in"}
    "#);
    assert_eq!(busy.retry_after.as_deref(), Some("2"));
    server.stops().await;
}

#[tokio::test]
async fn a_service_is_alive_before_it_is_ready_and_tells_what_is_missing() {
    let health = Health::new()
        .check("database", || async { Err("no route to host".into()) })
        .check("broker", pending)
        .check("disk", || async { Ok(()) });
    let server = Running::start(health);

    let alive = server.get("/healthz").await;
    let ready = server.get("/readyz").await;

    assert_eq!(alive.status, 200);
    assert_eq!((ready.status, ready.text.as_str()), (503, r#"{"failing":["database","broker"]}"#));
    server.stops().await;
}

#[tokio::test]
async fn requests_are_measured_by_route_and_never_by_path() {
    let server = Running::start(Health::new());
    server.get("/things/4155552671").await;
    server.get("/people/+14155552671").await;
    assert_eq!(server.get("/readyz").await.status, 200);

    let metrics = server.get("/metrics").await.text;

    let seen = |labels: &str| {
        metrics.contains(&format!("http_server_duration_seconds_count{{{labels}}} 1"))
    };
    assert!(seen(r#"method="GET",route="/things/{id}",status="2xx""#), "{metrics}");
    assert!(seen(r#"method="GET",route="unmatched",status="4xx""#), "{metrics}");
    assert!(!metrics.contains("4155552671"), "{metrics}");
    server.stops().await;
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let server = Running::start(Health::new());

    let first = server.get("/healthz").await.request_id;
    let second = server.get("/healthz").await.request_id;

    assert_eq!(first.len(), 36);
    assert!(first < second);
    server.stops().await;
}
