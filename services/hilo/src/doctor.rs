//! `hilo doctor`: says what is misconfigured and how to mend it.

mod way_in;

use std::process::ExitCode;
use std::time::Duration;

use chassis::settings::{self, Environment};
use chassis::{House, ServiceConfig};
use diesel::sql_types::{BigInt, Integer, Text};
use diesel_async::RunQueryDsl;
use domain::store::stmt::stmt;
use domain::store::{PoolSettings, migrate, no_connection, pool};
use providers::{ReadError, SmsQuery};

use crate::bus;
use crate::cli::say;

/// How long one check may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// What a check found.
enum Found {
    Good(String),
    /// It works, but probably not as intended.
    Doubt(String),
    Bad {
        what: String,
        mend: String,
    },
}

/// Runs every check; exit status 1 if one is bad.
pub async fn run() -> anyhow::Result<ExitCode> {
    let environment = settings::environment();
    let house = match settings::house(&environment) {
        Ok(house) => house,
        Err(error) => {
            say(&format!("✗ house: {error}"));
            say("  → set DATABASE_URL, or use `hilo up`, which brings a database of its own");
            return Ok(ExitCode::FAILURE);
        }
    };
    let mut bad = false;
    bad |= report("database", within(database(&house)).await);
    bad |= report("broker", within(broker(&house)).await);
    bad |= report("numbers", within(numbers(&house)).await);
    bad |= report("twilio", within(twilio(&environment)).await);
    bad |= report("webhooks", webhooks(&environment));
    bad |= report("model", model(&environment));
    bad |= report("identity", way_in::identity(&house));
    bad |= report("dashboard", within(way_in::dashboard(&environment)).await);
    bad |= report("people", within(way_in::people(&house, &environment)).await);
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn report(name: &str, found: Found) -> bool {
    match found {
        Found::Good(what) => say(&format!("✓ {name}: {what}")),
        Found::Doubt(what) => say(&format!("! {name}: {what}")),
        Found::Bad { what, mend } => {
            say(&format!("✗ {name}: {what}"));
            say(&format!("  → {mend}"));
            return true;
        }
    }
    false
}

async fn within(check: impl Future<Output = Found>) -> Found {
    tokio::time::timeout(PATIENCE, check).await.unwrap_or_else(|_| {
        bad(
            format!("no answer in {PATIENCE:?}"),
            "is the address right, and does a firewall drop us?",
        )
    })
}

fn bad(what: impl Into<String>, mend: impl Into<String>) -> Found {
    Found::Bad { what: what.into(), mend: mend.into() }
}

async fn database(house: &House) -> Found {
    let pending = match migrate::pending(&house.database_url).await {
        Ok(pending) => pending,
        Err(error) => {
            return bad(telemetry::chain(&error), "check DATABASE_URL, and that the server is up");
        }
    };
    if !pending.is_empty() {
        return bad(format!("{} migrations are missing", pending.len()), "run `hilo migrate`");
    }
    match server_version(house).await {
        Ok(version) if version >= 150_000 => {
            Found::Good(format!("PostgreSQL {}", version / 10_000))
        }
        Ok(version) => Found::Doubt(format!("PostgreSQL {}; tested from 15 on", version / 10_000)),
        Err(error) => bad(format!("{error:#}"), "check the rights of the user in DATABASE_URL"),
    }
}

#[derive(diesel::QueryableByName)]
struct Version {
    #[diesel(sql_type = Integer)]
    version: i32,
}

async fn server_version(house: &House) -> anyhow::Result<i32> {
    let settings = PoolSettings { url: house.database_url.clone(), role: None, size: 1 };
    let pool = pool::pool(&settings)?;
    let mut conn = pool.get().await.map_err(no_connection)?;
    let row: Version = stmt("SELECT current_setting('server_version_num')::int AS version")
        .get_result(&mut conn)
        .await?;
    Ok(row.version)
}

async fn broker(house: &House) -> Found {
    if house.amqp_url.is_none() {
        return Found::Doubt("AMQP_URL is not set: the queues are in the database".to_owned());
    }
    let depths = async {
        let (bus, queues) = (bus::of(house)?, bus::queues());
        bus.declare(&queues).await?;
        let mut dead = Vec::new();
        for queue in &queues {
            let depth = bus.depth(queue).await?;
            if depth.dead > 0 {
                dead.push(format!("{} in {}", depth.dead, queue.name));
            }
        }
        anyhow::Ok(dead)
    };
    match depths.await {
        Ok(dead) if dead.is_empty() => Found::Good("reached, no dead letters".to_owned()),
        Ok(dead) => bad(
            format!("dead letters: {}", dead.join(", ")),
            "mend the cause that the log names, then `hilo replay <queue>`",
        ),
        Err(error) => bad(format!("{error:#}"), "check AMQP_URL, and that the broker is up"),
    }
}

#[derive(diesel::QueryableByName)]
struct Pool {
    #[diesel(sql_type = BigInt)]
    numbers: i64,
    #[diesel(sql_type = BigInt)]
    paused: i64,
    #[diesel(sql_type = Text)]
    codes: String,
}

async fn numbers(house: &House) -> Found {
    let counted = async {
        let settings = PoolSettings { url: house.database_url.clone(), role: None, size: 1 };
        let pool = pool::pool(&settings)?;
        let mut conn = pool.get().await.map_err(no_connection)?;
        let row: Pool = stmt(
            "SELECT count(*) AS numbers, count(*) FILTER (WHERE paused_until > now()) AS paused,
               COALESCE(string_agg(DISTINCT paused_code::text, ', ') FILTER (WHERE paused_until > now()), '') AS codes
             FROM number_pace",
        )
        .get_result(&mut conn)
        .await?;
        anyhow::Ok(row)
    };
    match counted.await {
        Ok(Pool { numbers: 0, .. }) => bad("there are none", "add the account's numbers"),
        Ok(Pool { numbers, paused: 0, .. }) => Found::Good(format!("{numbers}, none paused")),
        Ok(Pool { numbers, paused, codes }) => bad(
            format!("{paused} of {numbers} are paused, Twilio's code {codes}"),
            "look the code up at https://www.twilio.com/docs/api/errors",
        ),
        Err(error) => bad(format!("{error:#}"), "run `hilo migrate`"),
    }
}

async fn twilio(environment: &Environment) -> Found {
    type Config = conversations::Config;
    let config = settings::service::<Config>("conversations", Config::SHARED, environment);
    let providers = match config {
        Ok(config) => conversations::wire::providers(&config),
        Err(error) => {
            let mend = "set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and CONVERSATIONS__PUBLIC_BASE";
            return bad(error.to_string(), mend);
        }
    };
    let log = match providers {
        Ok(providers) => providers.log,
        Err(error) => return bad(format!("{error:#}"), "check CONVERSATIONS__PUBLIC_BASE"),
    };
    match log.list(&SmsQuery { limit: 1, ..SmsQuery::default() }).await {
        Ok(_) => Found::Good("reached, the credentials are right".to_owned()),
        Err(error @ ReadError::Refused { .. }) => {
            bad(error.to_string(), "check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
        }
        Err(error) => bad(telemetry::chain(&error), "check TWILIO_BASE_URL, and the way out"),
    }
}

/// A signature is over the public URL as Twilio has it: behind a proxy only the setting knows it.
fn webhooks(environment: &Environment) -> Found {
    let bases = ["INGRESS__PUBLIC_BASE", "CONVERSATIONS__PUBLIC_BASE"];
    let [Some(ingress), Some(conversations)] = bases.map(|key| environment.get(key)) else {
        return bad(
            "INGRESS__PUBLIC_BASE or CONVERSATIONS__PUBLIC_BASE is not set",
            "set both to the address that Twilio calls, like https://hooks.example.mx",
        );
    };
    if ingress != conversations {
        return bad(
            "INGRESS__PUBLIC_BASE and CONVERSATIONS__PUBLIC_BASE differ",
            "status callbacks go to the second and are checked against the first: set both alike",
        );
    }
    match ingress.starts_with("https://") {
        true => Found::Good(format!(
            "number's SmsUrl should be {ingress}/webhooks/sms/inbound#rc=3&rp=5xx,ct,rt"
        )),
        false => Found::Doubt(
            "the public base is not https; Twilio will not sign for a proxy's".to_owned(),
        ),
    }
}

fn model(environment: &Environment) -> Found {
    type Config = responder::Config;
    match settings::service::<Config>("responder", Config::SHARED, environment) {
        Err(error) => {
            bad(error.to_string(), "see the settings in services/responder/src/config.rs")
        }
        Ok(config) if config.anthropic.api_key.is_none() => {
            Found::Doubt("no ANTHROPIC_API_KEY: static responses only".to_owned())
        }
        Ok(config) => Found::Good(config.anthropic.model),
    }
}
