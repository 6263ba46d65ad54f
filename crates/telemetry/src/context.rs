//! W3C trace context as one string (`traceparent`), to travel in headers, events and rows.

use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The header's name, and the key in an event's envelope.
pub const TRACEPARENT: &str = "traceparent";

/// The `traceparent` of the current span; `None` outside of any, or before [`crate::init`].
pub fn current() -> Option<String> {
    of(&Span::current())
}

/// The `traceparent` of a span. From then on its parent is settled: [`set_parent`] comes first.
pub fn of(span: &Span) -> Option<String> {
    let context = span.context();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| {
        format!("00-{}-{}-{:02x}", span.trace_id(), span.span_id(), span.trace_flags().to_u8())
    })
}

/// Makes a span continue the trace that `traceparent` names. Does nothing when there is none or it
/// is malformed: a trace is worth no failure.
pub fn set_parent(span: &Span, traceparent: Option<&str>) {
    let Some(traceparent) = traceparent else { return };
    if span.is_disabled() {
        return;
    }
    let parent = TraceContextPropagator::new().extract(&OneHeader(traceparent));
    if parent.span().span_context().is_valid() && span.set_parent(parent).is_err() {
        tracing::debug!("a span had begun before its parent was known");
    }
}

struct OneHeader<'a>(&'a str);

impl Extractor for OneHeader<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == TRACEPARENT).then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}
