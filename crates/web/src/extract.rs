//! How bodies, queries and paths that don't parse are answered: as problems that don't repeat what
//! was sent.

use actix_web::error::{
    JsonPayloadError, PathError, PayloadError, QueryPayloadError, UrlencodedError,
};
use actix_web::http::StatusCode;
use actix_web::{ResponseError as _, web};

use crate::Problem;

/// The most bytes of a body that a service reads, unless a route says otherwise. A provider's
/// webhook has some kilobytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// Sets limits and answers for every extractor.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .app_data(web::PayloadConfig::new(BODY_LIMIT))
        .app_data(
            web::JsonConfig::default()
                .limit(BODY_LIMIT)
                .error_handler(|error, _| json(&error).into()),
        )
        .app_data(
            web::FormConfig::default()
                .limit(BODY_LIMIT)
                .error_handler(|error, _| form(&error).into()),
        )
        .app_data(web::QueryConfig::default().error_handler(|error, _| query(&error).into()))
        .app_data(web::PathConfig::default().error_handler(|error, _| path(&error).into()));
}

fn json(error: &JsonPayloadError) -> Problem {
    match error {
        JsonPayloadError::ContentType => Problem::bare(StatusCode::UNSUPPORTED_MEDIA_TYPE),
        JsonPayloadError::Deserialize(source) if source.is_data() => {
            // Line and column, but not the parser's words: they quote the value.
            let (line, column) = (source.line(), source.column());
            Problem::unprocessable("unexpected-json")
                .detail(format!("the JSON does not fit at line {line}, column {column}"))
        }
        JsonPayloadError::Deserialize(source) => Problem::bad_request("malformed-json")
            .detail(format!("no JSON at line {}, column {}", source.line(), source.column())),
        JsonPayloadError::Payload(source) => payload(source),
        // The enum is open; each of its errors knows its status.
        other => Problem::bare(other.status_code()),
    }
}

fn form(error: &UrlencodedError) -> Problem {
    match error {
        UrlencodedError::Payload(source) => payload(source),
        UrlencodedError::Parse(_) => Problem::bad_request("malformed-form"),
        other => Problem::bare(other.status_code()),
    }
}

fn payload(error: &PayloadError) -> Problem {
    Problem::bare(error.status_code())
}

fn query(_: &QueryPayloadError) -> Problem {
    Problem::bad_request("malformed-query")
}

/// A path that doesn't parse names nothing that exists.
fn path(_: &PathError) -> Problem {
    Problem::not_found("no-such-resource")
}
