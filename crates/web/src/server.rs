//! The HTTP server of a service: its routes, and beside them health, readiness and metrics.

use std::io;
use std::net::TcpListener;
use std::pin::pin;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App, HttpResponse, HttpServer};
use serde::Serialize;
use telemetry::Telemetry;
use tokio_util::sync::CancellationToken;

use crate::trace::Trace;
use crate::{Health, Problem, extract};

/// How the server behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Threads, each with its own event loop.
    pub workers: usize,
    /// How long a client may take to send a request's head; a slow one holds a socket, no more.
    pub request_timeout: Duration,
    /// How long requests under way may take to finish once the server stops.
    pub shutdown_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            workers: 2,
            request_timeout: Duration::from_secs(10),
            shutdown_timeout: Duration::from_secs(10),
        }
    }
}

/// Serves with default [`Settings`] until `stop`, then finishes what is under way.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve<F>(
    listener: TcpListener,
    health: Health,
    telemetry: Telemetry,
    configure: F,
    stop: CancellationToken,
) -> io::Result<()>
where
    F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
{
    serve_with(&Settings::default(), listener, health, telemetry, configure, stop).await
}

/// Serves until `stop`, then finishes what is under way.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve_with<F>(
    settings: &Settings,
    listener: TcpListener,
    health: Health,
    telemetry: Telemetry,
    configure: F,
    stop: CancellationToken,
) -> io::Result<()>
where
    F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
{
    let mut server = pin!(start(settings, listener, health, telemetry, configure)?);
    let handle = server.handle();
    tokio::select! {
        ended = &mut server => return ended,
        () = stop.cancelled() => {}
    }
    // The server must be polled to hear that it should stop.
    let ((), ended) = tokio::join!(handle.stop(true), server);
    ended
}

fn start<F>(
    settings: &Settings,
    listener: TcpListener,
    health: Health,
    telemetry: Telemetry,
    configure: F,
) -> io::Result<Server>
where
    F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
{
    let app = move || {
        App::new()
            .configure(extract::configure)
            .app_data(Data::new(health.clone()))
            .app_data(Data::new(telemetry.clone()))
            .route("/healthz", web::get().to(healthz))
            .route("/readyz", web::get().to(readyz))
            .route("/metrics", web::get().to(metrics))
            .configure(configure.clone())
            .default_service(web::to(no_such_route))
            .wrap(Trace::new(&telemetry))
    };
    let server = HttpServer::new(app)
        .workers(settings.workers)
        // Signals are the process's matter: it may run many services.
        .disable_signals()
        .shutdown_timeout(settings.shutdown_timeout.as_secs())
        .client_request_timeout(settings.request_timeout)
        // Whoever hangs up is gone: else a live stream is noticed to have no reader only when it is
        // next written to. A transaction that is dropped so is rolled back.
        .h1_allow_half_closed(false)
        .listen(listener)?
        .run();
    Ok(server)
}

/// Alive: if this answers, a restart would not help.
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[derive(Serialize)]
struct Readiness {
    failing: Vec<&'static str>,
}

/// Ready for traffic.
async fn readyz(health: Data<Health>) -> HttpResponse {
    let failing = health.failing().await;
    let mut response =
        if failing.is_empty() { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response.json(Readiness { failing })
}

async fn metrics(telemetry: Data<Telemetry>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(telemetry.render())
}

async fn no_such_route() -> Result<HttpResponse, Problem> {
    Err(Problem::not_found("no-such-route"))
}
