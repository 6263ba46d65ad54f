//! What a service serves, consumes and runs; and the tasks that it becomes.

use std::net::TcpListener;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig as Routes};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use outbox::{Pruner, Relay};
use telemetry::metrics::counter;
use tokio_util::sync::CancellationToken;
use web::Health;
use web::identity::Door;

use crate::consume::{Caller, CallerJob, DrainJob, HandleError, Handler, HandlerJob, Job, Runner};
use crate::context::{Context, Spool};
use crate::{Subscription, consume};
use bus::Queue;
use events::Event;

type Configure = Arc<dyn Fn(&mut Routes) + Send + Sync>;
type Worker = Box<dyn FnOnce(CancellationToken) -> BoxFuture<'static, ()> + Send>;
type MakeJob = Box<dyn FnOnce(&Context) -> Arc<dyn Job> + Send>;

/// A service, described.
#[derive(Default)]
pub struct Service {
    routes: Vec<Configure>,
    consumers: Vec<(Queue, u16, MakeJob)>,
    workers: Vec<(&'static str, Worker)>,
    health: Health,
}

impl Service {
    /// One that does nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Hears an event within a transaction.
    #[must_use]
    pub fn consumes<H: Handler>(mut self, handler: H) -> Self {
        let subscription = H::SUBSCRIPTION;
        let make: MakeJob =
            Box::new(move |ctx| Arc::new(HandlerJob { desk: desk(ctx, subscription), handler }));
        let queue = subscription.hears(H::Event::TYPE);
        self.consumers.push((queue, subscription.concurrency, make));
        self
    }

    /// Hears an event by asking the outside first.
    #[must_use]
    pub fn calls<C: Caller>(mut self, caller: C) -> Self {
        let subscription = C::SUBSCRIPTION;
        let make: MakeJob =
            Box::new(move |ctx| Arc::new(CallerJob { desk: desk(ctx, subscription), caller }));
        let queue = subscription.hears(C::Event::TYPE);
        self.consumers.push((queue, subscription.concurrency, make));
        self
    }

    /// Takes back what was spooled.
    #[must_use]
    pub fn drains<F, R>(mut self, spool: &Spool, drain: F) -> Self
    where
        F: Fn(Vec<u8>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), HandleError>> + Send + 'static,
    {
        let subscription = Subscription::new(spool.queue.name).patience(bus::Patience::Hours);
        let make: MakeJob =
            Box::new(move |ctx| Arc::new(DrainJob { desk: desk(ctx, subscription), drain }));
        self.consumers.push((spool.queue, subscription.concurrency, make));
        self
    }

    /// Serves routes beside `/healthz`, `/readyz` and `/metrics`.
    #[must_use]
    pub fn serves(mut self, routes: impl Fn(&mut Routes) + Send + Sync + 'static) -> Self {
        self.routes.push(Arc::new(routes));
        self
    }

    /// Runs a task for as long as the service lives. One that panics stops the service: a worker
    /// that is silently gone is worse than a process that is started again.
    #[must_use]
    pub fn runs<F>(
        mut self,
        name: &'static str,
        worker: impl FnOnce(CancellationToken) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.workers.push((name, Box::new(move |stop| Box::pin(worker(stop)))));
        self
    }

    /// Adds a check to `/readyz`.
    #[must_use]
    pub fn ready<P, F>(mut self, name: &'static str, probe: P) -> Self
    where
        P: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = web::health::Verdict> + Send + 'static,
    {
        self.health = std::mem::take(&mut self.health).check(name, probe);
        self
    }

    /// Starts all of it. Returns at once; the tasks are on the context's tracker.
    pub fn start(self, ctx: &Context, listener: TcpListener) -> Running {
        for (queue, concurrency, make) in self.consumers {
            let job = make(ctx);
            let (bus, stop) = (Arc::clone(&ctx.bus), ctx.stop.clone());
            ctx.tasks.spawn(Runner { bus, queue, concurrency, job, stop }.run());
        }
        for (name, worker) in self.workers {
            supervise(ctx, name, worker(ctx.stop.clone()));
        }
        let relay = Relay::new(
            ctx.pool.clone(),
            Arc::clone(&ctx.bus),
            ctx.wakeups.clone(),
            Arc::clone(&ctx.clock),
        );
        supervise(ctx, "relay", relay.run(ctx.stop.clone()));
        let pruner = Pruner { pool: ctx.pool.clone(), clock: Arc::clone(&ctx.clock) };
        supervise(ctx, "prune", pruner.run(ctx.stop.clone()));
        serve(ctx, listener, self.health, self.routes);
        Running { ctx: ctx.clone() }
    }
}

fn desk(ctx: &Context, subscription: Subscription) -> consume::Desk {
    consume::Desk {
        pool: ctx.pool.clone(),
        subscription,
        stop: ctx.stop.clone(),
        consumed: counter("bus_consumed_total", "Deliveries by queue and by what became of them"),
    }
}

fn supervise(ctx: &Context, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
    let (stop, service) = (ctx.stop.clone(), ctx.service);
    ctx.tasks.spawn(async move {
        let ended = AssertUnwindSafe(work).catch_unwind().await;
        if ended.is_err() || !stop.is_cancelled() {
            tracing::error!(
                service,
                worker = name,
                "a worker ended by itself, stopping the service"
            );
            stop.cancel();
        }
    });
}

fn serve(ctx: &Context, listener: TcpListener, health: Health, routes: Vec<Configure>) {
    let pool = ctx.pool.clone();
    let health = health.check("database", move || {
        let pool = pool.clone();
        async move { pool.get().await.map(drop).map_err(Into::into) }
    });
    let door = ctx
        .identity
        .clone()
        .map(|key| Data::new(Door { key, service: ctx.service, clock: Arc::clone(&ctx.clock) }));
    let configure = move |config: &mut Routes| {
        if let Some(door) = &door {
            config.app_data(door.clone());
        }
        for configure in &routes {
            configure(config);
        }
    };
    let served =
        web::server::serve(listener, health, ctx.telemetry.clone(), configure, ctx.stop.clone());
    supervise(ctx, "http", async move {
        if let Err(error) = served.await {
            tracing::error!(%error, "the HTTP server failed");
        }
    });
}

/// A service that runs.
pub struct Running {
    ctx: Context,
}

impl Running {
    /// Waits until it is stopping, for whatever reason.
    pub async fn ended(&self) {
        self.ctx.stop.cancelled().await;
    }

    /// Waits until all of it has stopped: after the stop token was cancelled, or by itself.
    pub async fn stopped(self) {
        self.ctx.stop.cancelled().await;
        self.ctx.tasks.close();
        self.ctx.tasks.wait().await;
    }

    /// Stops it and waits until all that was begun is finished.
    pub async fn stop(self) {
        self.ctx.stop.cancel();
        self.stopped().await;
    }
}
