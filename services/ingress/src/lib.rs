//! Webhooks in, receipts and events out. It verifies, records and answers; it decides nothing.
//!
//! A webhook is answered with 2xx only after its receipt and its event are committed together, or,
//! while the database is away, after the broker has confirmed a durable copy of it.

pub mod config;
pub mod journal;
pub mod prune;
pub mod reconcile;
pub mod spool;
pub mod twilio;
mod wire;
pub mod writer;

use std::sync::Arc;

use chassis::{Context, Service};
use providers::SmsLog;

pub use config::Config;
use journal::{Journal, Scribe};
use prune::Pruner;
use reconcile::Reconciler;
use spool::Bypass;
use writer::Writer;

use crate::twilio::Door;

/// What `main` and `hilo up` run.
///
/// # Errors
/// When a setting is wrong.
pub async fn service(ctx: Context, config: Config) -> anyhow::Result<Service> {
    let log = wire::sms_log(&config)?;
    service_with(ctx, config, log)
}

/// The same beside another record of the provider's: for tests.
///
/// # Errors
/// When a setting is wrong.
pub fn service_with(ctx: Context, config: Config, log: Arc<dyn SmsLog>) -> anyhow::Result<Service> {
    config.check()?;
    let meters = ctx.telemetry.meters();
    let writer = Writer::new(ctx.pool.clone(), &meters);
    let spool = ctx.spool(spool::QUEUE);
    let (journal, queues) = Journal::new(config.queue_capacity, config.batch);
    let signatures = wire::signatures(&config)?;
    let account = config.twilio.account_sid;
    let door = Door::new(signatures, account.clone(), journal, Arc::clone(&ctx.clock), &meters);
    let reconciler = Reconciler {
        log,
        writer: writer.clone(),
        clock: Arc::clone(&ctx.clock),
        account,
        every: config.reconcile_every,
        window: config.reconcile_window,
        recovered: reconcile::counter(&meters),
    };
    let pruner = Pruner {
        pool: ctx.pool.clone(),
        clock: Arc::clone(&ctx.clock),
        retention: config.receipts_retention,
    };
    let mut service = Service::new()
        .serves(crate::twilio::routes(door))
        .drains(&spool, spool::drain(writer.clone()))
        .runs("reconcile", |stop| reconciler.run(stop))
        .runs("prune", |stop| pruner.run(stop));
    let scribe = Scribe::new(writer, Bypass::new(spool));
    for queue in queues {
        let scribe = Arc::clone(&scribe);
        service = service.runs("journal", |stop| scribe.run(queue, stop));
    }
    Ok(service)
}
