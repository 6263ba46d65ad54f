//! `hilo up`: every service in one process.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chassis::settings::{self, Environment};
use chassis::{Context, ContextParts, House, Running, ServiceConfig};
use domain::SystemClock;
use domain::store::{PoolSettings, migrate, pool};
use secrecy::ExposeSecret;
use simulator::Simulator;
use telemetry::Telemetry;
use tokio_util::sync::CancellationToken;

use crate::cli::say;
use crate::{demo, postgres, watch};

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

/// Where each server listens.
struct Ports {
    ingress: TcpListener,
    conversations: TcpListener,
    responder: TcpListener,
    simulator: TcpListener,
}

impl Up {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut environment = settings::environment();
        let ports = Ports::bind(self.port)?;
        let database = self.database(&mut environment).await?;
        let simulated = !environment.contains_key("TWILIO_ACCOUNT_SID");
        prepare(&mut environment, &ports, simulated)?;
        let house = settings::house(&environment)?;
        let telemetry = telemetry::init("hilo", &house.telemetry())?;
        migrate::migrate(&house.database_url).await?;

        let stop = CancellationToken::new();
        let simulator = simulated.then(|| simulator(&environment, &ports)).transpose()?;
        if simulated {
            let settings = PoolSettings { url: house.database_url.clone(), role: None, size: 1 };
            demo::seed(&pool::pool(&settings)?).await?;
        }
        tell(&ports, &environment, simulated);
        let outside = Outside::start(simulator, &ports, self.customers, &stop)?;
        let services = start_services(&house, &environment, &telemetry, ports, &stop).await?;
        let watch = watch::first_answers(
            &house,
            (simulated && self.customers > 0).then_some(FIRST_ANSWERS),
        );
        let code = self.wait(watch, &services).await;
        say("Stopping.");
        stop.cancel();
        let finished = tokio::time::timeout(GRACE, async {
            for running in services {
                running.stopped().await;
            }
            outside.stopped().await;
        });
        let finished = finished.await.is_ok();
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
    async fn wait(
        &self,
        watch: impl Future<Output = anyhow::Result<()>>,
        services: &[Running],
    ) -> ExitCode {
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

impl Ports {
    fn bind(first: u16) -> anyhow::Result<Self> {
        Ok(Self {
            ingress: bind(first)?,
            conversations: bind(first.saturating_add(1))?,
            responder: bind(first.saturating_add(2))?,
            simulator: bind(first.saturating_add(10))?,
        })
    }
}

fn bind(port: u16) -> anyhow::Result<TcpListener> {
    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(wanted).or_else(|_| TcpListener::bind(any))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn address(listener: &TcpListener) -> anyhow::Result<String> {
    Ok(format!("http://{}", listener.local_addr()?))
}

/// Fills in what a laptop does not have: the simulator's address and credentials, and our own.
fn prepare(environment: &mut Environment, ports: &Ports, simulated: bool) -> anyhow::Result<()> {
    let mut default = |key: &str, value: String| {
        environment.entry(key.to_owned()).or_insert(value);
    };
    default("HILO_LOG", "warn,lapin=error".to_owned());
    default("HILO_LOG_FORMAT", "text".to_owned());
    default("HILO_POOL_SIZE", "12".to_owned());
    let public_base = address(&ports.ingress)?;
    default("INGRESS__PUBLIC_BASE", public_base.clone());
    default("CONVERSATIONS__PUBLIC_BASE", public_base);
    if simulated {
        let world = simulator::Config::default();
        let base = address(&ports.simulator)?;
        default("TWILIO_ACCOUNT_SID", world.account_sid);
        default("TWILIO_AUTH_TOKEN", world.auth_token);
        default("TWILIO_BASE_URL", base.clone());
        if !environment.contains_key("ANTHROPIC_API_KEY") {
            environment.insert("ANTHROPIC_API_KEY".to_owned(), world.claude_key);
            environment.insert("ANTHROPIC_BASE_URL".to_owned(), base);
        }
    }
    Ok(())
}

fn simulator(environment: &Environment, ports: &Ports) -> anyhow::Result<Simulator> {
    let base = environment.get("INGRESS__PUBLIC_BASE").cloned();
    let base = base.map_or_else(|| address(&ports.ingress), Ok)?;
    let numbers = demo::numbers()?.iter().map(|number| number.as_e164().to_owned()).collect();
    Simulator::new(simulator::Config {
        webhook_base: Some(base.parse()?),
        numbers,
        ..simulator::Config::default()
    })
}

/// The simulated world, if there is one.
struct Outside {
    tasks: tokio_util::task::TaskTracker,
}

impl Outside {
    fn start(
        simulator: Option<Simulator>,
        ports: &Ports,
        customers: u16,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let tasks = tokio_util::task::TaskTracker::new();
        if let Some(simulator) = simulator {
            let (listener, serving) = (ports.simulator.try_clone()?, simulator.clone());
            let stopped = stop.clone();
            tasks.spawn(async move {
                if let Err(error) = serving.serve(listener, stopped).await {
                    tracing::error!(error = format!("{error:#}"), "the simulator failed");
                }
            });
            let people = simulator::actors::people(customers);
            let numbers = demo::numbers()?.iter().map(|n| n.as_e164().to_owned()).collect();
            tasks.spawn(simulator::actors::run_actors(simulator, people, numbers, stop.clone()));
        }
        tasks.close();
        Ok(Self { tasks })
    }

    async fn stopped(self) {
        self.tasks.wait().await;
    }
}

async fn start_services(
    house: &House,
    environment: &Environment,
    telemetry: &Telemetry,
    ports: Ports,
    stop: &CancellationToken,
) -> anyhow::Result<Vec<Running>> {
    let context = |service: &'static str| {
        Context::new(ContextParts {
            service,
            house: house.clone(),
            clock: Arc::new(SystemClock),
            telemetry: telemetry.clone(),
            stop: stop.clone(),
        })
        .with_context(|| format!("{service} cannot start"))
    };
    let (ctx, config) = (context("conversations")?, read("conversations", environment)?);
    let conversations = conversations::service(ctx.clone(), config).await?;
    let conversations = conversations.start(&ctx, ports.conversations);
    let (ctx, config) = (context("responder")?, read("responder", environment)?);
    let responder = responder::service(ctx.clone(), config).await?.start(&ctx, ports.responder);
    // Last, so that whoever writes first finds the others listening.
    let (ctx, config) = (context("ingress")?, read("ingress", environment)?);
    let ingress = ingress::service(ctx.clone(), config).await?.start(&ctx, ports.ingress);
    Ok(vec![conversations, responder, ingress])
}

fn read<C: ServiceConfig>(service: &str, environment: &Environment) -> anyhow::Result<C> {
    Ok(settings::service(service, C::SHARED, environment)?)
}

fn tell(ports: &Ports, environment: &Environment, simulated: bool) {
    let at = |listener| address(listener).unwrap_or_default();
    let bus = if environment.contains_key("AMQP_URL") { "RabbitMQ" } else { "the database" };
    say("Hilo is starting.");
    if simulated {
        say(&format!("  Text as a customer and watch   {}/", at(&ports.simulator)));
    }
    say(&format!("  Twilio's webhooks come in at   {}/webhooks/sms/inbound", at(&ports.ingress)));
    say(&format!("  Metrics of the services        {}/metrics", at(&ports.conversations)));
    say(&format!("  Queues are in                  {bus}"));
    if !environment.contains_key("ANTHROPIC_API_KEY") {
        say("  No ANTHROPIC_API_KEY: static responses only.");
    }
    say("  Ctrl-C stops everything; the next start finds its data again.");
}
