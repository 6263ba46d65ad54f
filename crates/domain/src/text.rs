//! The words of a text message.

use std::fmt;

/// What is written in a text: 1 to 1600 characters, not only space.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TextBody(Box<str>);

/// Why something can't be sent as a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTextBody {
    /// Nothing, or only space: Twilio refuses it with 21602.
    #[error("is blank")]
    Blank,
    /// Twilio refuses it with 21617.
    #[error("has {chars} characters, more than {}", TextBody::MAX_CHARS)]
    TooLong {
        /// How many it has.
        chars: usize,
    },
}

impl TextBody {
    /// Twilio's limit, in characters (error 21617).
    pub const MAX_CHARS: usize = 1600;

    /// Takes a text as it is: space at its ends is the writer's.
    pub fn parse(raw: &str) -> Result<Self, InvalidTextBody> {
        if raw.trim().is_empty() {
            return Err(InvalidTextBody::Blank);
        }
        match raw.chars().count() {
            chars if chars > Self::MAX_CHARS => Err(InvalidTextBody::TooLong { chars }),
            _ => Ok(Self(raw.into())),
        }
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Without the words: a text is personal data.
impl fmt::Debug for TextBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "text of {} characters", self.0.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_words_and_at_most_1600_characters() {
        assert_eq!(TextBody::parse(" \n\u{a0}"), Err(InvalidTextBody::Blank));
        assert!(TextBody::parse(&"ñ".repeat(1600)).is_ok());
        assert_eq!(
            TextBody::parse(&"a".repeat(1601)),
            Err(InvalidTextBody::TooLong { chars: 1601 })
        );
        assert_eq!(TextBody::parse(" hola ").unwrap().as_str(), " hola ");
    }

    #[test]
    fn a_log_does_not_show_the_words() {
        assert_eq!(format!("{:?}", TextBody::parse("hola").unwrap()), "text of 4 characters");
    }
}
