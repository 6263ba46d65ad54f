//! People and programs in: sign-in, roles, the API, live events, the dashboard's files. It decides who
//! may ask what ([`permit`], [`gate`]), forwards the question to the service that owns the answer
//! ([`forward`]), and owns nothing but people, their sessions and their tokens.

pub mod access;
pub mod audit;
pub mod config;
mod encoding;
pub mod files;
pub mod forward;
pub mod gate;
mod janitor;
pub mod live;
pub mod openapi;
pub mod password;
pub mod permit;
pub mod routes;
pub mod sandbox;

use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::web::{self as actix, Data, ServiceConfig};
use anyhow::Context as _;
use chassis::api::Forgetter;
use chassis::{Context, Service};
use domain::SharedClock;
use domain::store::Pool;
use events::{
    ContactOptedIn, ContactOptedOut, ContactsImportProgressed, ConversationChanged,
    ConversationReassigned, ConversationStarted, NumbersChanged, TextDelivered, TextFailed,
    TextQueued, TextReceived, TextSent,
};
use telemetry::metrics::Histogram;
use web::IdentityKey;

use access::{Callers, Limiter};
use audit::Ledger;
pub use config::Config;
use files::Files;
use forward::{Imports, Services, Upstream};
use janitor::Janitor;
use live::hear::Hears;
use live::{Follower, Live, Warden};
use openapi::Documents;
pub use openapi::own as openapi;
use password::Hasher;
use permit::{ROUTES, Table};

/// What a request finds here.
pub struct Gateway {
    /// Connections.
    pub pool: Pool,
    /// The time.
    pub clock: SharedClock,
    /// The settings.
    pub config: Config,
    /// Who asks.
    pub callers: Arc<Callers>,
    /// What they did.
    pub ledger: Ledger,
    /// What they are told.
    pub live: Live,
    /// Hashes passwords.
    pub hasher: Hasher,
    key: IdentityKey,
    table: Table,
    services: Services,
    requests: Limiter<uuid::Uuid>,
    strangers: Limiter<String>,
    imports: Imports,
    documents: Documents,
    files: Files,
    forwarded: Histogram,
}

/// What `main` and `hilo up` run.
///
/// # Errors
/// When a setting is wrong.
pub async fn service(ctx: Context, config: Config) -> anyhow::Result<Service> {
    with(&ctx, config, Files::built_in())
}

/// The same with these files: for tests.
///
/// # Errors
/// When a setting is wrong.
pub fn with(ctx: &Context, config: Config, files: Files) -> anyhow::Result<Service> {
    config.check()?;
    let key = ctx.identity.clone().context("HILO_IDENTITY_KEY is not set")?;
    let (ledger, scribe) = audit::open(ctx);
    let callers = Arc::new(Callers::new(ctx.pool.clone(), ctx.clock.clone()));
    let live = Live::new(ctx, &config);
    let follower = Follower::new(ctx, &live.hub);
    let warden = Warden::new(ctx, &callers, &live.listeners);
    let janitor = Janitor::new(ctx, config.audit_retention);
    let forgetter = Forgetter { pool: ctx.pool.clone(), clock: ctx.clock.clone() };
    let help = "Requests to services, until their answer begins";
    let gateway = Gateway {
        pool: ctx.pool.clone(),
        clock: ctx.clock.clone(),
        callers,
        ledger,
        live,
        hasher: Hasher::default(),
        key,
        table: Table::default(),
        services: Services::of(&config)?,
        requests: Limiter::new(config.requests_per_second, config.request_burst),
        strangers: Limiter::new(config.stranger_requests_per_second, config.stranger_burst),
        imports: Imports::default(),
        documents: Documents::default(),
        files,
        forwarded: ctx.telemetry.meters().histogram("gateway_forward_seconds", help),
        config,
    };
    let service = Service::new()
        .serves(routes_of(Data::new(gateway)))
        .runs("audit", |stop| scribe.run(stop))
        .runs("follow", |stop| follower.run(stop))
        .runs("sessions", |stop| warden.run(stop))
        .runs("prune", |stop| janitor.run(stop))
        .runs("forget", |stop| forgetter.run(stop));
    Ok(hears(service, &ctx.clock))
}

/// What screens are told of.
fn hears(service: Service, clock: &SharedClock) -> Service {
    service
        .consumes(Hears::<TextReceived>::new(clock))
        .consumes(Hears::<TextQueued>::new(clock))
        .consumes(Hears::<TextSent>::new(clock))
        .consumes(Hears::<TextDelivered>::new(clock))
        .consumes(Hears::<TextFailed>::new(clock))
        .consumes(Hears::<ConversationStarted>::new(clock))
        .consumes(Hears::<ConversationReassigned>::new(clock))
        .consumes(Hears::<ConversationChanged>::new(clock))
        .consumes(Hears::<ContactOptedOut>::new(clock))
        .consumes(Hears::<ContactOptedIn>::new(clock))
        .consumes(Hears::<ContactsImportProgressed>::new(clock))
        .consumes(Hears::<NumbersChanged>::new(clock))
}

/// Every route behind the gate: our own, those that go on to a service, and the dashboard's files for
/// the rest.
fn routes_of(gateway: Data<Gateway>) -> impl Fn(&mut ServiceConfig) + Send + Sync + 'static {
    move |config| {
        let mut behind = actix::scope("")
            .wrap(from_fn(gate::pass))
            .configure(routes::configure)
            .service(sandbox::list_phones)
            .service(sandbox::get_phone)
            .service(sandbox::text);
        // Each by its own path, so that measurements tell them apart. The gate has seen the method.
        let mut paths: Vec<&str> = Vec::new();
        for route in ROUTES.iter().filter(|route| route.owner.service().is_some()) {
            if !paths.contains(&route.path) {
                paths.push(route.path);
                behind = behind.service(actix::resource(route.path).to(forward::forward));
            }
        }
        config
            .app_data(gateway.clone())
            // One a worker: connections are not shared between event loops.
            .app_data(Data::new(Upstream::default()))
            .service(behind.default_service(actix::to(files::serve)));
    }
}
