//! Owns contacts, opt-outs, numbers, conversations and messages; the only one who texts.
//!
//! What comes in is in [`consume`], the rules in [`decide`], what goes out in [`deliver`], who sees
//! which number in [`rotation`], and what people and programs ask in [`routes`].

mod changes;
pub mod config;
pub mod consume;
pub mod decide;
pub mod deliver;
mod due;
mod import;
mod lists;
mod outgoing;
mod person;
pub mod rotation;
pub mod routes;
mod spreadsheet;
mod tally;
pub mod wire;

use std::sync::Arc;

use chassis::{Context, Service};

pub use config::Config;
use consume::{OnReplyDrafted, OnReplyWithheld, OnSmsReceived, OnSmsStatusChanged};
pub use routes::openapi;
use wire::Providers;

/// The service over the providers that its settings name.
pub async fn service(ctx: Context, config: Config) -> anyhow::Result<Service> {
    let providers = wire::providers(&config)?;
    Ok(with(&ctx, config, providers))
}

/// The service over these providers.
pub fn with(ctx: &Context, config: Config, providers: Providers) -> Service {
    let clock = Arc::clone(&ctx.clock);
    let deliver = deliver::Worker::new(ctx, &config, &providers);
    let reconcile = deliver::Reconciler::new(ctx, &config, &providers);
    let due = due::Asker::new(ctx);
    let (import, tally) = (import::Importer::new(ctx), tally::Teller::new(ctx));
    let api = Arc::new(routes::Api::new(ctx, &providers));
    Service::new()
        .serves(routes::configure(api))
        .consumes(OnSmsReceived { clock: Arc::clone(&clock) })
        .consumes(OnSmsStatusChanged { clock: Arc::clone(&clock), failure: providers.failure })
        .consumes(OnReplyDrafted { clock: Arc::clone(&clock) })
        .consumes(OnReplyWithheld { clock })
        .runs("deliver", |stop| deliver.run(stop))
        .runs("reconcile", |stop| reconcile.run(stop))
        .runs("due", |stop| due.run(stop))
        .runs("import", |stop| import.run(stop))
        .runs("tally", |stop| tally.run(stop))
}
