//! Codes of six digits that change every 30 seconds (RFC 6238), and codes for the day on which the
//! telephone is lost.

use chassis::api::Failure;
use domain::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::secret::{random, same};

/// RFC 4226 asks for 128 bits at least and recommends 160.
const SECRET_BYTES: usize = 20;
/// Seconds.
const STEP: i64 = 30;
/// Steps that a telephone's clock may be off by, in either direction.
const DRIFT: i64 = 1;
const DIGITS: usize = 6;

/// How many recovery codes a person gets.
pub const RECOVERY_CODES: usize = 10;
/// 80 bits: 16 letters of base32.
const RECOVERY_BYTES: usize = 10;

/// A code that somebody typed.
#[derive(Clone, PartialEq, Eq)]
pub enum Code {
    /// Six digits.
    Digits(String),
    /// A recovery code, hashed.
    Recovery([u8; 32]),
}

impl Code {
    /// Reads it with the spaces, dashes and capitals that people put in.
    pub fn read(raw: &str) -> Option<Self> {
        let plain: String = raw.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if plain.len() == DIGITS && plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::Digits(plain));
        }
        let plain = plain.to_ascii_uppercase();
        let is_base32 = plain.bytes().all(|byte| ALPHABET.contains(&byte));
        (plain.len() == RECOVERY_BYTES * 8 / 5 && is_base32)
            .then(|| Self::Recovery(recovery_hash(&plain)))
    }
}

/// A new secret.
///
/// # Errors
/// 500 when the machine gives no randomness.
pub fn secret() -> Result<[u8; SECRET_BYTES], Failure> {
    random()
}

/// Recovery codes as they are shown, and their hashes.
///
/// # Errors
/// 500 when the machine gives no randomness.
pub fn recovery_codes() -> Result<(Vec<String>, Vec<Vec<u8>>), Failure> {
    let mut shown = Vec::with_capacity(RECOVERY_CODES);
    let mut hashes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let plain = base32(&random::<RECOVERY_BYTES>()?);
        hashes.push(recovery_hash(&plain).to_vec());
        let letters: Vec<char> = plain.to_ascii_lowercase().chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        shown.push(groups.join("-"));
    }
    Ok((shown, hashes))
}

/// The time step whose code this is, if it is one of now, of the step before or of the one after.
/// The caller takes the step, so that each is used once.
pub fn step_of(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let present = now.timestamp().div_euclid(STEP);
    // All of them are compared: which one it was takes no shorter time.
    (present - DRIFT..=present + DRIFT).filter(|step| same(&code_at(secret, *step), code)).max()
}

/// The code of a time step (RFC 4226, 5.3).
pub fn code_at(secret: &[u8], step: i64) -> String {
    let digest = match Hmac::<Sha1>::new_from_slice(secret) {
        Ok(mut mac) => {
            mac.update(&step.to_be_bytes());
            mac.finalize().into_bytes()
        }
        // HMAC takes keys of any length.
        Err(_) => return String::new(),
    };
    let offset = usize::from(digest.last().copied().unwrap_or_default() & 0x0f);
    let cut: Option<[u8; 4]> = digest.get(offset..offset + 4).and_then(|four| four.try_into().ok());
    let number = u32::from_be_bytes(cut.unwrap_or_default()) & 0x7fff_ffff;
    format!("{:0DIGITS$}", number % 1_000_000)
}

/// For a QR code: what authenticator apps read.
pub fn otpauth_url(secret: &[u8], account: &str, email: &str) -> String {
    let mut url = String::from("otpauth://totp/");
    percent_encode(&mut url, account);
    url.push(':');
    percent_encode(&mut url, email);
    url.push_str("?secret=");
    url.push_str(&base32(secret));
    url.push_str("&issuer=");
    percent_encode(&mut url, account);
    url.push_str("&algorithm=SHA1&digits=6&period=30");
    url
}

fn percent_encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// RFC 4648, 6, without padding, as authenticator apps want it.
pub fn base32(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    let mut push = |index: u32| {
        let letter = usize::try_from(index & 31).ok().and_then(|index| ALPHABET.get(index));
        out.push(char::from(letter.copied().unwrap_or(b'A')));
    };
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(buffer >> bits);
        }
    }
    if bits > 0 {
        push(buffer << (5 - bits));
    }
    out
}

fn recovery_hash(plain: &str) -> [u8; 32] {
    Sha256::digest(plain.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = Timestamp::from_timestamp(time, 0).unwrap();
            assert_eq!(step_of(secret, code, now), Some(time / 30), "{code}");
        }
    }

    #[test]
    fn a_clock_may_be_half_a_minute_off_and_no_more() {
        let secret = b"12345678901234567890";
        let at = |seconds: i64| Timestamp::from_timestamp(59 + seconds, 0).unwrap();
        for (off, step) in [(-30, Some(1)), (30, Some(1)), (-60, None), (61, None)] {
            assert_eq!(step_of(secret, "287082", at(off)), step, "{off}");
        }
    }

    #[test]
    fn a_recovery_code_is_read_as_people_type_it() {
        let (shown, hashes) = recovery_codes().unwrap();
        assert_eq!((shown.len(), shown[0].len()), (10, 19));
        let typed = shown[0].to_uppercase().replace('-', " ");
        assert!(Code::read(&typed) == Some(Code::Recovery(hashes[0].clone().try_into().unwrap())));
        assert!(Code::read("123 456") == Some(Code::Digits("123456".to_owned())));
        for neither in ["", "12345", "1234567", "abcd-efgh-ijkl-mno1"] {
            assert!(Code::read(neither).is_none(), "{neither}");
        }
    }

    #[test]
    fn base32_is_that_of_the_standard() {
        for (plain, encoded) in [
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
        ] {
            assert_eq!(base32(plain.as_bytes()), encoded);
        }
        assert_eq!(
            otpauth_url(b"foo", "Muebles ñ", "ana@example.mx"),
            "otpauth://totp/Muebles%20%C3%B1:ana%40example.mx?secret=MZXW6&issuer=Muebles%20%C3%B1\
             &algorithm=SHA1&digits=6&period=30"
        );
    }
}
