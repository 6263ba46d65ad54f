//! Writing the slice: `services/gateway`; `services/hilo` makes the first account and its people.

mod access;
mod attempts;
mod live;
mod people;
mod record;
mod tokens;

pub use access::{
    NewSession, confirm_second_factor, drop_second_factor, end_session, end_session_of_secret,
    end_sessions, open_session, prune_sessions, renew_session, start_second_factor, take_code,
    take_recovery_code, touch_session,
};
pub use attempts::{attempt, forgive, prune_attempts, welcome};
pub use live::{NewChange, prune_live, tell};
pub use people::{
    NewInvitation, UserChange, accept_invitation, change_account, change_user, create_account,
    create_user, delete_invitation, forget_password, invite, lock_owners, prune_invitations,
    set_password, withdraw_invitations_of,
};
pub use record::{NewAudit, audit, prune_audit};
pub use tokens::{NewToken, create_token, revoke_token, touch_token};

/// Told to every gateway when a session or token ended or may do something else than before: what
/// they remember of it is old.
macro_rules! and_tell_all {
    ($sql:literal) => {
        concat!(
            "WITH done AS (",
            $sql,
            " RETURNING 1) SELECT pg_notify('hilo_sessions', '') FROM done"
        )
    };
}
use and_tell_all;
