//! The command line.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use chassis::settings;
use clap::{Parser, Subcommand};
use domain::store::migrate;
use secrecy::SecretString;

use crate::{doctor, openapi, postgres, replay, up, user};

/// Hilo: every recipient always sees the same one of your numbers.
///
/// Without DATABASE_URL it runs a PostgreSQL of its own, without AMQP_URL it keeps its queues in the
/// database, without TWILIO_ACCOUNT_SID it talks to a simulator.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run every service in this process until Ctrl-C.
    Up(up::Up),
    /// Bring the schema of DATABASE_URL (or of hilo's own database) up to date.
    Migrate {
        /// Where hilo's own database is.
        #[arg(long, env = "HILO_DATA", default_value_os_t = postgres::default_folder())]
        data: PathBuf,
    },
    /// Make people who sign in.
    #[command(subcommand)]
    User(user::User),
    /// Print the document of the whole API (OpenAPI 3.1); asks nobody, not even a database.
    Openapi,
    /// Give the dead letters of a queue another life.
    Replay(replay::Replay),
    /// Say what is misconfigured and how to mend it.
    Doctor,
}

impl Cli {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Up(up) => up.run().await,
            Command::Migrate { data } => migrate_now(data).await,
            Command::User(user) => user.run().await,
            Command::Openapi => openapi::print(),
            Command::Replay(replay) => replay.run().await,
            Command::Doctor => doctor::run().await,
        }
    }
}

async fn migrate_now(data: PathBuf) -> anyhow::Result<ExitCode> {
    let environment = settings::environment();
    let own = match environment.get("DATABASE_URL") {
        Some(_) => None,
        None => Some(postgres::Private::start(data).await?),
    };
    let url = match (&own, environment.get("DATABASE_URL")) {
        (Some(own), _) => own.url(),
        (None, given) => SecretString::from(given.cloned().unwrap_or_default()),
    };
    let ran = migrate::migrate(&url).await;
    if let Some(own) = own {
        own.leave().await?;
    }
    match ran?.as_slice() {
        [] => say("The schema is up to date."),
        ran => say(&format!(
            "Ran {} migrations, the last one {}.",
            ran.len(),
            ran.last().map_or("", String::as_str)
        )),
    }
    Ok(ExitCode::SUCCESS)
}

/// A line for the person at the terminal; logs are for machines. Whoever reads it may have gone
/// (`hilo openapi | head`), and that is no fault of ours.
pub fn say(line: &str) {
    let _nobody_listens = writeln!(std::io::stdout().lock(), "{line}");
}

/// The same, for what went wrong.
pub fn complain(line: &str) {
    let _nobody_listens = writeln!(std::io::stderr().lock(), "{line}");
}
