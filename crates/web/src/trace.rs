//! The middleware around every request: its span, its id, its measurement, and a problem document
//! where the framework would answer a bare status. It never sees to the log the path or the query.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::time::Instant;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::error::InternalError;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{Error, ResponseError as _};
use telemetry::Telemetry;
use telemetry::metrics::{Histogram, status_class};
use tracing::{Instrument as _, Span, field};

use crate::Problem;
use crate::request_id::{self, CURRENT, RequestId};

/// The middleware's factory; one for each worker.
pub(crate) struct Trace {
    duration: Histogram,
}

impl Trace {
    pub(crate) fn new(telemetry: &Telemetry) -> Self {
        let help = "Requests to this service.";
        Self { duration: telemetry.meters().histogram("http_server_duration_seconds", help) }
    }
}

impl<S, B> Transform<S, ServiceRequest> for Trace
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B, BoxBody>>;
    type Error = Error;
    type Transform = Traced<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(Traced { service: Rc::new(service), duration: self.duration.clone() }))
    }
}

/// A service inside the middleware.
pub(crate) struct Traced<S> {
    service: Rc<S>,
    duration: Histogram,
}

impl<S, B> Service<ServiceRequest> for Traced<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B, BoxBody>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let started = Instant::now();
        let id = RequestId::generate();
        let method = method_label(request.method());
        let span = span(&request, method, id);
        let service = Rc::clone(&self.service);
        let duration = self.duration.clone();
        let inside = {
            let span = span.clone();
            async move {
                let (route, outcome) = match service.call(request).await {
                    Ok(response) => {
                        let mut response = as_problem(response);
                        identify(response.headers_mut(), id);
                        // Not the path: it may hold a number, and a label must be one of few.
                        (response.request().match_pattern(), Ok(response))
                    }
                    Err(error) => (None, Err(answered(error, id))),
                };
                let route = route.as_deref().unwrap_or("unmatched");
                let status = match &outcome {
                    Ok(response) => response.status(),
                    Err(error) => error.as_response_error().status_code(),
                };
                record(&span, method, route, status.as_u16());
                let class = status_class(status.as_u16());
                let labels = [("method", method), ("route", route), ("status", class)];
                duration.record(started.elapsed(), &labels);
                outcome
            }
        };
        Box::pin(CURRENT.scope(id, inside.instrument(span)))
    }
}

fn span(request: &ServiceRequest, method: &'static str, id: RequestId) -> Span {
    let span = tracing::info_span!(
        "http.server",
        otel.name = field::Empty,
        otel.kind = "server",
        http.request.method = method,
        http.route = field::Empty,
        http.response.status_code = field::Empty,
        request.id = %id,
    );
    let parent = request.headers().get(telemetry::context::TRACEPARENT);
    telemetry::context::set_parent(&span, parent.and_then(|value| value.to_str().ok()));
    span
}

fn record(span: &Span, method: &str, route: &str, status: u16) {
    if span.is_disabled() {
        return;
    }
    // In one go, because each record makes the log's layer write the span's fields anew.
    tracing::record_all!(
        span,
        otel.name = format!("{method} {route}"),
        http.route = route,
        http.response.status_code = status,
    );
}

/// An error of the framework's own, or a bare 404 or 405, becomes a problem document.
fn as_problem<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let status = response.status();
    let refused = status.is_client_error() || status.is_server_error();
    if !refused {
        return response.map_into_left_body();
    }
    let of_framework = match response.response().error() {
        Some(error) => error.as_error::<Problem>().is_none(),
        None => {
            matches!(status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)
                && !response.headers().contains_key(header::CONTENT_TYPE)
        }
    };
    if !of_framework || response.headers().get(header::CONTENT_TYPE).is_some_and(is_problem) {
        return response.map_into_left_body();
    }
    response.into_response(Problem::bare(status).error_response()).map_into_right_body()
}

/// A middleware of a service's own may fail instead of answering. Its answer is made here, where the
/// request's id is still known.
fn answered(error: Error, id: RequestId) -> Error {
    let mut response = match error.as_error::<Problem>() {
        Some(problem) => problem.error_response(),
        None => Problem::bare(error.as_response_error().status_code()).error_response(),
    };
    identify(response.headers_mut(), id);
    InternalError::from_response(error, response).into()
}

fn identify(headers: &mut header::HeaderMap, id: RequestId) {
    if let Some(value) = id.header_value() {
        headers.insert(request_id::HEADER, value);
    }
}

fn is_problem(content_type: &header::HeaderValue) -> bool {
    content_type.as_bytes() == crate::problem::CONTENT_TYPE.as_bytes()
}

/// A label must be one of few, and a caller can make up methods.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
