//! The simulated world around the house: its provider, its model, and people who text by themselves.

use chassis::settings::Environment;
use domain::PhoneNumber;
use simulator::Simulator;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::ports::{Ports, address};
use crate::demo;

/// The world, if it is simulated.
pub(super) struct Outside {
    tasks: TaskTracker,
}

impl Outside {
    /// The real one.
    pub(super) fn real() -> Self {
        Self { tasks: TaskTracker::new() }
    }

    /// A simulated one, with so many people in it, until `stop`.
    pub(super) fn simulated(
        environment: &Environment,
        ports: &Ports,
        customers: u16,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let tasks = TaskTracker::new();
        let simulator = simulator(environment, ports)?;
        let (listener, serving) = (ports.simulator.try_clone()?, simulator.clone());
        let stopped = stop.clone();
        tasks.spawn(async move {
            if let Err(error) = serving.serve(listener, stopped).await {
                tracing::error!(error = format!("{error:#}"), "the simulator failed");
            }
        });
        let people = simulator::actors::people(customers);
        let numbers = e164(&demo::numbers()?);
        tasks.spawn(simulator::actors::run_actors(simulator, people, numbers, stop.clone()));
        Ok(Self { tasks })
    }

    /// Waits until it has stopped.
    pub(super) async fn stopped(self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

fn simulator(environment: &Environment, ports: &Ports) -> anyhow::Result<Simulator> {
    let base = environment.get("INGRESS__PUBLIC_BASE").cloned();
    let base = base.map_or_else(|| address(&ports.ingress), Ok)?;
    // The provider has some more than the shop uses, so that there is one to add.
    let mut numbers = demo::numbers()?;
    numbers.extend(demo::spare_numbers()?);
    Simulator::new(simulator::Config {
        webhook_base: Some(base.parse()?),
        numbers: e164(&numbers),
        ..simulator::Config::default()
    })
}

fn e164(numbers: &[PhoneNumber]) -> Vec<String> {
    numbers.iter().map(|number| number.as_e164().to_owned()).collect()
}
