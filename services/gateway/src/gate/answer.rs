//! What every answer of the API carries, whoever made it.

use actix_http::encoding::Encoder;
use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody as _};
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{self, ContentEncoding, HeaderMap, HeaderName, HeaderValue};

use crate::access::rate::Verdict;
use crate::encoding::reads;

/// Below this a compressed answer is hardly shorter and costs a packet as well.
const WORTH_IT: u64 = 1_024;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Adds what is missing, and compresses JSON that is worth it.
pub(super) fn furnish(
    mut response: HttpResponse,
    rate: Option<Verdict>,
    accepts_gzip: bool,
) -> HttpResponse {
    let headers = response.headers_mut();
    default(headers, header::CACHE_CONTROL, "no-store");
    default(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Nothing of the API is a page: what a browser is made to show of it runs nothing.
    default(headers, header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    if let Some(rate) = rate {
        headers.insert(LIMIT, rate.limit.into());
        headers.insert(REMAINING, rate.remaining.into());
        let seconds = rate.reset.as_secs() + u64::from(rate.reset.subsec_nanos() > 0);
        headers.insert(RESET, seconds.into());
    }
    if is_json(headers) && size_of(&response) >= WORTH_IT {
        default(response.headers_mut(), header::VARY, "accept-encoding");
        if accepts_gzip {
            return response.map_body(|head, body| {
                BoxBody::new(Encoder::response(ContentEncoding::Gzip, head, body))
            });
        }
    }
    response
}

/// Whether the client reads gzip.
pub(super) fn accepts_gzip(request: &ServiceRequest) -> bool {
    reads(request.headers(), "gzip")
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with("application/json"))
}

/// Its length, where it is known; a stream has none.
fn size_of(response: &HttpResponse) -> u64 {
    match response.body().size() {
        BodySize::Sized(length) => length,
        BodySize::None | BodySize::Stream => 0,
    }
}
