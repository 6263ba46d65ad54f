//! Counters, gauges and histograms, cheap to hold and to clone, without statics.

use std::time::Duration;

use opentelemetry::metrics::{Meter, MeterProvider as _};
use opentelemetry::{KeyValue, global};
use opentelemetry_sdk::metrics::SdkMeterProvider;

/// The scope's name, which is not rendered.
const SCOPE: &str = "hilo";

/// Upper bounds of durations in seconds: from a cached answer to a provider's timeout.
const DURATION_BOUNDARIES: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// A label: its name, and a value out of a small set. Never a person, never an id: each value is a
/// time series for ever.
pub type Label<'a> = (&'static str, &'a str);

/// Where instruments come from.
#[derive(Clone)]
pub struct Meters {
    meter: Meter,
}

/// Only goes up.
#[derive(Clone)]
pub struct Counter(opentelemetry::metrics::Counter<u64>);

/// Goes up and down: the last value counts.
#[derive(Clone)]
pub struct Gauge(opentelemetry::metrics::Gauge<f64>);

/// How values are spread.
#[derive(Clone)]
pub struct Histogram(opentelemetry::metrics::Histogram<f64>);

/// A counter of the process (after [`crate::init`]; before, it counts into nothing).
pub fn counter(name: &'static str, help: &'static str) -> Counter {
    Meters::global().counter(name, help)
}

/// A gauge of the process (after [`crate::init`]; before, it records nothing).
pub fn gauge(name: &'static str, help: &'static str) -> Gauge {
    Meters::global().gauge(name, help)
}

/// A histogram of durations of the process (after [`crate::init`]; before, it records nothing).
pub fn histogram(name: &'static str, help: &'static str) -> Histogram {
    Meters::global().histogram(name, help)
}

impl Meters {
    /// The process's own, as [`crate::init`] installed them.
    pub fn global() -> Self {
        Self { meter: global::meter(SCOPE) }
    }

    pub(crate) fn of(provider: &SdkMeterProvider) -> Self {
        Self { meter: provider.meter(SCOPE) }
    }

    /// A counter; by Prometheus's custom its name ends in `_total`.
    pub fn counter(&self, name: &'static str, help: &'static str) -> Counter {
        Counter(self.meter.u64_counter(name).with_description(help).build())
    }

    /// A gauge.
    pub fn gauge(&self, name: &'static str, help: &'static str) -> Gauge {
        Gauge(self.meter.f64_gauge(name).with_description(help).build())
    }

    /// A histogram of durations; by Prometheus's custom its name ends in `_seconds`.
    pub fn histogram(&self, name: &'static str, help: &'static str) -> Histogram {
        self.histogram_with(name, help, &DURATION_BOUNDARIES)
    }

    /// A histogram of anything, with its own upper bounds.
    pub fn histogram_with(
        &self,
        name: &'static str,
        help: &'static str,
        boundaries: &[f64],
    ) -> Histogram {
        let builder = self.meter.f64_histogram(name).with_description(help);
        Histogram(builder.with_boundaries(boundaries.to_vec()).build())
    }
}

impl Counter {
    /// Adds `n`.
    pub fn add(&self, n: u64, labels: &[Label<'_>]) {
        self.0.add(n, &key_values(labels));
    }
}

impl Gauge {
    /// Sets the value.
    pub fn set(&self, value: f64, labels: &[Label<'_>]) {
        self.0.record(value, &key_values(labels));
    }
}

impl Histogram {
    /// Records a duration, in seconds.
    pub fn record(&self, duration: Duration, labels: &[Label<'_>]) {
        self.observe(duration.as_secs_f64(), labels);
    }

    /// Records a value.
    pub fn observe(&self, value: f64, labels: &[Label<'_>]) {
        self.0.record(value, &key_values(labels));
    }
}

/// A status in few words, for a label.
pub fn status_class(status: u16) -> &'static str {
    match status {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        500..=599 => "5xx",
        _ => "other",
    }
}

fn key_values(labels: &[Label<'_>]) -> Vec<KeyValue> {
    labels.iter().map(|(name, value)| KeyValue::new(*name, (*value).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Telemetry;

    #[test]
    fn a_duration_falls_into_a_bucket_of_seconds() {
        let telemetry = Telemetry::without_export().unwrap();
        let took = telemetry.meters().histogram("reply_seconds", "From text to reply.");
        took.record(Duration::from_millis(20), &[]);

        let text = telemetry.render();

        assert!(text.contains("reply_seconds_bucket{le=\"0.01\"} 0"), "{text}");
        assert!(text.contains("reply_seconds_bucket{le=\"0.025\"} 1"), "{text}");
    }

    #[test]
    fn a_gauge_shows_its_last_value() {
        let telemetry = Telemetry::without_export().unwrap();
        let lag = telemetry.meters().gauge("outbox_lag_seconds", "Age of the oldest event.");
        lag.set(3.0, &[]);
        lag.set(1.5, &[]);

        assert!(telemetry.render().contains("outbox_lag_seconds 1.5"));
    }
}
