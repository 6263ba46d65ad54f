//! The HTTP server: Twilio, Claude, the control API and the page on one port.

use std::net::TcpListener;
use std::pin::pin;

use actix_web::http::header::ContentType;
use actix_web::web::{Data, PayloadConfig, ServiceConfig};
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Context;
use tokio_util::sync::CancellationToken;

use crate::simulator::Simulator;
use crate::{claude, control, twilio};

const WORKERS: usize = 2;

/// Seconds that open connections have to end; with the drain of tasks it stays within two.
const SHUTDOWN_SECONDS: u64 = 1;

/// What a form of Twilio's or a control call may weigh.
const SMALL_BODY: usize = 64 * 1024;

pub(crate) async fn run(
    sim: Simulator,
    listener: TcpListener,
    stop: &CancellationToken,
    life: &CancellationToken,
) -> anyhow::Result<()> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::new(sim.clone()))
            .app_data(PayloadConfig::new(SMALL_BODY))
            .configure(routes)
    })
    .workers(WORKERS)
    .disable_signals()
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .listen(listener)
    .context("could not listen")?
    .run();
    let handle = server.handle();
    let mut server = pin!(server);
    tokio::select! {
        ended = &mut server => return ended.context("the server ended by itself"),
        () = stop.cancelled() => {}
    }
    // Frees the requests that hang on purpose, and the long polls.
    life.cancel();
    let (_stopped, ended) = tokio::join!(handle.stop(true), server);
    ended.context("the server did not end well")
}

fn routes(config: &mut ServiceConfig) {
    config
        .configure(twilio::routes)
        .configure(claude::routes)
        .configure(control::routes)
        .route("/", web::get().to(page));
}

async fn page() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::html()).body(include_str!("page.html"))
}
