//! Rows as they are read.

mod access;
mod people;
mod record;

pub use access::{
    AttemptsRow, CallerRow, Credential, LoginRow, SecondFactorRow, SessionRow, TokenRow,
};
pub use people::{AccountDetails, AccountRow, InvitationRow, OpenInvitationRow, UserRow};
pub use record::{AuditRow, LiveKind, LiveRow};
