//! Passwords: argon2id with OWASP's parameters, a few at a time, and the same effort for an e-mail
//! address that nobody has.

use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use chassis::api::Failure;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::{Semaphore, SemaphorePermit};
use web::Problem;

/// Fewest characters.
pub const SHORTEST: usize = 10;
/// Most characters: beyond it nobody types, and hashing is work.
pub const LONGEST: usize = 200;

/// Of a password that nobody knows, with the same parameters as every other: who has no account is
/// refused after the same work as who has one.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlzLg$\
                       AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// How long a sign-in waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a password cannot be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Fewer than [`SHORTEST`] characters.
    #[error("is shorter than {SHORTEST} characters")]
    TooShort,
    /// More than [`LONGEST`] characters.
    #[error("is longer than {LONGEST} characters")]
    TooLong,
}

impl Unfit {
    /// For programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too-short",
            Self::TooLong => "too-long",
        }
    }
}

/// Why a password was not hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// The machine gave no randomness for the salt.
    #[error("the machine gave no random bytes")]
    Randomness(#[source] rand::rand_core::OsError),
    /// The hasher refused.
    #[error("the password could not be hashed")]
    Hasher(#[source] argon2::password_hash::Error),
}

/// Whether it can be a password.
///
/// # Errors
/// When it is too short or too long.
pub fn check(password: &SecretString) -> Result<(), Unfit> {
    match password.expose_secret().chars().count() {
        0..SHORTEST => Err(Unfit::TooShort),
        SHORTEST..=LONGEST => Ok(()),
        _ => Err(Unfit::TooLong),
    }
}

/// Hashes. Takes some 20 ms and 19 MiB, and blocks; in a service use [`Hasher`].
///
/// # Errors
/// When the machine gives no randomness.
pub fn hash(password: &SecretString) -> Result<String, HashError> {
    let mut salt = [0; 16];
    OsRng.try_fill_bytes(&mut salt).map_err(HashError::Randomness)?;
    let hashed = Argon2::default()
        .hash_password_with_salt(password.expose_secret().as_bytes(), &salt)
        .map_err(HashError::Hasher)?;
    Ok(hashed.to_string())
}

/// Compares, in the same time whether there is a hash or not. Blocks, as [`hash`] does.
pub fn verify(password: &SecretString, hash: Option<&str>) -> bool {
    let password = password.expose_secret().as_bytes();
    let matches = Argon2::default().verify_password(password, hash.unwrap_or(NOBODYS)).is_ok();
    matches && hash.is_some()
}

/// Hashes beside the event loops, as many at once as there are processors: each takes memory.
#[derive(Clone)]
pub struct Hasher {
    desks: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        let at_once = std::thread::available_parallelism().map_or(2, usize::from);
        Self { desks: Arc::new(Semaphore::new(at_once)) }
    }
}

impl Hasher {
    /// As [`hash`].
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn hash(&self, password: SecretString) -> Result<String, Failure> {
        let _desk = self.desk().await?;
        let hashed = tokio::task::spawn_blocking(move || hash(&password)).await;
        hashed.map_err(broken)?.map_err(|error| Problem::internal(error).into())
    }

    /// As [`verify`].
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<bool, Failure> {
        let _desk = self.desk().await?;
        tokio::task::spawn_blocking(move || verify(&password, hash.as_deref()))
            .await
            .map_err(broken)
    }

    async fn desk(&self) -> Result<SemaphorePermit<'_>, Failure> {
        match tokio::time::timeout(PATIENCE, self.desks.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => {
                Err(Problem::unavailable("service-unavailable").retry_after(PATIENCE).into())
            }
        }
    }
}

fn broken(error: tokio::task::JoinError) -> Failure {
    Problem::internal(error).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    #[test]
    fn a_password_matches_its_own_hash_alone() {
        let hashed = hash(&secret("correct horse")).unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(verify(&secret("correct horse"), Some(&hashed)));
        assert!(!verify(&secret("correct-horse"), Some(&hashed)));
        assert!(!verify(&secret("correct horse"), Some("not a hash")));
        assert_ne!(hash(&secret("correct horse")).unwrap(), hashed);
    }

    #[test]
    fn nobodys_hash_costs_the_same_and_matches_nothing() {
        assert!(Argon2::default().verify_password(b"", NOBODYS).is_err());
        let parsed = argon2::password_hash::phc::PasswordHash::new(NOBODYS).unwrap();
        let params = argon2::Params::try_from(&parsed).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19_456, 2, 1));
        assert!(!verify(&secret("correct horse"), None));
    }

    #[test]
    fn ten_characters_are_enough_and_letters_of_two_bytes_are_one_each() {
        assert_eq!(check(&secret("ñandúñandú")), Ok(()));
        assert_eq!(check(&secret("ñandúñand")), Err(Unfit::TooShort));
        assert_eq!(check(&secret(&"a".repeat(201))), Err(Unfit::TooLong));
    }
}
