//! The document of the API: our own part from our handlers, those of the services as they serve them,
//! merged into one and dressed with what the gate adds to all of them.

mod edition;
mod merge;
mod page;

use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use web::problem::{FieldProblem, ProblemDocument};

use crate::live::{ConversationChange, ImportProgress};
use crate::{routes, sandbox};

pub use edition::Documents;
pub use merge::merge;

#[derive(OpenApi)]
#[openapi(
    info(title = "gateway"),
    tags(
        (name = "session", description = "Signing in, and what one signs in with"),
        (name = "people", description = "The people of the account"),
        (name = "account", description = "The account, and what was done in it"),
        (name = "live", description = "What happens, as it happens"),
        (name = "sandbox", description = "Playing the customer, where the provider is simulated"),
        (name = "documents", description = "This document"),
    ),
    paths(
        routes::sign_in::sign_in,
        routes::session::get_session,
        routes::session::sign_out,
        routes::password::change_password,
        routes::second_factor::start_second_factor,
        routes::second_factor::confirm_second_factor,
        routes::second_factor::delete_second_factor,
        routes::sessions::list_sessions,
        routes::sessions::end_other_sessions,
        routes::sessions::end_session,
        routes::tokens::list_tokens,
        routes::tokens::create_token,
        routes::tokens::delete_token,
        routes::users::list_users,
        routes::users::change_user,
        routes::invitations::list_invitations,
        routes::invitations::create_invitation,
        routes::invitations::delete_invitation,
        routes::invited::get_invitation,
        routes::invited::accept_invitation,
        routes::account::get_account,
        routes::account::change_account,
        routes::audit::list_audit,
        routes::live::listen,
        routes::documents::openapi_json,
        routes::documents::docs,
        sandbox::list_phones,
        sandbox::get_phone,
        sandbox::text,
    ),
    components(schemas(ProblemDocument, FieldProblem, ConversationChange, ImportProgress))
)]
struct Own;

/// Our own part.
pub fn own() -> Document {
    Own::openapi()
}
