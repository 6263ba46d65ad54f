//! `X-Twilio-Signature`: base64(HMAC-SHA1(token, url + each distinct name and value in byte order)).

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Signs a form POST. `url` is without its fragment: connection overrides are not signed.
#[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
pub fn sign(token: &str, url: &str, params: &[(String, String)]) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("HMAC takes any key");
    mac.update(url.as_bytes());
    let distinct: BTreeSet<&(String, String)> = params.iter().collect();
    for (name, value) in distinct {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}
