//! Whether a service can do its work: named checks, asked together, each with its own patience.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

/// How long a check may take. A readiness probe of Kubernetes waits a few seconds in all.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a check answers; the error goes to the log, the check's name to the caller.
pub type Verdict = Result<(), Box<dyn Error + Send + Sync>>;

type Probe = dyn Fn() -> Pin<Box<dyn Future<Output = Verdict> + Send>> + Send + Sync;

/// The checks behind `/readyz`.
#[derive(Clone, Default)]
pub struct Health {
    checks: Vec<Check>,
}

#[derive(Clone)]
struct Check {
    name: &'static str,
    probe: Arc<Probe>,
}

impl Health {
    /// No checks: always ready.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a check.
    #[must_use]
    pub fn check<P, F>(mut self, name: &'static str, probe: P) -> Self
    where
        P: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Verdict> + Send + 'static,
    {
        self.checks.push(Check { name, probe: Arc::new(move || Box::pin(probe())) });
        self
    }

    /// The names of the checks that fail or take longer than 2 s; none means ready.
    pub async fn failing(&self) -> Vec<&'static str> {
        join_all(self.checks.iter().map(Check::fails)).await.into_iter().flatten().collect()
    }
}

impl Check {
    async fn fails(&self) -> Option<&'static str> {
        let name = self.name;
        match tokio::time::timeout(PATIENCE, (self.probe)()).await {
            Ok(Ok(())) => return None,
            Ok(Err(error)) => {
                let error = telemetry::chain(error.as_ref());
                tracing::warn!(check = name, error, "not ready: `{name}` fails");
            }
            Err(_) => tracing::warn!(check = name, "not ready: `{name}` does not answer"),
        }
        Some(name)
    }
}
