//! The services of the process, each with its own context and settings.

use std::net::TcpListener;
use std::sync::Arc;

use anyhow::Context as _;
use chassis::settings::{self, Environment};
use chassis::{Context, ContextParts, House, Running, Service, ServiceConfig};
use domain::SystemClock;
use telemetry::Telemetry;
use tokio_util::sync::CancellationToken;

use super::ports::Ports;

/// What every service is given.
pub(super) struct Start<'a> {
    pub(super) house: &'a House,
    pub(super) environment: &'a Environment,
    pub(super) telemetry: &'a Telemetry,
    pub(super) stop: &'a CancellationToken,
}

impl Start<'_> {
    /// Starts all of them.
    pub(super) async fn all(&self, ports: Ports) -> anyhow::Result<Vec<Running>> {
        Ok(vec![
            self.one("conversations", ports.conversations, conversations::service).await?,
            self.one("responder", ports.responder, responder::service).await?,
            self.one("gateway", ports.dashboard, gateway::service).await?,
            // Last, so that whoever writes first finds the others listening.
            self.one("ingress", ports.ingress, ingress::service).await?,
        ])
    }

    async fn one<C: ServiceConfig, F>(
        &self,
        name: &'static str,
        listener: TcpListener,
        service: impl FnOnce(Context, C) -> F,
    ) -> anyhow::Result<Running>
    where
        F: Future<Output = anyhow::Result<Service>>,
    {
        let ctx = Context::new(ContextParts {
            service: name,
            house: self.house.clone(),
            clock: Arc::new(SystemClock),
            telemetry: self.telemetry.clone(),
            stop: self.stop.clone(),
        })
        .with_context(|| format!("{name} cannot start"))?;
        let config = settings::service(name, C::SHARED, self.environment)?;
        let service = service(ctx.clone(), config).await;
        Ok(service.with_context(|| format!("{name} cannot start"))?.start(&ctx, listener))
    }
}
