//! Who asks, as the gateway tells a service: short-lived, for one request at one service, signed
//! with HMAC-SHA-256 under a key that only the house has.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{AccountId, Role, SharedClock, Timestamp, UserId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::Problem;

/// The header that carries it.
pub const HEADER: &str = "x-hilo-identity";
/// How long the gateway's word is good, in seconds; clocks of one house may differ a little.
pub const LIFE_SECONDS: i64 = 30;

const VERSION: &str = "v1";
/// Below this a key could be guessed.
const SHORTEST_KEY: usize = 32;

/// Who asks. A handler that takes it is only reached by requests that the gateway has admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The border that no query crosses.
    pub account: AccountId,
    /// The person, also where a program asks in their name.
    pub user: UserId,
    /// What they may do; the gateway has checked it against its table.
    pub role: Role,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// The account.
    pub account: AccountId,
    /// The person.
    pub user: UserId,
    /// Their role.
    pub role: Role,
    /// The service that it is for.
    pub aud: String,
    /// Unix time, in seconds, after which it is worth nothing.
    pub exp: i64,
    /// The request's method.
    pub method: String,
    /// The request's path and query.
    pub path: String,
    /// The request's id at the gateway.
    pub rid: String,
}

/// The key of the house.
#[derive(Clone)]
pub struct IdentityKey(Hmac<Sha256>);

/// A key that is too short to be one.
#[derive(Debug, thiserror::Error)]
#[error("HILO_IDENTITY_KEY is shorter than {SHORTEST_KEY} characters")]
pub struct ShortKey;

impl IdentityKey {
    /// Takes a key of at least 32 characters.
    ///
    /// # Errors
    /// When it is shorter.
    pub fn new(key: &SecretString) -> Result<Self, ShortKey> {
        let key = key.expose_secret().as_bytes();
        if key.len() < SHORTEST_KEY {
            return Err(ShortKey);
        }
        Hmac::new_from_slice(key).map(Self).map_err(|_| ShortKey)
    }

    /// The header's value.
    pub fn sign(&self, claims: &Claims) -> String {
        let claims = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims).unwrap_or_default());
        let signature = URL_SAFE_NO_PAD.encode(self.mac(&claims).finalize().into_bytes());
        format!("{VERSION}.{claims}.{signature}")
    }

    fn mac(&self, claims: &str) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(VERSION.as_bytes());
        mac.update(b".");
        mac.update(claims.as_bytes());
        mac
    }

    /// The claims, if they are ours; compared in constant time.
    fn open(&self, value: &str) -> Option<Claims> {
        let (claims, signature) = value.strip_prefix("v1.")?.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.mac(claims).verify_slice(&signature).ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }
}

/// Where a service keeps what it needs to verify; app data of every service that serves people.
#[derive(Clone)]
pub struct Door {
    /// The house's key.
    pub key: IdentityKey,
    /// This service's name.
    pub service: &'static str,
    /// The time.
    pub clock: SharedClock,
}

impl Door {
    /// Who asks, if the gateway said so for this very request.
    pub fn admit(&self, value: &str, method: &str, path: &str) -> Option<Identity> {
        let claims = self.key.open(value)?;
        let now: Timestamp = self.clock.now();
        let life = claims.exp.checked_sub(now.timestamp())?;
        // A word from a future that no gateway speaks of is a forgery or a broken clock.
        let is_alive = (0..=2 * LIFE_SECONDS).contains(&life);
        let is_for_this =
            claims.aud == self.service && claims.method == method && claims.path == path;
        (is_alive && is_for_this).then_some(Identity {
            account: claims.account,
            user: claims.user,
            role: claims.role,
        })
    }
}

impl FromRequest for Identity {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let path = request.uri().path_and_query().map_or("", |whole| whole.as_str());
        let identity = request.app_data::<Data<Door>>().and_then(|door| {
            let value = request.headers().get(HEADER)?.to_str().ok()?;
            door.admit(value, request.method().as_str(), path)
        });
        ready(identity.ok_or_else(|| Problem::unauthorized("identity-required")))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::Clock;

    use super::*;

    /// Unix seconds that do not pass.
    struct Still(i64);

    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::from_timestamp(self.0, 0).unwrap()
        }
    }

    fn key(word: &str) -> IdentityKey {
        IdentityKey::new(&SecretString::from(word.repeat(8))).unwrap()
    }

    fn claims() -> Claims {
        Claims {
            account: AccountId::generate(),
            user: UserId::generate(),
            role: Role::Agent,
            aud: "conversations".to_owned(),
            exp: 1_030,
            method: "GET".to_owned(),
            path: "/api/conversations/?limit=5".to_owned(),
            rid: "r".to_owned(),
        }
    }

    fn door(now: i64) -> Door {
        Door { key: key("good"), service: "conversations", clock: Arc::new(Still(now)) }
    }

    #[test]
    fn what_the_gateway_signed_is_admitted() {
        let claims = claims();
        let identity =
            door(1_000).admit(&key("good").sign(&claims), "GET", "/api/conversations/?limit=5");
        let expected = Identity { account: claims.account, user: claims.user, role: Role::Agent };
        assert_eq!(identity, Some(expected));
    }

    #[test]
    fn anothers_key_an_old_word_and_another_request_are_not() {
        let good = key("good").sign(&claims());
        let path = "/api/conversations/?limit=5";
        assert_eq!(door(1_000).admit(&key("evil").sign(&claims()), "GET", path), None);
        assert_eq!(door(1_031).admit(&good, "GET", path), None);
        assert_eq!(door(900).admit(&good, "GET", path), None);
        assert_eq!(door(1_000).admit(&good, "POST", path), None);
        assert_eq!(door(1_000).admit(&good, "GET", "/api/conversations/?limit=6"), None);
        let elsewhere = Door { service: "responder", ..door(1_000) };
        assert_eq!(elsewhere.admit(&good, "GET", path), None);
        for broken in ["", "v1", "v1..", "v2.a.b", &good[..good.len() - 2]] {
            assert_eq!(door(1_000).admit(broken, "GET", path), None);
        }
    }

    #[test]
    fn a_short_key_is_refused() {
        assert!(IdentityKey::new(&SecretString::from("short")).is_err());
    }
}
