//! Telephone numbers in E.164, and the folding of Mexico's many ways to write one.

use std::fmt;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[cfg(test)]
mod tests;

/// A telephone number in E.164: `+`, then 8 to 15 digits, the first not zero.
///
/// Holding one is the proof that it was parsed; nobody downstream checks again. One that came
/// through [`PhoneNumber::fold`] is also the only spelling of its number, so that two of them are
/// the same person's exactly when they are equal.
/// A short code or an alphanumeric sender is another type (see [`crate::peer`]), not a lenient
/// case of this one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneNumber(Box<str>);

/// What was not a telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a telephone number in E.164 (`+`, then 8 to 15 digits)")]
pub struct InvalidPhoneNumber;

/// Digits of a Mexican number after the country code, for mobile and landline alike.
const MEXICAN_DIGITS: usize = 10;

/// What used to stand between `+52` and the ten digits, or before them inside the country: `1`
/// (mobile from abroad, ended on 2019-08-03, still WhatsApp's form), `044` and `045` (mobile),
/// `01` (long distance).
const OLD_PREFIXES: [&str; 4] = ["044", "045", "01", "1"];

impl PhoneNumber {
    /// Parses E.164 only: for what we wrote ourselves. Every edge uses [`PhoneNumber::fold`].
    pub fn parse(raw: &str) -> Result<Self, InvalidPhoneNumber> {
        let digits = raw.strip_prefix('+').ok_or(InvalidPhoneNumber)?;
        let well_formed = (8..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if !well_formed {
            return Err(InvalidPhoneNumber);
        }
        Ok(Self(raw.into()))
    }

    /// Reads a number as people, spreadsheets, Twilio and WhatsApp write it, and gives its one
    /// spelling.
    ///
    /// * `whatsapp:`, spaces, dashes, dots and parentheses are ignored.
    /// * Mexico's former prefixes go: `+521…`, `521…`, `0052…`, `044…`, `045…`, `01…` and bare ten
    ///   digits are all `+52` and ten digits.
    /// * Other countries need their `+` or `00`. `1 415 555 2671` is refused rather than guessed:
    ///   it could be American or half of a Mexican number, and the guess would text a stranger.
    ///
    /// Only the shape is checked: a number in a range that the dial plans don't know yet is still
    /// somebody who wrote to us. See [`PhoneNumber::is_plausible`].
    pub fn fold(raw: &str) -> Result<Self, InvalidPhoneNumber> {
        let compact = compact(raw).ok_or(InvalidPhoneNumber)?;
        match compact.strip_prefix('+') {
            Some(digits) => fold_international(digits),
            None => fold_national(&compact),
        }
    }

    /// `+525512345678`.
    pub fn as_e164(&self) -> &str {
        &self.0
    }

    /// Whether its country code is Mexico's.
    pub fn is_mexican(&self) -> bool {
        self.0.starts_with("+52")
    }

    /// Whether the dial plans know its range. `false` is a reason to ask a person who typed it, not
    /// to drop a text: new ranges open before the plans are updated. `true` doesn't tell a mobile
    /// from a landline: in Mexico the number doesn't show it.
    pub fn is_plausible(&self) -> bool {
        PHONE_NUMBER_UTIL
            .parse(&self.0, Some(Region::MX))
            .is_ok_and(|number| PHONE_NUMBER_UTIL.is_valid_number(&number))
    }
}

/// An optional `+` and ASCII digits, or `None` when there is anything else: a sender name such as
/// `PIZZA5512345678` is not a number.
fn compact(raw: &str) -> Option<String> {
    let raw = raw.trim();
    let raw = match raw.get(..9) {
        Some(channel) if channel.eq_ignore_ascii_case("whatsapp:") => raw.get(9..)?,
        _ => raw,
    };
    let kept: String = raw.chars().filter(|c| !is_separator(*c)).collect();
    let digits = kept.strip_prefix('+').unwrap_or(&kept);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(kept)
}

fn is_separator(c: char) -> bool {
    // The last range holds the hyphens and dashes that word processors put in.
    c.is_whitespace() || matches!(c, '-' | '.' | '(' | ')' | '\u{2010}'..='\u{2015}')
}

/// `digits` came after a `+` or a `00`.
fn fold_international(digits: &str) -> Result<PhoneNumber, InvalidPhoneNumber> {
    if let Some(after) = digits.strip_prefix("52") {
        let national = without_old_prefix(after).unwrap_or(after);
        return PhoneNumber::parse(&format!("+52{national}"));
    }
    let written = PhoneNumber::parse(&format!("+{digits}"))?;
    Ok(tidied_by_dial_plan(&written).unwrap_or(written))
}

/// No `+`: the number is Mexican or it says so itself.
fn fold_national(digits: &str) -> Result<PhoneNumber, InvalidPhoneNumber> {
    if let Some(international) = digits.strip_prefix("00") {
        return fold_international(international);
    }
    // `1` and ten digits is the ambiguous case that `fold` documents.
    let national = Some(digits)
        .filter(|digits| is_mexican_national(digits))
        .or_else(|| without_old_prefix(digits).filter(|_| !digits.starts_with('1')))
        .or_else(|| {
            let after = digits.strip_prefix("52")?;
            without_old_prefix(after).or(Some(after).filter(|it| it.len() == MEXICAN_DIGITS))
        })
        .ok_or(InvalidPhoneNumber)?;
    PhoneNumber::parse(&format!("+52{national}"))
}

/// The ten digits after one of the former prefixes.
fn without_old_prefix(digits: &str) -> Option<&str> {
    OLD_PREFIXES
        .iter()
        .filter_map(|prefix| digits.strip_prefix(prefix))
        .find(|national| national.len() == MEXICAN_DIGITS)
}

/// Mexican area codes start with 2 to 9, so ten bare digits that start with 0 or 1 are a longer
/// number cut short.
fn is_mexican_national(digits: &str) -> bool {
    digits.len() == MEXICAN_DIGITS && !digits.starts_with(['0', '1'])
}

/// Drops what people write into a foreign number against E.164, such as the zero in
/// `+44 (0)20 7946 0000`, when the dial plan then knows the number; else it stays as it was written.
fn tidied_by_dial_plan(written: &PhoneNumber) -> Option<PhoneNumber> {
    let known = |number: &PhoneNumber| -> Option<PhoneNumber> {
        let parsed = PHONE_NUMBER_UTIL.parse(&number.0, Some(Region::MX)).ok()?;
        if !PHONE_NUMBER_UTIL.is_valid_number(&parsed) {
            return None;
        }
        let e164 = PHONE_NUMBER_UTIL.format(&parsed, PhoneNumberFormat::E164);
        PhoneNumber::parse(&e164).ok()
    };
    let once = known(written)?;
    // A plan may find a prefix to drop in its own result. Only a spelling that stands still is one.
    (known(&once)? == once).then_some(once)
}

/// Masked: a number cannot leak through a log line or a failed assertion.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail = self.0.get(self.0.len().saturating_sub(2)..).unwrap_or_default();
        write!(f, "+…{tail}")
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Strict, as [`PhoneNumber::parse`]: what a person typed is folded by the route that takes it.
impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Self::parse(&raw).map_err(serde::de::Error::custom)
    }
}
