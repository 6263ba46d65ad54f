//! The simulator as a program: settings from flags or the environment, until Ctrl-C or SIGTERM.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use simulator::{Config, Simulator, actors};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;
use url::Url;

/// Twilio's and Claude's Messages APIs in a box.
#[derive(Parser)]
#[command(version)]
struct Args {
    /// Loopback unless you know better: the control API has no authentication.
    #[arg(long, env = "SIMULATOR_LISTEN", default_value = "127.0.0.1:4010")]
    listen: SocketAddr,
    /// Public base URL of Hilo's ingress, where inbound webhooks go.
    #[arg(long, env = "SIMULATOR_WEBHOOK_BASE")]
    webhook_base: Option<Url>,
    #[arg(long, env = "TWILIO_ACCOUNT_SID")]
    account_sid: Option<String>,
    #[arg(long, env = "TWILIO_AUTH_TOKEN", hide_env_values = true)]
    auth_token: Option<String>,
    #[arg(long, env = "ANTHROPIC_API_KEY", hide_env_values = true)]
    claude_key: Option<String>,
    /// Our numbers, with commas; none: every sender is accepted.
    #[arg(long, env = "SIMULATOR_NUMBERS", value_delimiter = ',')]
    numbers: Vec<String>,
    /// JSON lines of everything that happens, read back at start.
    #[arg(long, env = "SIMULATOR_LEDGER")]
    ledger: Option<PathBuf>,
    #[arg(long, env = "SIMULATOR_SEED", default_value_t = 1)]
    seed: u64,
    /// SMS segments a second and number; 0 is unlimited.
    #[arg(long, env = "SIMULATOR_SEGMENTS_PER_SECOND", default_value_t = 10)]
    segments_per_second: u32,
    #[arg(long, env = "SIMULATOR_CARRIER_DELAY_MS", default_value_t = 600)]
    carrier_delay_ms: u64,
    /// Simulated customers who text by themselves; needs numbers.
    #[arg(long, env = "SIMULATOR_ACTORS", default_value_t = 0)]
    actors: u16,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).init();
    let args = Args::parse();
    let listener = TcpListener::bind(args.listen)
        .with_context(|| format!("could not listen on {}", args.listen))?;
    tracing::info!("the simulator listens on http://{}", args.listen);
    let stop = CancellationToken::new();
    let (n_actors, numbers) = (args.actors, args.numbers.clone());
    let sim = Simulator::new(config(args))?;
    let people = actors::run_actors(sim.clone(), actors::people(n_actors), numbers, stop.clone());
    let (served, (), signalled) =
        tokio::join!(sim.serve(listener, stop.clone()), people, until_signal(stop.clone()));
    served.and(signalled)
}

fn config(args: Args) -> Config {
    let defaults = Config::default();
    Config {
        account_sid: args.account_sid.unwrap_or(defaults.account_sid),
        auth_token: args.auth_token.unwrap_or(defaults.auth_token),
        claude_key: args.claude_key.unwrap_or(defaults.claude_key),
        webhook_base: args.webhook_base,
        numbers: args.numbers,
        seed: args.seed,
        segments_per_second: args.segments_per_second,
        carrier_delay: Duration::from_millis(args.carrier_delay_ms),
        ledger: args.ledger,
        ..defaults
    }
}

/// Cancels `stop` on Ctrl-C or SIGTERM, and returns when it is cancelled by whomever.
async fn until_signal(stop: CancellationToken) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("could not hear SIGTERM")?;
    tokio::select! {
        heard = tokio::signal::ctrl_c() => heard.context("could not hear Ctrl-C")?,
        _ = terminate.recv() => {}
        () = stop.cancelled() => {}
    }
    stop.cancel();
    Ok(())
}
