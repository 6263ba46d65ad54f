//! The dashboard's files, built into the program: compressed where the browser reads it, kept for a
//! year where the name changes with the content, and the page itself for every path that is no file.

use std::borrow::Cow;
use std::collections::HashMap;

use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, ResponseError as _};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};
use web::Problem;

use crate::Gateway;
use crate::encoding::Encoding;

/// What the page may do: what comes from here, and no script or style of another's. The one hash is of
/// the style element that React Aria 1.22 makes (`usePress`; its text is in the test below); an
/// upgrade may change it, and the dashboard's end-to-end tests fail then.
const PAGE_POLICY: &str = "default-src 'self'; script-src 'self'; \
     style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='; style-src-attr 'none'; \
     img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; \
     frame-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'";

/// The page that is served for every path of the dashboard.
const INDEX: &str = "index.html";
/// Where files are whose names change with their content.
const ASSETS: &str = "assets/";

const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_FIRST: &str = "no-cache";

/// Said where the dashboard was not built before the program was.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Hilo</title>\
     <h1>Hilo</h1><p>The dashboard is not built in: run <code>make dashboard</code>, then build and start \
     this again.</p><p>The API is here: <a href=\"/api/docs\">/api/docs</a>.</p></html>";

/// Read at start, and in a development build from the folder itself.
#[derive(RustEmbed)]
#[folder = "../dashboard/dist"]
#[allow_missing = true]
struct Dist;

/// Files by their paths.
#[derive(Default)]
pub struct Files {
    files: HashMap<String, File>,
}

struct File {
    bytes: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    content_type: &'static str,
    etag: HeaderValue,
}

impl Files {
    /// Those that were built in.
    pub fn built_in() -> Self {
        let read = |path: Cow<'static, str>| {
            let bytes = match Dist::get(&path)?.data {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => Bytes::from(bytes),
            };
            Some((path.into_owned(), bytes))
        };
        Self::of(Dist::iter().filter_map(read))
    }

    /// These: a path ending in `.br` or `.gz` is another form of the file before it.
    pub fn of(all: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let mut all: HashMap<String, Bytes> = all.into_iter().collect();
        let plain: Vec<String> = all.keys().filter(|path| !is_form(path)).cloned().collect();
        let mut files = HashMap::new();
        for path in plain {
            let brotli = all.remove(&format!("{path}.br"));
            let gzip = all.remove(&format!("{path}.gz"));
            let Some(bytes) = all.remove(&path) else { continue };
            let (content_type, etag) = (content_type(&path), etag(&bytes));
            files.insert(path, File { bytes, brotli, gzip, content_type, etag });
        }
        Self { files }
    }

    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut refusal = Problem::method_not_allowed().error_response();
            refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return refusal;
        }
        let path = request.path().trim_start_matches('/');
        match self.files.get(path) {
            Some(file) if path.starts_with(ASSETS) => file.answer(request.headers(), FOREVER),
            Some(file) => file.answer(request.headers(), ASK_FIRST),
            // Never the page in its place: an old page that asks for an old chunk would run HTML.
            None if path.starts_with(ASSETS) => Problem::not_found("no-such-file").error_response(),
            None => match self.files.get(INDEX) {
                Some(index) => index.answer(request.headers(), ASK_FIRST),
                None => HttpResponse::ServiceUnavailable()
                    .content_type("text/html; charset=utf-8")
                    .insert_header((header::CACHE_CONTROL, "no-store"))
                    .body(NOT_BUILT),
            },
        }
    }
}

impl File {
    fn answer(&self, asked: &HeaderMap, cache: &'static str) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response
            .insert_header((header::CACHE_CONTROL, cache))
            .insert_header((header::ETAG, self.etag.clone()))
            .insert_header((header::VARY, "accept-encoding"));
        if asked.get(header::IF_NONE_MATCH).is_some_and(|known| *known == self.etag) {
            return response.status(actix_web::http::StatusCode::NOT_MODIFIED).finish();
        }
        response.content_type(self.content_type);
        let encoding = Encoding::best(asked, self.brotli.is_some(), self.gzip.is_some());
        let form = match encoding {
            Encoding::Brotli => self.brotli.as_ref(),
            Encoding::Gzip => self.gzip.as_ref(),
            Encoding::Plain => None,
        };
        match form {
            Some(form) => {
                response.insert_header((header::CONTENT_ENCODING, encoding.name()));
                response.body(form.clone())
            }
            None => response.body(self.bytes.clone()),
        }
    }
}

/// The handler of every path that is not the API's.
pub async fn serve(request: HttpRequest, gateway: Data<Gateway>) -> HttpResponse {
    let mut response = gateway.files.answer(&request);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
        (
            header::PERMISSIONS_POLICY,
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn is_form(path: &str) -> bool {
    path.ends_with(".br") || path.ends_with(".gz")
}

fn etag(bytes: &Bytes) -> HeaderValue {
    let hash = Sha256::digest(bytes);
    let hex: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("\"{hex}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Of what the dashboard is made of. `nosniff` holds browsers to it.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn the_one_style_that_the_page_may_make_is_react_arias() {
        let rule = "@layer {\n  [data-react-aria-pressable] {\n    \
                    touch-action: pan-x pan-y pinch-zoom;\n  }\n}";
        let hash = STANDARD.encode(Sha256::digest(rule));
        assert!(PAGE_POLICY.contains(&format!("'sha256-{hash}'")), "{hash}");
        assert!(!PAGE_POLICY.contains("unsafe"));
    }
}
