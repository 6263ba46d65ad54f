//! Twilio's REST API of one account, and the webhooks it sends.

pub mod signature;

mod callbacks;
mod create;
mod error;
mod gate;
pub(crate) mod inbound;
mod json;
mod list;
mod numbers;
mod opt_out;
mod overrides;
pub(crate) mod queue;
mod window;

use actix_web::web::{self, ServiceConfig};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(
        web::scope("/2010-04-01/Accounts/{account}")
            .route("/Messages.json", web::post().to(create::create))
            .route("/Messages.json", web::get().to(list::list))
            .route("/Messages/{sid}.json", web::get().to(list::fetch))
            .route("/IncomingPhoneNumbers.json", web::get().to(numbers::list))
            .default_service(web::to(error::no_such_resource)),
    );
}

/// `+`, then 8 to 15 digits, the first not zero.
pub(crate) fn is_e164(raw: &str) -> bool {
    raw.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0')
    })
}
