//! Reading the slice: accounts for any service, the rest for the gateway.

mod access;
mod live;
mod people;
mod record;

pub use super::rows::AccountRow;
pub use access::{attempts, caller_by_session, caller_by_token, in_force, login, password_hash};
pub use access::{second_factor, sessions, tokens};
pub use live::{after, head, kept_from, news};
pub use people::{account, account_details, invitation, invitations, open_invitation, user, users};
pub use record::{AuditFilter, audit};
