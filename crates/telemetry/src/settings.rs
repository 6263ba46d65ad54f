//! Settings of telemetry, the same for every service.

use serde::Deserialize;
use url::Url;

/// What a process tells, and to whom.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `tracing-subscriber` directives. Lapin reports at `warn` what our reconnecting handles.
    pub log: String,
    /// How a log line looks.
    pub format: Format,
    /// The base URL of an OpenTelemetry collector (OTLP over HTTP); without one spans are not
    /// exported, but trace ids exist and travel all the same.
    pub otlp_endpoint: Option<Url>,
    /// The share of traces begun here that is exported, 0 to 1. A trace begun by another is
    /// exported if that other exports it.
    pub sample_ratio: f64,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One JSON object a line, for machines.
    Json,
    /// Coloured text, for a terminal.
    Text,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            log: "info,lapin=error".to_owned(),
            format: Format::Json,
            otlp_endpoint: None,
            sample_ratio: 0.1,
        }
    }
}
