//! Who a text came from or goes to: a telephone, a short code or a sender with a name.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::phone::PhoneNumber;
use crate::segment::{Encoding, Segments, segments_of};

/// The other end of a text. Carriers let a text in from more than telephones; what can't be
/// answered is still kept and shown.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Peer {
    /// A telephone: the only one that is ever texted back by itself.
    Phone(PhoneNumber),
    /// A carrier's or a company's short number.
    ShortCode(ShortCode),
    /// A sender that shows a name and can't be answered at all.
    Named(SenderName),
}

/// 3 to 8 digits.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShortCode(Box<str>);

/// An alphanumeric sender: at most 11 characters of the GSM-7 alphabet, at least one of them a letter
/// (3GPP TS 23.040, 9.1.2.5). Narrower than that is what Twilio lets its own customers register, but
/// these are other people's names.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SenderName(Box<str>);

/// Why something was no sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPeer {
    /// Nothing, or only space.
    #[error("is empty")]
    Empty,
    /// More than 64 characters: no carrier delivers such a sender.
    #[error("is longer than 64 characters")]
    TooLong,
    /// Digits, but neither 3 to 8 of them nor a telephone number.
    #[error("is neither a telephone number nor a short code of 3 to 8 digits")]
    NotANumber,
    /// A name that no carrier delivers.
    #[error("is not a sender name (at most 11 characters of GSM-7)")]
    NotAName,
}

/// Longer than any sender or channel address that we take.
const MAX_CHARS: usize = 64;

/// An alphanumeric address has ten octets, which hold eleven septets (3GPP TS 23.040, 9.1.2.5).
const MAX_NAME_SEPTETS: u32 = 11;

impl Peer {
    /// Reads what a provider put in `From` or `To`; telephone numbers are folded.
    pub fn parse(raw: &str) -> Result<Self, InvalidPeer> {
        let raw = raw.trim();
        if raw.is_empty() {
            return Err(InvalidPeer::Empty);
        }
        if raw.chars().nth(MAX_CHARS).is_some() {
            return Err(InvalidPeer::TooLong);
        }
        if is_short_code(raw) {
            return Ok(Self::ShortCode(ShortCode(raw.into())));
        }
        if let Ok(number) = PhoneNumber::fold(raw) {
            return Ok(Self::Phone(number));
        }
        if !raw.chars().any(char::is_alphabetic) {
            return Err(InvalidPeer::NotANumber);
        }
        if is_sender_name(raw) {
            return Ok(Self::Named(SenderName(raw.into())));
        }
        Err(InvalidPeer::NotAName)
    }

    /// The one text of this peer: E.164, the short code's digits, or the name as it was written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Phone(number) => number.as_e164(),
            Self::ShortCode(ShortCode(text)) | Self::Named(SenderName(text)) => text,
        }
    }

    /// The telephone number, if this is one: the proof that it may be texted back.
    pub fn phone(&self) -> Option<&PhoneNumber> {
        match self {
            Self::Phone(number) => Some(number),
            Self::ShortCode(_) | Self::Named(_) => None,
        }
    }
}

impl From<PhoneNumber> for Peer {
    fn from(number: PhoneNumber) -> Self {
        Self::Phone(number)
    }
}

fn is_short_code(raw: &str) -> bool {
    (3..=8).contains(&raw.len()) && raw.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_sender_name(raw: &str) -> bool {
    let Segments { encoding, units, .. } = segments_of(raw);
    encoding == Encoding::Gsm7 && units <= MAX_NAME_SEPTETS && !raw.chars().any(char::is_control)
}

/// Masked, like [`PhoneNumber`]: it names a person or says whose customer they are.
impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phone(number) => number.fmt(f),
            Self::ShortCode(code) => code.fmt(f),
            Self::Named(name) => name.fmt(f),
        }
    }
}

impl fmt::Debug for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("short code …")
    }
}

impl fmt::Debug for SenderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sender name …")
    }
}

impl Serialize for Peer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Peer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Self::parse(&raw).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sender_is_a_telephone_a_short_code_or_a_name() {
        assert_eq!(
            Peer::parse("whatsapp:+5215512345678"),
            PhoneNumber::parse("+525512345678").map(Peer::Phone).map_err(|_| InvalidPeer::Empty)
        );
        assert!(matches!(Peer::parse(" 26262 "), Ok(Peer::ShortCode(_))));
        for name in ["Banco-MX 1", "Peña", "Café's", "PIZZA555"] {
            assert!(matches!(Peer::parse(name), Ok(Peer::Named(_))), "{name}");
        }
        assert_eq!(Peer::parse("26262").unwrap().as_str(), "26262");
        assert_eq!(Peer::parse("26262").unwrap().phone(), None);
    }

    #[test]
    fn what_is_none_of_these_says_why() {
        for (raw, why) in [
            ("  ", InvalidPeer::Empty),
            (&"x".repeat(65), InvalidPeer::TooLong),
            ("12", InvalidPeer::NotANumber),
            ("123456789", InvalidPeer::NotANumber),
            ("***", InvalidPeer::NotANumber),
            ("Farmacias del Sur", InvalidPeer::NotAName),
            ("Ópera", InvalidPeer::NotAName),
            ("a\nb", InvalidPeer::NotAName),
            ("messenger:1234", InvalidPeer::NotAName),
        ] {
            assert_eq!(Peer::parse(raw), Err(why), "{raw}");
        }
    }

    #[test]
    fn a_log_shows_nobody() {
        for (raw, shown) in
            [("5512345678", "+…78"), ("26262", "short code …"), ("BANCO", "sender name …")]
        {
            assert_eq!(format!("{:?}", Peer::parse(raw).unwrap()), shown);
        }
    }

    proptest! {
        #[test]
        fn the_canonical_text_is_the_same_peer(raw in "(\\+?[0-9 -]{1,16}|[A-Za-z0-9 &._+-]{1,12})") {
            if let Ok(peer) = Peer::parse(&raw) {
                prop_assert_eq!(Peer::parse(peer.as_str()), Ok(peer));
            }
        }

        #[test]
        fn no_string_makes_it_panic(raw in ".*") {
            let _ = Peer::parse(&raw);
        }
    }
}
