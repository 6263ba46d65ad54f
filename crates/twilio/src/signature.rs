//! `X-Twilio-Signature`: `base64(HMAC-SHA1(auth token, URL + sorted parameters))`, as
//! twilio.com/docs/usage/security and the official libraries compute it.

mod url;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use self::url::SignedUrl;

/// The length of an HMAC-SHA1.
const MAC_BYTES: usize = 20;

/// Why a webhook is not believed to be Twilio's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forged {
    /// The signature is of other tokens, another URL or other parameters, or is none.
    #[error("the signature does not fit the request")]
    Signature,
    /// A JSON body whose URL has no (one) `bodySHA256`: nothing would bind the body.
    #[error("the URL does not carry the body's hash")]
    NoBodyHash,
    /// The body is not the one whose hash is in the URL.
    #[error("the body does not fit its hash")]
    Body,
}

/// What signatures cannot be checked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSignatureSettings {
    /// There is no token, or an empty one, with which anyone could sign.
    #[error("a Twilio auth token is missing or empty")]
    Token,
    /// The base is not `http(s)://host[:port][/path]` without a slash at the end.
    #[error("the public base is not `https://host[/path]` without a slash at the end")]
    PublicBase,
}

/// Checks signatures of webhooks.
pub struct Signatures {
    /// Keyed once: the tokens themselves are not kept.
    keys: Vec<Hmac<Sha1>>,
    public_base: String,
}

impl Signatures {
    /// `tokens`: the primary auth token first; during a rotation also the secondary. `public_base`:
    /// what stands before the request target in the webhook URLs that Twilio was given, byte for
    /// byte. It stays text: a URL parser rewrites what was signed.
    ///
    /// # Errors
    /// When a token is empty or the base is no base.
    pub fn new(
        tokens: &[SecretString],
        public_base: impl Into<String>,
    ) -> Result<Self, InvalidSignatureSettings> {
        let key = |token: &SecretString| match token.expose_secret() {
            "" => Err(InvalidSignatureSettings::Token),
            token => {
                Hmac::new_from_slice(token.as_bytes()).map_err(|_| InvalidSignatureSettings::Token)
            }
        };
        let keys = tokens.iter().map(key).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(InvalidSignatureSettings::Token);
        }
        let public_base = public_base.into();
        if !is_public_base(&public_base) {
            return Err(InvalidSignatureSettings::PublicBase);
        }
        Ok(Self { keys, public_base })
    }

    /// Verifies a form POST. `request_target` is the path and query as they came; `pairs` are all
    /// parameters, decoded, untrimmed, known or not.
    ///
    /// # Errors
    /// When it is not Twilio's.
    pub fn verify_form<N: AsRef<str>, V: AsRef<str>>(
        &self,
        request_target: &str,
        pairs: &[(N, V)],
        signature: &str,
    ) -> Result<(), Forged> {
        self.verify(&SignedUrl::new(&self.public_base, request_target), pairs, signature)
    }

    /// Verifies a GET, whose parameters are all in the target.
    ///
    /// # Errors
    /// When it is not Twilio's.
    pub fn verify_get(&self, request_target: &str, signature: &str) -> Result<(), Forged> {
        self.verify_form::<&str, &str>(request_target, &[], signature)
    }

    /// Verifies a JSON POST: the URL by its signature, and the raw body by the hash in the URL.
    ///
    /// # Errors
    /// When it is not Twilio's.
    pub fn verify_json(
        &self,
        request_target: &str,
        body: &[u8],
        signature: &str,
    ) -> Result<(), Forged> {
        self.verify_get(request_target, signature)?;
        body_fits(request_target, body)
    }

    /// As [`Signatures::verify_form`], of a whole URL in place of the configured base and a target.
    ///
    /// # Errors
    /// When it is not Twilio's.
    pub fn verify_form_url<N: AsRef<str>, V: AsRef<str>>(
        &self,
        url: &str,
        pairs: &[(N, V)],
        signature: &str,
    ) -> Result<(), Forged> {
        self.verify(&SignedUrl::new(url, ""), pairs, signature)
    }

    /// As [`Signatures::verify_json`], of a whole URL.
    ///
    /// # Errors
    /// When it is not Twilio's.
    pub fn verify_json_url(&self, url: &str, body: &[u8], signature: &str) -> Result<(), Forged> {
        self.verify_form_url::<&str, &str>(url, &[], signature)?;
        body_fits(url, body)
    }

    /// Signs as Twilio does, with the primary token: for tests and for a simulated Twilio.
    pub fn sign_form<N: AsRef<str>, V: AsRef<str>>(
        &self,
        request_target: &str,
        pairs: &[(N, V)],
    ) -> String {
        let url = SignedUrl::new(&self.public_base, request_target);
        let pairs = sorted(pairs);
        let mac = self.keys.first().map(|key| mac(key, &url, &pairs));
        mac.map(|mac| STANDARD.encode(mac)).unwrap_or_default()
    }

    fn verify<N: AsRef<str>, V: AsRef<str>>(
        &self,
        url: &SignedUrl<'_>,
        pairs: &[(N, V)],
        signature: &str,
    ) -> Result<(), Forged> {
        let claimed = decode(signature).ok_or(Forged::Signature)?;
        let pairs = sorted(pairs);
        let fits = |url: &SignedUrl<'_>| {
            self.keys.iter().any(|key| mac(key, url, &pairs).ct_eq(&claimed).into())
        };
        // The URL as we know it is nearly always the signed one; the rest costs only the others.
        if fits(url) || url.variants().iter().any(fits) {
            return Ok(());
        }
        Err(Forged::Signature)
    }
}

/// Without the keys.
impl std::fmt::Debug for Signatures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signatures").field("public_base", &self.public_base).finish_non_exhaustive()
    }
}

/// Whether this can stand before a request target or a callback's path.
pub(crate) fn is_public_base(base: &str) -> bool {
    url::is_base(base)
}

/// By name, then by value, both in byte order; the same pair counts once.
fn sorted<N: AsRef<str>, V: AsRef<str>>(pairs: &[(N, V)]) -> Vec<(&str, &str)> {
    let mut sorted: Vec<_> =
        pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted
}

/// Twilio writes a name once for each of its values, so name and value simply alternate.
fn mac(key: &Hmac<Sha1>, url: &SignedUrl<'_>, pairs: &[(&str, &str)]) -> [u8; MAC_BYTES] {
    let mut mac = key.clone();
    for part in url.parts() {
        mac.update(part.as_bytes());
    }
    for (name, value) in pairs {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

fn decode(signature: &str) -> Option<[u8; MAC_BYTES]> {
    // One byte more than fits, or base64 refuses to begin: it estimates from the padded length.
    let mut buffer = [0; MAC_BYTES + 1];
    let length = STANDARD.decode_slice(signature, &mut buffer).ok()?;
    buffer.get(..length)?.try_into().ok()
}

fn body_fits(url: &str, body: &[u8]) -> Result<(), Forged> {
    let (_, query) = url.split_once('?').ok_or(Forged::NoBodyHash)?;
    let mut hashes = query.split('&').filter_map(|pair| pair.strip_prefix("bodySHA256="));
    // Two would leave open which of them the sender meant.
    let (Some(claimed), None) = (hashes.next(), hashes.next()) else {
        return Err(Forged::NoBodyHash);
    };
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(body) {
        hex.extend(
            [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16)).iter().flatten(),
        );
    }
    if claimed.to_ascii_lowercase().as_bytes().ct_eq(hex.as_bytes()).into() {
        return Ok(());
    }
    Err(Forged::Body)
}
