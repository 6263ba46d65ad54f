//! What a request carries, parsed strictly: an error names the field and never repeats its value.

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::{Identity, Problem};

/// The header by which a caller may send a POST again without doing it twice.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
const LONGEST_KEY: usize = 255;

type Pending<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// A JSON body. 415 without the media type, 400 where it is no JSON, 422 with the field where it
/// is not what the route takes.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for JsonBody<T> {
    type Error = Problem;
    type Future = Pending<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (is_json, bytes) = (is_json(request), Bytes::from_request(request, payload));
        Box::pin(async move {
            let bytes = bytes.await.map_err(|error| unread(&error))?;
            if !is_json {
                return Err(Problem::bare(StatusCode::UNSUPPORTED_MEDIA_TYPE));
            }
            json(&bytes).map(Self)
        })
    }
}

/// A query string. 400 with the parameter where it is not what the route takes.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Params<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(query(request.query_string()).map(Self))
    }
}

/// How to tell a request that is sent again from a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The caller's `Idempotency-Key`.
    pub key: Option<String>,
    /// SHA-256 of method, path, query and body.
    pub fingerprint: [u8; 32],
}

/// A POST: who asks, what, and whether they asked before. `T = ()` takes an empty body or `{}`.
#[derive(Debug)]
pub struct Post<T> {
    /// Who asks.
    pub identity: Identity,
    /// What for.
    pub body: T,
    /// Whether it is done already.
    pub once: Once,
}

impl<T: DeserializeOwned + 'static> FromRequest for Post<T> {
    type Error = Problem;
    type Future = Pending<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let identity = Identity::from_request(request, &mut Payload::None).into_inner();
        let (is_json, bytes) = (is_json(request), Bytes::from_request(request, payload));
        let request = request.clone();
        Box::pin(async move {
            let identity = identity?;
            let bytes = bytes.await.map_err(|error| unread(&error))?;
            let once = Once::of(&request, &bytes)?;
            let body = if bytes.is_empty() {
                // Where nothing is needed nothing need be sent.
                serde_json::from_value(serde_json::Value::Null).map_err(|_| no_body(is_json))?
            } else if is_json {
                match serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&bytes) {
                    Ok(map) if map.is_empty() => {
                        serde_json::from_value(serde_json::Value::Null).or_else(|_| json(&bytes))?
                    }
                    _ => json(&bytes)?,
                }
            } else {
                return Err(Problem::bare(StatusCode::UNSUPPORTED_MEDIA_TYPE));
            };
            Ok(Self { identity, body, once })
        })
    }
}

impl Once {
    /// Reads the key and takes the request's fingerprint.
    ///
    /// # Errors
    /// 400 when the key is empty, too long or not of visible ASCII.
    pub fn of(request: &HttpRequest, body: &[u8]) -> Result<Self, Problem> {
        let mut hash = Sha256::new();
        hash.update(request.method().as_str());
        hash.update([0]);
        hash.update(request.uri().path_and_query().map_or("", |whole| whole.as_str()));
        hash.update([0]);
        hash.update(body);
        let key = request.headers().get(IDEMPOTENCY_KEY).map(|value| {
            let is_visible = |key: &&str| key.bytes().all(|byte| byte.is_ascii_graphic());
            let fits = |key: &&str| (1..=LONGEST_KEY).contains(&key.len());
            value.to_str().ok().filter(fits).filter(is_visible).map(str::to_owned)
        });
        match key {
            Some(None) => Err(Problem::bad_request("malformed-header")
                .field(IDEMPOTENCY_KEY, "not-an-idempotency-key")),
            found => Ok(Self { key: found.flatten(), fingerprint: hash.finalize().into() }),
        }
    }
}

fn is_json(request: &HttpRequest) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let essence = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = essence.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn no_body(is_json: bool) -> Problem {
    if is_json {
        Problem::bad_request("malformed-json").detail("the body is empty")
    } else {
        Problem::bare(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    }
}

fn unread(error: &actix_web::Error) -> Problem {
    match error.as_error::<Problem>() {
        Some(problem) => problem.clone(),
        None => Problem::bare(error.as_response_error().status_code()),
    }
}

/// Parses JSON, an object. A whole number may be written with a fraction of nothing: to JSON Schema `2.0` is an
/// integer, and some languages know no other numbers.
///
/// # Errors
/// 400 where it is none; 422 that names the field that does not fit, and 422 for a NUL character,
/// which is valid JSON and which no text column can hold.
pub fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut document: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Problem::bad_request("malformed-json")
            .detail(format!("no JSON at line {line}, column {column}"))
    })?;
    // A struct may be read from a list of its fields' values as well; no document says so.
    if document.is_array() {
        return Err(Problem::unprocessable("unexpected-json").field(".", "unexpected-value"));
    }
    if let Some(path) = nul_in(&document, String::new()) {
        return Err(Problem::unprocessable("unexpected-json").field(path, "nul-character"));
    }
    // From the bytes first: there a field that comes twice is still seen.
    let mut parser = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize(&mut parser) {
        Ok(value) => Ok(value),
        Err(_) if make_whole(&mut document) => {
            serde_path_to_error::deserialize(document).map_err(|error| misfit(&error))
        }
        Err(error) => Err(misfit(&error)),
    }
}

