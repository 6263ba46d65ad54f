//! Spanish or English?

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use whatlang::{Detector, Lang};

/// A language that the house speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Language {
    /// `es`
    #[serde(rename = "es")]
    Spanish,
    /// `en`
    #[serde(rename = "en")]
    English,
}

/// Letters from which on the better of two guesses is right, however sure it is of itself.
const LONG_ENOUGH: usize = 40;

/// Letters below which a text says nothing: "ok", "no", "total".
const TOO_SHORT: usize = 10;

/// Tried on short texts of customers: of the guesses that were at least so sure of themselves (0 to
/// 1) only one was wrong, and that was half in either language.
const SURE: f64 = 0.7;

impl Language {
    /// Reads the ISO 639-1 code.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "es" => Some(Self::Spanish),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Spanish => "es",
            Self::English => "en",
        }
    }

    /// In English, for the model.
    pub fn name(self) -> &'static str {
        match self {
            Self::Spanish => "Spanish",
            Self::English => "English",
        }
    }

    /// The language of a text, when it is certain.
    pub fn of(text: &str) -> Option<Self> {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        if letters < TOO_SHORT {
            return None;
        }
        // Accents don't count: José is José in English too.
        if text.contains(['¿', '¡']) {
            return Some(Self::Spanish);
        }
        let found = Detector::with_allowlist(vec![Lang::Spa, Lang::Eng]).detect(text)?;
        if found.confidence() < SURE && letters < LONG_ENOUGH {
            return None;
        }
        match found.lang() {
            Lang::Spa => Some(Self::Spanish),
            Lang::Eng => Some(Self::English),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_one_or_the_other() {
        for (text, language) in [
            (
                "Hola, ¿cuánto cuesta el colchón matrimonial y cuándo lo entregan?",
                Language::Spanish,
            ),
            (
                "hola quisiera saber cuanto cuesta el colchon matrimonial por favor",
                Language::Spanish,
            ),
            (
                "Hi, how much is the queen size mattress and when can you deliver it?",
                Language::English,
            ),
            ("Con gusto le ayudo. ¿Qué producto le interesa?", Language::Spanish),
            ("is it still available", Language::English),
            ("a que hora abren", Language::Spanish),
            ("Happy to help. Which product are you interested in?", Language::English),
        ] {
            assert_eq!(Language::of(text), Some(language), "{text}");
        }
    }

    #[test]
    fn what_is_too_short_to_say_is_not_guessed() {
        for text in
            ["", "ok", "no", "👍", "1299", "total", "me interesa el king size", "do you deliver"]
        {
            assert_eq!(Language::of(text), None, "{text}");
        }
    }
}
