//! Settings: a documented struct a service, read once from the environment, strict about strangers.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use config::{Config, Map, Value, ValueKind};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Where the house is: the same for every service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct House {
    /// `DATABASE_URL`: PostgreSQL. Each service acts in its own role, whoever signs in.
    pub database_url: SecretString,
    /// `AMQP_URL`: RabbitMQ. Without it the queues are in the database.
    #[serde(default)]
    pub amqp_url: Option<SecretString>,
    /// `HILO_BUS_PREFIX`: before every name of exchange and queue, where several houses share a broker.
    #[serde(default)]
    pub bus_prefix: String,
    /// `HILO_IDENTITY_KEY`: under which the gateway signs who asks, at least 32 characters, the same
    /// for every service. A service without it serves no person.
    #[serde(default)]
    pub identity_key: Option<SecretString>,
    /// `HILO_POOL_SIZE`: database connections of one service.
    #[serde(default = "default_pool_size")]
    pub pool_size: usize,
    /// `HILO_LISTEN`: where the service's HTTP server listens.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// `HILO_LOG`: `tracing-subscriber` directives.
    #[serde(default = "default_log")]
    pub log: String,
    /// `HILO_LOG_FORMAT`: `json` or `text`.
    #[serde(default = "default_log_format")]
    pub log_format: telemetry::Format,
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`: base URL of an OpenTelemetry collector.
    #[serde(default)]
    pub otlp_endpoint: Option<url::Url>,
    /// `HILO_TRACE_RATIO`: share of traces that is exported, 0 to 1.
    #[serde(default = "default_trace_ratio")]
    pub trace_ratio: f64,
}

impl House {
    /// The part that telemetry wants.
    pub fn telemetry(&self) -> telemetry::Settings {
        telemetry::Settings {
            log: self.log.clone(),
            format: self.log_format,
            otlp_endpoint: self.otlp_endpoint.clone(),
            sample_ratio: self.trace_ratio,
        }
    }
}

fn default_pool_size() -> usize {
    20
}
fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}
fn default_log() -> String {
    "info,lapin=error".to_owned()
}
fn default_log_format() -> telemetry::Format {
    telemetry::Format::Json
}
fn default_trace_ratio() -> f64 {
    0.1
}

/// Environment variables, as data: a test or `hilo up` brings its own.
pub type Environment = BTreeMap<String, String>;

/// The process's environment. The one place that reads it.
pub fn environment() -> Environment {
    std::env::vars_os()
        .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Why settings cannot be used. Says which, never what secret was in it.
#[derive(Debug, thiserror::Error)]
#[error("the settings of `{of}` cannot be used: {why}")]
pub struct InvalidSettings {
    of: String,
    why: String,
}

const HOUSE: [(&str, &str); 10] = [
    ("DATABASE_URL", "database_url"),
    ("AMQP_URL", "amqp_url"),
    ("HILO_BUS_PREFIX", "bus_prefix"),
    ("HILO_IDENTITY_KEY", "identity_key"),
    ("HILO_POOL_SIZE", "pool_size"),
    ("HILO_LISTEN", "listen"),
    ("HILO_LOG", "log"),
    ("HILO_LOG_FORMAT", "log_format"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "otlp_endpoint"),
    ("HILO_TRACE_RATIO", "trace_ratio"),
];

/// Reads where the house is.
pub fn house(environment: &Environment) -> Result<House, InvalidSettings> {
    let mut values = Map::new();
    for (variable, field) in HOUSE {
        if let Some(value) = environment.get(variable).filter(|value| !value.is_empty()) {
            values.insert(field.to_owned(), text(value));
        }
    }
    parse("the house", values)
}

/// Reads a service's own settings: `<SERVICE>__A__B` is field `b` of section `a`, and a section that
/// the service shares with others (`twilio`) is read from `TWILIO_*` as well. An empty variable counts
/// as one that is not set: that is how compose files leave something out.
pub fn service<C: DeserializeOwned>(
    name: &str,
    shared: &[&str],
    environment: &Environment,
) -> Result<C, InvalidSettings> {
    let mut values = Map::new();
    let set = || environment.iter().filter(|(_, value)| !value.is_empty());
    for section in shared {
        let prefix = format!("{}_", section.to_uppercase());
        for (variable, value) in set() {
            if let Some(field) = variable.strip_prefix(&prefix)
                && !field.contains("__")
            {
                insert(&mut values, &[section, &field.to_lowercase()], value);
            }
        }
    }
    let prefix = format!("{}__", name.to_uppercase());
    for (variable, value) in set() {
        if let Some(path) = variable.strip_prefix(&prefix) {
            let path = path.to_lowercase();
            let path: Vec<&str> = path.split("__").collect();
            insert(&mut values, &path, value);
        }
    }
    parse(name, values)
}

fn insert(values: &mut Map<String, Value>, path: &[&str], value: &str) {
    match path {
        [] => {}
        [field] => {
            values.insert((*field).to_owned(), text(value));
        }
        [section, rest @ ..] => {
            let slot = values
                .entry((*section).to_owned())
                .or_insert_with(|| Value::new(None, ValueKind::Table(Map::new())));
            if let ValueKind::Table(inner) = &mut slot.kind {
                insert(inner, rest, value);
            }
        }
    }
}

fn text(value: &str) -> Value {
    Value::new(None, ValueKind::String(value.to_owned()))
}

fn parse<C: DeserializeOwned>(of: &str, values: Map<String, Value>) -> Result<C, InvalidSettings> {
    let invalid =
        |error: config::ConfigError| InvalidSettings { of: of.to_owned(), why: error.to_string() };
    let mut builder = Config::builder();
    for (field, value) in values {
        builder = builder.set_override(field, value).map_err(invalid)?;
    }
    builder.build().and_then(Config::try_deserialize).map_err(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(with = "humantime_serde")]
        patience: Duration,
        twilio: Section,
        #[serde(default)]
        limit: u32,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Section {
        account_sid: String,
    }

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_shared_section_is_read_from_its_own_prefix() {
        let environment = environment(&[
            ("CONVERSATIONS__PATIENCE", "15s"),
            ("CONVERSATIONS__LIMIT", "7"),
            ("TWILIO_ACCOUNT_SID", "ACtest"),
            ("TWILIO_REGION", ""),
            ("CONVERSATIONS__COLOUR", ""),
            ("PATH", "/bin"),
        ]);

        let sample: Sample = service("conversations", &["twilio"], &environment).unwrap();

        assert_eq!(sample.patience, Duration::from_secs(15));
        assert_eq!((sample.twilio.account_sid.as_str(), sample.limit), ("ACtest", 7));
    }

    #[test]
    fn a_stranger_is_named() {
        let environment = environment(&[
            ("CONVERSATIONS__PATIENCE", "15s"),
            ("CONVERSATIONS__PATIENSE", "15s"),
            ("TWILIO_ACCOUNT_SID", "ACtest"),
        ]);

        let error = service::<Sample>("conversations", &["twilio"], &environment).unwrap_err();

        assert!(error.to_string().contains("patiense"), "{error}");
    }
}
