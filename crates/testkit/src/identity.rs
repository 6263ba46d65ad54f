//! The gateway's word, for tests that speak to a service without one.

use domain::{AccountId, Role, Timestamp, UserId};
use secrecy::SecretString;
use web::identity::{Claims, IdentityKey, LIFE_SECONDS};

/// What a test's house has as `HILO_IDENTITY_KEY`.
pub const IDENTITY_KEY: &str = "a key of thirty-two characters, and some more";

/// Somebody who asks.
#[derive(Debug, Clone, Copy)]
pub struct Visitor {
    /// Their account.
    pub account: AccountId,
    /// Who they are.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
}

impl Visitor {
    /// The value of the header `x-hilo-identity` for one request at a service.
    pub fn word(&self, service: &str, method: &str, path: &str, now: Timestamp) -> String {
        let key = IdentityKey::new(&SecretString::from(IDENTITY_KEY)).expect("a long key");
        key.sign(&Claims {
            account: self.account,
            user: self.user,
            role: self.role,
            aud: service.to_owned(),
            exp: now.timestamp() + LIFE_SECONDS,
            method: method.to_owned(),
            path: path.to_owned(),
            rid: "a test".to_owned(),
        })
    }
}