fn misfit(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    Problem::unprocessable("unexpected-json").field(error.path().to_string(), "unexpected-value")
}

/// Writes `2.0` as `2` everywhere; whether there was any.
fn make_whole(value: &mut serde_json::Value) -> bool {
    use serde_json::Value;
    /// Up to here every integer is a float as well (2^53).
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) => {
            let float = number.as_f64().filter(|_| number.is_f64());
            let whole = float.filter(|float| float.fract() == 0.0 && float.abs() <= EXACT);
            match whole.and_then(|whole| format!("{whole:.0}").parse::<i64>().ok()) {
                Some(whole) => *number = whole.into(),
                None => return false,
            }
            true
        }
        Value::Array(items) => items.iter_mut().fold(false, |any, item| make_whole(item) | any),
        Value::Object(fields) => {
            fields.values_mut().fold(false, |any, field| make_whole(field) | any)
        }
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

/// Where a string holds U+0000. Bodies without the escape have none: JSON forbids it raw.
fn nul_in(value: &serde_json::Value, path: String) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::String(text) => text.contains('\0').then_some(path),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(i, item)| nul_in(item, format!("{path}[{i}]")))
        }
        Value::Object(fields) => fields.iter().find_map(|(name, field)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            nul_in(field, path)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Parses a query string.
///
/// # Errors
/// 400 that names the parameter which does not fit.
pub fn query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let malformed = |path: String, code| {
        let problem = Problem::bad_request("malformed-query");
        if path == "." || path.is_empty() { problem } else { problem.field(path, code) }
    };
    if query.contains("%00") {
        return Err(Problem::bad_request("malformed-query").detail("a NUL character"));
    }
    let pairs = form_urlencoded::parse(query.as_bytes());
    let parser = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(parser)
        .map_err(|error| malformed(error.path().to_string(), "unexpected-value"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Text {
        body: String,
        #[serde(default)]
        tags: Vec<String>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Filter {
        limit: Option<u32>,
        unread: Option<bool>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Amounts {
        days: i16,
        rate: f64,
    }

    #[test]
    fn a_whole_number_may_be_written_as_a_fraction() {
        let amounts = |days| Ok(Amounts { days, rate: 1.0 });
        assert_eq!(json(br#"{"days":2,"rate":1.0}"#), amounts(2));
        assert_eq!(json(br#"{"days":-2.0,"rate":1.0}"#), amounts(-2));
        assert_eq!(json(br#"{"days":1e1,"rate":1}"#), amounts(10));
        for wrong in ["2.5", "1e9", "1e300", "\"2\"", "2, \"days\": 2"] {
            let bytes = format!("{{\"days\":{wrong},\"rate\":1}}");
            let refused = json::<Amounts>(bytes.as_bytes());
            assert_eq!(refused.map_err(|problem| problem.status().as_u16()), Err(422), "{wrong}");
        }
    }

    fn refusal(bytes: &[u8]) -> (u16, String) {
        let problem = json::<Text>(bytes).unwrap_err();
        let field = problem.fields().first().map(|field| field.path.clone());
        (problem.status().as_u16(), field.unwrap_or_default())
    }

    #[test]
    fn a_field_that_does_not_fit_is_named() {
        assert_eq!(refusal(br#"{"body":1}"#), (422, "body".to_owned()));
        assert_eq!(refusal(br#"{"body":"a","tags":["x",2]}"#), (422, "tags[1]".to_owned()));
        assert_eq!(refusal(br#"{"body":"a","colour":1}"#).0, 422);
        assert_eq!(refusal(br#"["a",[]]"#), (422, ".".to_owned()));
        assert_eq!(refusal(b"{").0, 400);
        assert_eq!(refusal(br#"{"body":"a"} x"#).0, 400);
    }

    #[test]
    fn a_nul_character_is_refused_wherever_it_hides() {
        assert_eq!(refusal(b"{\"body\":\"a\\u0000b\"}"), (422, "body".to_owned()));
        assert_eq!(
            refusal(b"{\"body\":\"a\",\"tags\":[\"\\u0000\"]}"),
            (422, "tags[0]".to_owned())
        );
        assert!(query::<Filter>("limit=%00").is_err());
    }

    #[test]
    fn a_parameter_that_does_not_fit_is_named() {
        assert_eq!(
            query::<Filter>("limit=5&unread=true").unwrap(),
            Filter { limit: Some(5), unread: Some(true) }
        );
        let problem = query::<Filter>("limit=many").unwrap_err();
        assert_eq!(problem.status().as_u16(), 400);
        assert_eq!(problem.fields()[0].path, "limit");
        assert!(query::<Filter>("colour=red").is_err());
    }
}
