//! Rules that answer without the model: what they look for, and when they apply.

use chrono::NaiveDateTime;
use domain::BusinessHours;
use domain::store::responder::StaticRow;
use regex::{Regex, RegexBuilder};

use crate::language::Language;
use crate::plain::{plain, words};

/// Most memory of a compiled expression. The customer's text can't make one slow: the time is linear
/// in it, whatever the expression.
const MAX_REGEX_BYTES: usize = 256 * 1024;

/// What a rule looks for, ready to be tried.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// The whole text is one of these.
    Keyword(Vec<String>),
    /// The text holds these words, in this order and next to each other.
    Phrase(String),
    /// The text matches, as it was written or without its accents.
    Regex(Regex),
}

/// Why a rule cannot be tried. It is skipped, and the others go on.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BrokenRule {
    /// Nothing but punctuation and space.
    #[error("its pattern has no words")]
    NoWords,
    /// Not an expression, or too large a one.
    #[error("its expression cannot be compiled")]
    Regex(#[source] regex::Error),
    /// A kind that we do not know.
    #[error("its kind is not known")]
    Kind,
}

/// What is true of the text to be answered.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// What the customer wrote.
    pub text: &'a str,
    /// The customer's language, as far as we know.
    pub language: Language,
    /// What the clocks show in the account's zone.
    pub local: NaiveDateTime,
    /// The account's hours; `None` for a business that never closes.
    pub hours: Option<BusinessHours>,
}

impl Pattern {
    /// Reads a rule's pattern.
    pub fn compile(kind: &str, pattern: &str) -> Result<Self, BrokenRule> {
        match kind {
            "keyword" => {
                let keywords = pattern.split(',').map(words).filter(|word| !word.is_empty());
                let keywords: Vec<String> = keywords.collect();
                if keywords.is_empty() {
                    Err(BrokenRule::NoWords)
                } else {
                    Ok(Self::Keyword(keywords))
                }
            }
            "phrase" => match words(pattern) {
                phrase if phrase.is_empty() => Err(BrokenRule::NoWords),
                phrase => Ok(Self::Phrase(phrase)),
            },
            "regex" => RegexBuilder::new(pattern)
                .case_insensitive(true)
                .size_limit(MAX_REGEX_BYTES)
                .dfa_size_limit(MAX_REGEX_BYTES)
                .build()
                .map(Self::Regex)
                .map_err(BrokenRule::Regex),
            _ => Err(BrokenRule::Kind),
        }
    }

    /// Whether a text is what the rule looks for.
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Self::Keyword(keywords) => keywords.contains(&words(text)),
            Self::Phrase(phrase) => format!(" {} ", words(text)).contains(&format!(" {phrase} ")),
            Self::Regex(regex) => regex.is_match(text) || regex.is_match(&plain(text)),
        }
    }
}

impl Occasion<'_> {
    /// Whether a rule applies to this language and this hour at all.
    fn suits(&self, rule: &StaticRow) -> bool {
        let open = self.hours.is_none_or(|hours| hours.contains(self.local));
        let in_time = match rule.hours.as_str() {
            "open" => open,
            "closed" => !open,
            _ => true,
        };
        let in_language = rule
            .language
            .as_deref()
            .is_none_or(|code| Language::from_code(code) == Some(self.language));
        in_time && in_language
    }
}

/// The rule that answers, if one does: of those that match the one with the highest priority; among
/// equals the first by name. `pattern_of` gives a rule's pattern, or `None` for a broken rule.
pub fn find<'r, P: AsRef<Pattern>>(
    rules: &'r [StaticRow],
    occasion: &Occasion<'_>,
    pattern_of: impl Fn(&StaticRow) -> Option<P>,
) -> Option<&'r StaticRow> {
    let mut suitable: Vec<&StaticRow> = rules.iter().filter(|rule| occasion.suits(rule)).collect();
    suitable.sort_by(|a, b| b.priority.cmp(&a.priority).then_with(|| a.name.cmp(&b.name)));
    suitable.into_iter().find(|rule| {
        pattern_of(rule).is_some_and(|pattern| pattern.as_ref().matches(occasion.text))
    })
}

#[cfg(test)]
mod tests;
