//! What the person at the terminal is told: where everything is, and how to sign in.

use chassis::settings::Environment;

use super::ports::{Ports, address};
use crate::cli::say;
use crate::demo;
use crate::world::World;

/// Addresses, taken down before the services take the listeners.
pub(super) struct Places {
    dashboard: String,
    simulator: Option<String>,
    ingress: String,
    conversations: String,
    bus: &'static str,
    has_model: bool,
}

impl Places {
    pub(super) fn of(
        ports: &Ports,
        environment: &Environment,
        world: World,
    ) -> anyhow::Result<Self> {
        let is_set = |key: &str| environment.get(key).is_some_and(|value| !value.is_empty());
        Ok(Self {
            dashboard: match environment.get("GATEWAY__PUBLIC_BASE") {
                Some(base) => base.clone(),
                None => address(&ports.dashboard)?,
            },
            simulator: match world {
                World::Simulated => Some(address(&ports.simulator)?),
                World::Real => None,
            },
            ingress: address(&ports.ingress)?,
            conversations: address(&ports.conversations)?,
            bus: if is_set("AMQP_URL") { "RabbitMQ" } else { "the database" },
            has_model: is_set("ANTHROPIC_API_KEY"),
        })
    }

    /// Once everything runs. The last lines are those that a person looks for.
    pub(super) fn tell(&self, people: u64) {
        say("Hilo is up.");
        say(&format!("  Twilio's webhooks come in at   {}/webhooks/sms/inbound", self.ingress));
        say(&format!("  Metrics of the services        {}/metrics", self.conversations));
        say(&format!("  Queues are in                  {}", self.bus));
        if !self.has_model {
            say("  No ANTHROPIC_API_KEY: static responses only.");
        }
        if let Some(simulator) = &self.simulator {
            say(&format!("  Text as a customer and watch   {simulator}/"));
        }
        say("  Ctrl-C stops everything; the next start finds its data again.");
        say("");
        say(&format!("  Open the dashboard             {}/", self.dashboard));
        if self.simulator.is_some() {
            say(&format!("  Sign in as                     {}", demo::OWNER));
            say(&format!("  with the password              {}", demo::PASSWORD));
            say(&format!("  or with the same password as   {}", demo::others().join(", ")));
        } else if people == 0 {
            say("  Nobody can sign in yet: hilo user create --email … --name … --role owner");
        }
        say("");
    }
}
