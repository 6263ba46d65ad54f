//! A house of its own for each part: a migrated database, a name on the broker, and services in
//! processes of their own.

use chassis::settings::Environment;
use secrecy::ExposeSecret;
use testkit::{Rabbit, TestDb};

use crate::process::{Process, free_port};
use crate::webhooks::{ACCOUNT_SID, AUTH_TOKEN, PUBLIC_BASE};

/// Where the services of one part live.
pub struct House {
    /// The database.
    pub db: TestDb,
    /// The broker.
    pub rabbit: Rabbit,
    environment: Environment,
}

impl House {
    /// An empty one.
    pub async fn new() -> Self {
        let (db, rabbit) = (testkit::database().await, testkit::rabbit());
        let environment = [
            ("DATABASE_URL", db.url.expose_secret()),
            ("AMQP_URL", rabbit.url.expose_secret()),
            ("HILO_BUS_PREFIX", &rabbit.prefix),
            ("HILO_LOG", "error"),
            ("INGRESS__PUBLIC_BASE", PUBLIC_BASE),
            ("CONVERSATIONS__PUBLIC_BASE", PUBLIC_BASE),
            ("GATEWAY__PUBLIC_BASE", PUBLIC_BASE),
            // Limits that keep one client from taking all; here one client is all there is.
            ("GATEWAY__REQUESTS_PER_SECOND", "1000000"),
            ("GATEWAY__REQUEST_BURST", "100000000"),
            ("GATEWAY__STREAMS_PER_USER", "5000"),
            ("TWILIO_ACCOUNT_SID", ACCOUNT_SID),
            ("TWILIO_AUTH_TOKEN", AUTH_TOKEN),
            ("HILO_IDENTITY_KEY", testkit::IDENTITY_KEY),
            // Nobody there: only a part that sends has a simulator.
            ("TWILIO_BASE_URL", "http://127.0.0.1:9"),
        ];
        let environment = environment
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into_iter()
            .collect();
        Self { db, rabbit, environment }
    }

    /// Changes a setting of the services that start from now on.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.environment.insert(key.to_owned(), value.into());
    }

    /// Tells a gateway that starts from now on where a service is.
    pub fn leads_to(&mut self, service: &str, port: u16) {
        let key = format!("GATEWAY__{}_URL", service.to_uppercase());
        if ["conversations", "responder"].contains(&service) {
            self.set(&key, format!("http://127.0.0.1:{port}"));
        }
    }

    /// Starts a service.
    pub async fn start(&self, service: &str) -> anyhow::Result<Process> {
        self.start_at(service, free_port()?).await
    }

    /// The same where others already know that it will be.
    pub async fn start_at(&self, service: &str, port: u16) -> anyhow::Result<Process> {
        Process::service(service, port, &self.environment).await
    }
}
