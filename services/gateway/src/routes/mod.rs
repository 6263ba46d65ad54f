//! The gateway's own resources: who is signed in and how, the people of an account and their
//! programs, what was done, and what happens now.

pub mod account;
pub mod audit;
pub mod documents;
pub mod invitations;
pub mod invited;
pub mod live;
pub mod password;
pub mod second_factor;
pub mod session;
pub mod sessions;
pub mod sign_in;
pub mod tokens;
pub mod users;

use actix_web::HttpResponse;
use actix_web::http::header::HeaderName;
use actix_web::web::ServiceConfig;
use chassis::api::Failure;
use web::Problem;

/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(sign_in::sign_in)
        .service(session::get_session)
        .service(session::sign_out)
        .service(password::change_password)
        .service(second_factor::start_second_factor)
        .service(second_factor::confirm_second_factor)
        .service(second_factor::delete_second_factor)
        .service(sessions::list_sessions)
        .service(sessions::end_other_sessions)
        .service(sessions::end_session)
        .service(users::list_users)
        .service(users::change_user)
        .service(invited::get_invitation)
        .service(invited::accept_invitation)
        .service(invitations::list_invitations)
        .service(invitations::create_invitation)
        .service(invitations::delete_invitation)
        .service(tokens::list_tokens)
        .service(tokens::create_token)
        .service(tokens::delete_token)
        .service(account::get_account)
        .service(account::change_account)
        .service(audit::list_audit)
        .service(live::listen)
        .service(documents::openapi_json)
        .service(documents::docs);
}

/// 422 that names a field.
fn wrong(path: &str, code: &'static str) -> Failure {
    Problem::unprocessable("unexpected-json").field(path, code).into()
}

/// A text that must say something, cut of the space around it.
fn said<'a>(path: &str, text: &'a str, at_most: usize) -> Result<&'a str, Failure> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(wrong(path, "blank")),
        count if count > at_most => Err(wrong(path, "too-long")),
        _ => Ok(text),
    }
}

/// Whether the answer was given before: then it must not be given a secret that it had then.
fn is_replayed(response: &HttpResponse) -> bool {
    response.headers().contains_key(REPLAYED)
}
