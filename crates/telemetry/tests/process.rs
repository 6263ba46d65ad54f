//! What `init` does to the whole process: one test, because a process has only one subscriber.

use std::time::Duration;

use reqwest::{Method, Url};
use telemetry::http::{HttpSettings, client};
use telemetry::{Settings, context, init};
use tracing::Instrument as _;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[tokio::test]
async fn a_trace_goes_through_the_process_and_out_of_it_without_a_collector() {
    let settings = Settings { log: "error".to_owned(), ..Settings::default() };
    let telemetry = init("test", &settings).unwrap();
    let again = init("another service of the process", &settings).unwrap();
    telemetry::metrics::counter("shared_total", "Counted by all.").add(1, &[]);
    assert!(again.render().contains("shared_total 1"));

    assert_eq!(context::current(), None);
    let own = tracing::info_span!("begun here");
    assert_eq!(context::of(&own).map(|text| text.len()), Some(PARENT.len()));

    let span = tracing::info_span!("continued");
    context::set_parent(&span, Some(PARENT));
    let inside = span.in_scope(context::current).unwrap();
    assert!(inside.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"), "{inside}");
    assert!(!inside.contains("00f067aa0ba902b7"), "{inside}");

    let malformed = tracing::info_span!("malformed");
    context::set_parent(&malformed, Some("nonsense"));
    assert!(context::of(&malformed).is_some());

    let stub = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&stub).await;
    let client = client(&HttpSettings {
        user_agent: "hilo/test".to_owned(),
        connect_timeout: Duration::from_secs(5),
        timeout: Duration::from_secs(5),
    })
    .unwrap();
    let request = client.request(Method::GET, Url::parse(&stub.uri()).unwrap());
    client.send("/", request).instrument(span).await.unwrap();
    let seen = stub.received_requests().await.unwrap();
    let sent = seen[0].headers["traceparent"].to_str().unwrap();
    assert!(sent.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"), "{sent}");
    assert!(again.render().contains("http_client_duration_seconds_count"));
    telemetry.shutdown();
}
