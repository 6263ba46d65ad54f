//! The crash test: the whole system as separate processes on RabbitMQ and PostgreSQL, killed with
//! SIGKILL at random, broker and database included, while customers text, a person texts through the
//! API and screens are open; then the books are read.
//!
//! The simulator is the outside world and the judge: it runs in here and is never killed. Exits
//! with 1 when a law is broken, and says which and by whom.
#![allow(
    clippy::too_many_lines,
    reason = "a run is one sequence: begin, kill, drain, read the books"
)]

mod audit;
mod books;
mod drain;
mod frames;
mod heard;
mod house;
mod kills;
mod listen;
mod load;
mod member;
mod person;
mod report;
mod screens;
mod seed;
mod watch;

use std::net::TcpListener;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use rand::SeedableRng;
use rand::rngs::StdRng;
use simulator::{
    ApiFaults, CallbackFaults, Chance, ClaudeFaults, Faults, InboundFaults, Simulator,
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::house::House;
use crate::listen::Screens;
use crate::load::Load;
use crate::person::Person;
use crate::report::say;

/// Of so many customers one is texted by the person.
const TEXTED: usize = 7;
/// How long screens may take to see the last event once all is at rest.
const LAST_SIGHT: Duration = Duration::from_secs(30);

/// Kills everything at random under load, then counts what was lost.
#[derive(Debug, Clone, Parser)]
struct Torture {
    /// Kills at the least; each kind of victim dies five times whatever this says.
    #[arg(long, default_value_t = 60)]
    kills: usize,
    /// Seconds of load at the least.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Texts a second, on average.
    #[arg(long, default_value_t = 15.0)]
    rate: f64,
    /// People who text.
    #[arg(long, default_value_t = 300)]
    customers: u32,
    /// The dice; what the machine does in between stays its own secret.
    #[arg(long)]
    seed: Option<u64>,
    /// Leave the logs of the processes behind even if all is well.
    #[arg(long)]
    keep_logs: bool,
}

fn main() -> ExitCode {
    telemetry::install_tls_provider();
    let torture = Torture::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(until_told_to_stop(torture)));
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("torture: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Dropping the run kills its processes, so Ctrl-C leaves none behind.
async fn until_told_to_stop(torture: Torture) -> anyhow::Result<bool> {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        outcome = run(torture) => outcome,
        _ = tokio::signal::ctrl_c() => anyhow::bail!("stopped by Ctrl-C"),
        _ = terminated.recv() => anyhow::bail!("stopped by SIGTERM"),
    }
}

async fn run(torture: Torture) -> anyhow::Result<bool> {
    let begun = Instant::now();
    let seed = torture.seed.unwrap_or_else(rand::random);
    say(&format!(
        "torture: seed {seed}, {} customers, {} texts/s",
        torture.customers, torture.rate
    ));
    let mut dice = StdRng::seed_from_u64(seed);
    let database = testkit::database().await;
    let seed::Seeded { numbers, screens, person } = seed::account(&database).await?;
    let listener = TcpListener::bind("127.0.0.1:0").context("no port for the simulator")?;
    let outside = format!("http://{}", listener.local_addr()?);
    let ingress = house::free_port(&mut dice)?;
    let world = Simulator::new(simulator::Config {
        webhook_base: Some(format!("http://127.0.0.1:{ingress}").parse()?),
        numbers: numbers.clone(),
        seed,
        segments_per_second: 0,
        carrier_delay: Duration::from_millis(300),
        retry_base: Duration::from_millis(500),
        hang: Duration::from_secs(5),
        ..simulator::Config::default()
    })?;
    world.set_faults(bad_days());

    let (tasks, life) = (TaskTracker::new(), CancellationToken::new());
    let _ends_with_us = life.clone().drop_guard();
    let serving = world.clone();
    let (server_life, served) = (life.clone(), listener);
    tasks.spawn(async move { serving.serve(served, server_life).await });

    let surroundings = house::Surroundings { database: database.url.clone(), outside, ingress };
    let house = House::build(&surroundings, &mut dice, &tasks, &life)?;
    house.until_ready(Duration::from_secs(60)).await.context("the house did not come up")?;
    say(&format!(
        "torture: all up after {:.1} s, logs in {}",
        begun.elapsed().as_secs_f64(),
        house.logs().display()
    ));

    let watching = tasks.spawn(watch::run(database.url.clone(), life.child_token()));
    let screens = Screens::open(screens, &house.gateways(), &life.child_token())?;
    let load = Load::new(&world, numbers, &torture, StdRng::seed_from_u64(seed ^ 1));
    let phones = load.phones().step_by(TEXTED).collect();
    let dice_of_person = StdRng::seed_from_u64(seed ^ 2);
    let person = Person::new(person, house.gateways(), phones, dice_of_person)?;
    let kills =
        kills::Kills { at_least: torture.kills, lasting: Duration::from_secs(torture.seconds) };
    let stop_load = CancellationToken::new();
    let texting = tasks.spawn(load.run(stop_load.clone()));
    let asking = tasks.spawn(person.run(stop_load.clone()));
    let killed = kills.run(&house, &mut dice).await?;
    stop_load.cancel();
    texting.await.context("the load panicked")?;
    let suffered = begun.elapsed();

    world.set_faults(Faults::default());
    house.until_ready(Duration::from_secs(60)).await.context("the house did not come up again")?;
    let asked = asking.await.context("the person panicked")?;
    let drained = drain::run(&database.url, &world, Duration::from_secs(180)).await?;
    let dead = drain::dead_letters().await?;
    screens.until_at(books::head(&database.url).await?, LAST_SIGHT).await;
    life.cancel();
    let watched = watching.await.context("the watcher panicked")?;
    let listeners = screens.close().await;
    let books = books::Books { listeners, asked, ..books::read(&database.url, &world).await? };
    let laws = audit::audit(&books, &watched, &dead, &drained.left);
    let broken = laws.iter().any(|law| !law.broken.is_empty());
    report::table(&report::Figures {
        killed: &killed,
        died: &house.died(),
        books: &books,
        watched: &watched,
        drained: &drained,
        laws: &laws,
        suffered,
        elapsed: begun.elapsed(),
    });
    house.end(broken || torture.keep_logs);
    tasks.close();
    tasks.wait().await;
    Ok(!broken)
}

/// Everything that a provider does on a bad day, some of the time.
fn bad_days() -> Faults {
    let now_and_then = Chance::Probability(0.02);
    Faults {
        callbacks: CallbackFaults {
            late_ms: 150,
            doubled: Chance::Probability(0.2),
            shuffled: Chance::Probability(0.2),
            lost: now_and_then,
        },
        inbound: InboundFaults {
            doubled: Chance::Probability(0.05),
            lost: Chance::Probability(0.01),
        },
        api: ApiFaults {
            create_timeout: now_and_then,
            create_5xx_accepted: now_and_then,
            create_5xx_refused: now_and_then,
            create_429: now_and_then,
        },
        claude: ClaudeFaults {
            delay_ms: 100,
            http_529: now_and_then,
            http_500: now_and_then,
            ..ClaudeFaults::default()
        },
    }
}
