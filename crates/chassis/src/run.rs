//! A service as a process of its own: `fn main() -> ExitCode { chassis::run(…) }`.

use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use domain::SystemClock;
use serde::de::DeserializeOwned;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::context::{Context, ContextParts};
use crate::service::Service;
use crate::settings;

/// A service's own settings.
pub trait ServiceConfig: DeserializeOwned {
    /// Sections that are read from a prefix of their own (`twilio` from `TWILIO_*`).
    const SHARED: &'static [&'static str];
}

/// How long a service may take to finish what it began; a supervisor kills it soon after.
const GRACE: Duration = Duration::from_secs(20);

/// Runs a service until SIGTERM or Ctrl-C. Exit status 1 if it could not start or stopped by itself.
pub fn run<C, F>(name: &'static str, service: impl FnOnce(Context, C) -> F) -> ExitCode
where
    C: ServiceConfig,
    F: Future<Output = anyhow::Result<Service>>,
{
    telemetry::install_tls_provider();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(serve(name, service)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "{name} cannot go on");
            complain(name, &error);
            ExitCode::FAILURE
        }
    }
}

async fn serve<C, F>(
    name: &'static str,
    service: impl FnOnce(Context, C) -> F,
) -> anyhow::Result<()>
where
    C: ServiceConfig,
    F: Future<Output = anyhow::Result<Service>>,
{
    let environment = settings::environment();
    let house = settings::house(&environment)?;
    let config = settings::service::<C>(name, C::SHARED, &environment)?;
    let telemetry = telemetry::init(name, &house.telemetry())?;
    let listener = TcpListener::bind(house.listen)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let stop = CancellationToken::new();
    let ctx = Context::new(ContextParts {
        service: name,
        house,
        clock: Arc::new(SystemClock),
        telemetry: telemetry.clone(),
        stop: stop.clone(),
    })?;
    let running = service(ctx.clone(), config).await?.start(&ctx, listener);
    tracing::info!(%address, "{name} is up");
    let asked = tokio::select! {
        () = asked_to_stop() => true,
        () = ctx.stop.cancelled() => false,
    };
    stop.cancel();
    let finished = tokio::time::timeout(GRACE, running.stopped()).await;
    telemetry.shutdown();
    anyhow::ensure!(finished.is_ok(), "what was begun did not finish in {GRACE:?}");
    anyhow::ensure!(asked, "a worker ended by itself");
    Ok(())
}

/// Returns at SIGTERM or Ctrl-C.
pub async fn asked_to_stop() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            // Without a handler the signal's default ends the process anyway.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Before telemetry is up there is nobody else to tell.
#[expect(clippy::print_stderr, reason = "the last word of a process that cannot start")]
fn complain(name: &str, error: &anyhow::Error) {
    eprintln!("{name}: {error:#}");
}
