//! The one binary for a laptop and for operators.

mod bus;
mod cli;
mod demo;
mod doctor;
mod openapi;
mod postgres;
mod replay;
mod terminal;
mod up;
mod user;
mod watch;
mod world;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    telemetry::install_tls_provider();
    let cli = cli::Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome =
        runtime.map_err(anyhow::Error::from).and_then(|runtime| runtime.block_on(cli.run()));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            cli::complain(&format!("hilo: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
