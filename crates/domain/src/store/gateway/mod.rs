//! Accounts, the people in them, how they and their programs come in, who changed what, and what
//! screens are told. All but accounts and users' names is readable by the gateway's role alone.

pub mod read;
mod rows;
pub mod write;

pub use rows::{
    AccountDetails, AccountRow, AttemptsRow, AuditRow, CallerRow, Credential, InvitationRow,
    LiveKind, LiveRow, LoginRow, OpenInvitationRow, SecondFactorRow, SessionRow, TokenRow, UserRow,
};
