//! Installs the process's telemetry, once, and renders its metrics.

use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{KeyValue, global};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry};
use url::Url;

use crate::metrics::Meters;
use crate::settings::{Format, Settings};

/// The process's telemetry. Clones are the same.
#[derive(Clone)]
pub struct Telemetry {
    parts: Arc<Parts>,
}

struct Parts {
    registry: prometheus::Registry,
    meters: SdkMeterProvider,
    tracers: Option<SdkTracerProvider>,
}

/// What this process has installed. It is the one static here, because the subscriber and the
/// propagator behind it are the process's own: a second `init` must meet the first.
static INSTALLED: Mutex<Option<Telemetry>> = Mutex::new(None);

/// Why telemetry could not be installed.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The log directives don't parse.
    #[error("the log directives `{directives}` are not understood")]
    Directives {
        /// As they were set.
        directives: String,
        /// What the parser says.
        #[source]
        source: tracing_subscriber::filter::ParseError,
    },
    /// The span exporter could not be built.
    #[error("the span exporter could not be built")]
    SpanExporter(#[source] opentelemetry_otlp::ExporterBuildError),
    /// The metrics registry could not be built.
    #[error("the metrics registry could not be built")]
    Metrics(#[source] opentelemetry_sdk::error::OTelSdkError),
    /// Somebody else installed a `tracing` subscriber before.
    #[error("the process has another tracing subscriber already")]
    SubscriberTaken(#[source] tracing_subscriber::util::TryInitError),
}

/// Installs logs, traces and metrics for this process. Once it has succeeded, later calls give the
/// same handle and change nothing: in `hilo up` many services share one process.
///
/// # Errors
/// When a setting is wrong, or the process has a subscriber that isn't ours.
pub fn init(service: &str, settings: &Settings) -> Result<Telemetry, InitError> {
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(telemetry) = installed.as_ref() {
        return Ok(telemetry.clone());
    }
    // The exporter's own HTTP client panics without it.
    crate::install_tls_provider();
    let filter = EnvFilter::try_new(&settings.log)
        .map_err(|source| InitError::Directives { directives: settings.log.clone(), source })?;
    let resource = Resource::builder_empty()
        .with_attribute(KeyValue::new("service.name", service.to_owned()))
        .build();
    let tracers = tracers(settings, resource.clone())?;
    let (registry, meters) = meters(resource)?;
    subscribe(service, settings.format, filter, &tracers)?;
    global::set_text_map_propagator(TraceContextPropagator::new());
    global::set_tracer_provider(tracers.clone());
    global::set_meter_provider(meters.clone());
    let parts = Parts { registry, meters, tracers: Some(tracers) };
    let telemetry = Telemetry { parts: Arc::new(parts) };
    *installed = Some(telemetry.clone());
    Ok(telemetry)
}

impl Telemetry {
    /// For tests: it renders what is counted through its own [`Telemetry::meters`], and installs
    /// nothing in the process.
    ///
    /// # Errors
    /// When the registry could not be built.
    pub fn without_export() -> Result<Self, InitError> {
        let (registry, meters) = meters(Resource::builder_empty().build())?;
        Ok(Self { parts: Arc::new(Parts { registry, meters, tracers: None }) })
    }

    /// Where instruments come from that [`Telemetry::render`] shows.
    pub fn meters(&self) -> Meters {
        Meters::of(&self.parts.meters)
    }

    /// All metrics in Prometheus's text format.
    pub fn render(&self) -> String {
        prometheus::TextEncoder::new()
            .encode_to_string(&self.parts.registry.gather())
            .unwrap_or_else(|error| {
                tracing::error!(error = %error, "the metrics could not be rendered");
                String::new()
            })
    }

    /// Exports the spans that wait, and stops. Blocks until the collector has answered, at most a
    /// few seconds; call it last.
    pub fn shutdown(&self) {
        if let Some(Err(error)) = self.parts.tracers.as_ref().map(SdkTracerProvider::shutdown) {
            tracing::warn!(error = %error, "the last spans were not exported");
        }
        // Metrics are pulled, so nothing waits there, and the last scrape may still come.
    }
}

fn tracers(settings: &Settings, resource: Resource) -> Result<SdkTracerProvider, InitError> {
    let provider = SdkTracerProvider::builder().with_resource(resource);
    let Some(endpoint) = &settings.otlp_endpoint else {
        // Without an exporter our own traces are not recorded, which is cheap, but they have ids;
        // a trace that another records stays recorded beyond us.
        let sampler = Sampler::ParentBased(Box::new(Sampler::AlwaysOff));
        return Ok(provider.with_sampler(sampler).build());
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(traces_endpoint(endpoint))
        .build()
        .map_err(InitError::SpanExporter)?;
    let share = Sampler::TraceIdRatioBased(settings.sample_ratio);
    Ok(provider
        .with_sampler(Sampler::ParentBased(Box::new(share)))
        .with_batch_exporter(exporter)
        .build())
}

fn traces_endpoint(base: &Url) -> String {
    format!("{}/v1/traces", base.as_str().trim_end_matches('/'))
}

fn meters(resource: Resource) -> Result<(prometheus::Registry, SdkMeterProvider), InitError> {
    let registry = prometheus::Registry::new();
    // A metric is called what the code calls it: no suffixes and no labels of the exporter's own.
    let exporter = opentelemetry_prometheus::exporter()
        .with_registry(registry.clone())
        .without_counter_suffixes()
        .without_units()
        .scope_info_enabled(false)
        .build()
        .map_err(InitError::Metrics)?;
    let meters = SdkMeterProvider::builder().with_resource(resource).with_reader(exporter).build();
    Ok((registry, meters))
}

fn subscribe(
    service: &str,
    format: Format,
    filter: EnvFilter,
    tracers: &SdkTracerProvider,
) -> Result<(), InitError> {
    let lines = match format {
        Format::Json => tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .with_current_span(true)
            .boxed(),
        Format::Text => tracing_subscriber::fmt::layer().boxed(),
    };
    // The log's filter is the log's alone: with `warn` in it, trace ids must still exist.
    let traces = tracing_opentelemetry::layer()
        .with_tracer(tracers.tracer(service.to_owned()))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(LevelFilter::INFO);
    Registry::default()
        .with(lines.with_filter(filter))
        .with(traces)
        .try_init()
        .map_err(InitError::SubscriberTaken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_rendered_under_the_name_the_code_gave() {
        let telemetry = Telemetry::without_export().unwrap();
        let sent = telemetry.meters().counter("sms_sent_total", "Texts that left.");
        sent.add(2, &[("lane", "reply")]);
        sent.add(1, &[("lane", "reply")]);

        let text = telemetry.render();

        assert!(text.contains("# HELP sms_sent_total Texts that left."), "{text}");
        assert!(text.contains("sms_sent_total{lane=\"reply\"} 3"), "{text}");
    }

    #[test]
    fn the_traces_endpoint_is_under_the_base_with_or_without_a_slash() {
        for base in ["http://collector:4318", "http://collector:4318/"] {
            let base = Url::parse(base).unwrap();
            assert_eq!(traces_endpoint(&base), "http://collector:4318/v1/traces");
        }
    }
}
