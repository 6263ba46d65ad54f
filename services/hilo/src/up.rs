//! `hilo up`: every service in one process.

mod outside;
mod ports;
mod prepare;
mod services;
mod tell;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use chassis::settings::{self, Environment};
use chassis::{House, Running};
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use domain::store::stmt::stmt;
use domain::store::{Pool, PoolSettings, migrate, no_connection, pool};
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;

use crate::cli::say;
use crate::world::World;
use crate::{demo, postgres, watch};
use outside::Outside;
use ports::Ports;
use prepare::prepare;
use services::Start;
use tell::Places;

/// How long services may take to finish what they began.
const GRACE: Duration = Duration::from_secs(20);
/// How long the first answers may take before we say that something is wrong.
const FIRST_ANSWERS: Duration = Duration::from_secs(60);

/// Run every service in this process.
#[derive(Debug, clap::Args)]
pub struct Up {
    /// Where hilo's own database keeps its data.
    #[arg(long, env = "HILO_DATA", default_value_os_t = postgres::default_folder())]
    data: PathBuf,
    /// Port of the dashboard and the API. A port that is taken is replaced by a free one.
    #[arg(long, env = "HILO_DASHBOARD_PORT", default_value_t = 8000)]
    dashboard_port: u16,
    /// Port of `ingress`, where Twilio's webhooks come in; the other services take the next ones. A
    /// port that is taken is replaced by a free one.
    #[arg(long, env = "HILO_PORT", default_value_t = 8080)]
    port: u16,
    /// Simulated customers who write by themselves; 0 for none.
    #[arg(long, env = "HILO_CUSTOMERS", default_value_t = 12)]
    customers: u16,
    /// Stop when the first answers were delivered, instead of at Ctrl-C.
    #[arg(long)]
    until_answered: bool,
}

impl Up {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut environment = settings::environment();
        say("Hilo is starting.");
        let ports = Ports::bind(self.port, self.dashboard_port)?;
        let database = self.database(&mut environment).await?;
        let world = World::of(&environment);
        prepare(&mut environment, &ports, world)?;
        let house = settings::house(&environment)?;
        let telemetry = telemetry::init("hilo", &house.telemetry())?;
        migrate::migrate(&house.database_url).await?;
        let settings = PoolSettings { url: house.database_url.clone(), role: None, size: 1 };
        let pool = pool::pool(&settings)?;
        match world {
            World::Simulated => demo::seed(&pool).await?,
            World::Real => demo::keep_out(&pool, world).await?,
        }

        let stop = CancellationToken::new();
        let places = Places::of(&ports, &environment, world)?;
        let outside = match world {
            World::Simulated => Outside::simulated(&environment, &ports, self.customers, &stop)?,
            World::Real => Outside::real(),
        };
        let start =
            Start { house: &house, environment: &environment, telemetry: &telemetry, stop: &stop };
        let services = start.all(ports).await?;
        places.tell(people(&pool).await?);
        let code = self.wait(&house, world, &services).await;
        say("Stopping.");
        stop.cancel();
        let finished = tokio::time::timeout(GRACE, async {
            for running in services {
                running.stopped().await;
            }
            outside.stopped().await;
        });
        let finished = finished.await.is_ok();
        if world == World::Simulated {
            demo::keep_out(&pool, world).await?;
        }
        telemetry.shutdown();
        if let Some(database) = database {
            database.stop().await?;
        }
        anyhow::ensure!(finished, "what was begun did not finish in {GRACE:?}");
        Ok(code)
    }

    async fn database(
        &self,
        environment: &mut Environment,
    ) -> anyhow::Result<Option<postgres::Private>> {
        if environment.contains_key("DATABASE_URL") {
            return Ok(None);
        }
        let own = postgres::Private::start(self.data.clone()).await?;
        environment.insert("DATABASE_URL".to_owned(), own.url().expose_secret().to_owned());
        Ok(Some(own))
    }

    /// Until Ctrl-C, a service that ended by itself or, if so asked, the first answers.
    async fn wait(&self, house: &House, world: World, services: &[Running]) -> ExitCode {
        let somebody_writes = world == World::Simulated && self.customers > 0;
        let watch = watch::first_answers(house, somebody_writes.then_some(FIRST_ANSWERS));
        let watched = async {
            let outcome = watch.await;
            if let Err(error) = &outcome {
                say(&format!("{error:#}"));
            }
            match (self.until_answered, outcome) {
                (true, Ok(())) => ExitCode::SUCCESS,
                (true, Err(_)) => ExitCode::FAILURE,
                (false, _) => std::future::pending().await,
            }
        };
        let broken = futures_util::future::select_all(
            services.iter().map(|running| Box::pin(running.ended())),
        );
        tokio::select! {
            () = chassis::asked_to_stop() => ExitCode::SUCCESS,
            code = watched => code,
            _ = broken => ExitCode::FAILURE,
        }
    }
}

/// How many can sign in.
async fn people(pool: &Pool) -> anyhow::Result<u64> {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        people: i64,
    }
    let mut conn = pool.get().await.map_err(no_connection)?;
    let count: Count = stmt(
        "SELECT count(*) AS people FROM users WHERE password_hash IS NOT NULL AND disabled_at IS NULL",
    )
    .get_result(&mut conn)
    .await?;
    Ok(u64::try_from(count.people)?)
}
