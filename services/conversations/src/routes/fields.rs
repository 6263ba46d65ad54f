//! What the strings of a request may hold. The document says exactly what is accepted: a bound and a
//! pattern each, and whatever fits them is taken.

use std::sync::LazyLock;

use domain::{PhoneNumber, TextBody, UserId};
use regex::Regex;
use serde::de::{Deserialize, Deserializer, Error};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

/// Anything; but no column can hold U+0000.
const ANYTHING: &str = r"^[^\x00]*$";
/// Something that can be seen.
const VISIBLE: &str = r"^[^\x00]*[^\s\x00-\x1f\x7f-\x9f][^\x00]*$";
/// E.164; ten Mexican digits; Mexico's former prefixes. Separators may stand between digits.
const PHONE: &str = r"^(\+[1-9]([ .()-]{0,3}[0-9]){7,14}|[2-9]([ .()-]{0,3}[0-9]){9}|0(44|45|1)([ .()-]{0,3}[0-9]){10}|521?([ .()-]{0,3}[0-9]){10})$";
/// `me`, `none` or a colleague's id.
const OWNER: &str =
    r"^(me|none|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$";

/// As the document's own dialects read it: `$` also matches before a newline that ends the text.
fn fits(pattern: &Regex, text: &str) -> bool {
    pattern.is_match(text) || text.strip_suffix('\n').is_some_and(|text| pattern.is_match(text))
}

#[expect(clippy::expect_used, reason = "constants that the tests compile")]
fn compiled(pattern: &'static str) -> Regex {
    Regex::new(pattern).expect("a pattern")
}

fn of(pattern: &str, example: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(pattern))
        .examples([serde_json::Value::from(example)])
}

macro_rules! strings {
    ($($(#[$doc:meta])* $name:ident($min:literal..=$max:literal, $pattern:ident, $example:literal);)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub(crate) struct $name(String);

        impl $name {
            /// The words.
            pub(crate) fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                static PATTERN: LazyLock<Regex> = LazyLock::new(|| compiled($pattern));
                let text = String::deserialize(deserializer)?;
                if !($min..=$max).contains(&text.chars().count()) {
                    return Err(D::Error::custom("is too short or too long"));
                }
                if !fits(&PATTERN, &text) {
                    return Err(D::Error::custom("does not fit the pattern"));
                }
                Ok(Self(text))
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let schema = of($pattern, $example).min_length(Some($min)).max_length(Some($max));
                schema.build().into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

strings! {
    /// The words of a text.
    Body(1..=1600, VISIBLE, "¿Le va bien a las cuatro?");
    /// Somebody's name, empty when unknown.
    ContactName(0..=200, ANYTHING, "María López");
    /// Why somebody did what they did.
    Reason(3..=500, VISIBLE, "El cliente lo pidió por teléfono");
    /// What a colleague writes about a conversation.
    NoteBody(1..=4000, VISIBLE, "Prefiere que le llamen por la tarde");
    /// A label.
    LabelName(1..=40, VISIBLE, "Mayoreo");
    /// What people call a number.
    NumberLabel(0..=100, ANYTHING, "Ventas norte");
    /// A part of a name or of a number.
    Wanted(1..=100, ANYTHING, "5678");
    /// What a file is called.
    FileName(1..=200, VISIBLE, "clientes.csv");
    /// A cell of a file's first line.
    ColumnName(1..=200, VISIBLE, "telefono");
}

impl Body {
    /// As the queue takes it.
    pub(crate) fn parse(&self) -> Option<TextBody> {
        TextBody::parse(&self.0).ok()
    }
}

/// A telephone number as people write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phone {
    /// As it was written.
    pub(crate) raw: String,
    /// Canonical.
    pub(crate) number: PhoneNumber,
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        static PATTERN: LazyLock<Regex> = LazyLock::new(|| compiled(PHONE));
        let raw = String::deserialize(deserializer)?;
        if !fits(&PATTERN, &raw) {
            return Err(D::Error::custom("is not a telephone number"));
        }
        let number = PhoneNumber::fold(&raw).map_err(D::Error::custom)?;
        Ok(Self { raw, number })
    }
}

impl PartialSchema for Phone {
    fn schema() -> RefOr<Schema> {
        of(PHONE, "55 1234 5678").max_length(Some(64)).build().into()
    }
}

impl ToSchema for Phone {
    fn name() -> std::borrow::Cow<'static, str> {
        "PhoneNumber".into()
    }
}

/// Whose conversations are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WantedOwner {
    Me,
    Nobody,
    User(UserId),
}

impl<'de> Deserialize<'de> for WantedOwner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        match word.trim_end_matches('\n') {
            "me" => Ok(Self::Me),
            "none" => Ok(Self::Nobody),
            id => id.parse().map(Self::User).map_err(D::Error::custom),
        }
    }
}

impl PartialSchema for WantedOwner {
    fn schema() -> RefOr<Schema> {
        of(OWNER, "me").build().into()
    }
}

impl ToSchema for WantedOwner {}

/// `true`, for a filter that is either set or not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Set;

impl<'de> Deserialize<'de> for Set {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match bool::deserialize(deserializer)? {
            true => Ok(Self),
            false => Err(D::Error::custom("is `true` or not there")),
        }
    }
}

impl PartialSchema for Set {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true])).build().into()
    }
}

impl ToSchema for Set {}

/// Distinguishes a field that is `null` from one that is not there.
pub(crate) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A file, as the document names it.
pub(crate) struct File;

impl PartialSchema for File {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).build().into()
    }
}

impl ToSchema for File {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
        serde_json::from_value(serde_json::Value::from(text)).ok()
    }

    #[test]
    fn what_cannot_be_seen_is_no_text() {
        for blank in ["", " ", "\n\t", "\u{a0}\u{2003}", "\u{1c}", "\0"] {
            assert_eq!(read::<Body>(blank), None, "{blank:?}");
        }
        assert!(read::<Body>(" x ").is_some());
        assert!(read::<Body>(&"ñ".repeat(1600)).is_some());
        assert_eq!(read::<Body>(&"ñ".repeat(1601)), None);
        assert_eq!(read::<ContactName>("a\0"), None);
    }

    #[test]
    fn numbers_are_taken_as_people_write_them() {
        for raw in ["55 1234 5678", "+52 1 55 1234 5678", "044 55 1234-5678", "525512345678"] {
            let phone: Phone = read(raw).unwrap();
            assert_eq!(phone.number.as_e164(), "+525512345678", "{raw}");
        }
        for raw in ["", "1 415 555 2671", "26266", "PIZZA", "+0123456789", "+1234567"] {
            assert_eq!(read::<Phone>(raw), None, "{raw}");
        }
    }

    /// The generator of texts knows no anchors.
    fn inside(pattern: &'static str) -> &'static str {
        pattern.trim_start_matches('^').trim_end_matches('$')
    }

    proptest! {
        #[test]
        fn whatever_fits_the_pattern_of_a_number_is_one(raw in inside(PHONE)) {
            prop_assert!(PhoneNumber::fold(&raw).is_ok(), "{raw:?}");
        }

        #[test]
        fn whatever_fits_the_pattern_of_a_text_is_one(raw in r"[^\x00]{0,9}[^\s\x00-\x1f\x7f-\x9f][^\x00]{0,9}") {
            prop_assert!(compiled(VISIBLE).is_match(&raw));
            prop_assert!(TextBody::parse(&raw).is_ok(), "{raw:?}");
        }
    }
}
