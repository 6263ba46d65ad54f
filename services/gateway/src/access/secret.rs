//! Secrets that we give out: 256 random bits, of which we keep the SHA-256 alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chassis::api::Failure;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use web::Problem;

/// What a cookie, a token or an invitation holds.
#[derive(Clone)]
pub struct Secret([u8; 32]);

/// By which a token is known for what it is, also by those who look for leaked ones.
pub const TOKEN_PREFIX: &str = "hilo_";
/// How much of a token a person is shown later.
const SHOWN: usize = 12;

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// 500 when the machine gives no randomness.
    pub fn generate() -> Result<Self, Failure> {
        random().map(Self)
    }

    /// From its text.
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// From a token.
    pub fn parse_token(text: &str) -> Option<Self> {
        Self::parse(text.strip_prefix(TOKEN_PREFIX)?)
    }

    /// As text, safe in a cookie and in a URL.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// As a token, and the part of it that may be shown again.
    pub fn token(&self) -> (String, String) {
        let token = format!("{TOKEN_PREFIX}{}", self.text());
        let prefix = token.chars().take(SHOWN).collect();
        (token, prefix)
    }

    /// What we keep.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// What a page of ours must say beside the cookie, which it cannot read but we have told it.
    /// It follows from the cookie, so it needs no place of its own and changes with it.
    pub fn csrf(&self) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).map(|mut mac| {
            mac.update(b"csrf");
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        });
        // HMAC takes keys of any length.
        mac.unwrap_or_default()
    }
}

/// Random bytes.
///
/// # Errors
/// 500 when the machine gives none.
pub fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).map_err(Problem::internal)?;
    Ok(bytes)
}

/// Whether two texts are the same, in a time that does not say where they differ.
pub fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_back_from_what_was_given_out() {
        let secret = Secret::generate().unwrap();
        let (token, prefix) = secret.token();
        assert_eq!(Secret::parse(&secret.text()).unwrap().hash(), secret.hash());
        assert_eq!(Secret::parse_token(&token).unwrap().hash(), secret.hash());
        assert!(token.starts_with(&prefix) && prefix.len() == 12, "{prefix}");
        assert!(Secret::parse_token(&secret.text()).is_none());
        assert!(Secret::parse("too-short").is_none());
    }

    #[test]
    fn what_a_page_must_say_does_not_tell_the_cookie() {
        let secret = Secret([7; 32]);
        assert_eq!(secret.csrf(), Secret([7; 32]).csrf());
        assert_ne!(secret.csrf(), Secret([8; 32]).csrf());
        assert_ne!(secret.csrf(), secret.text());
    }
}
