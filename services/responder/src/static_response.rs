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

/// What came of holding a rule against a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighed {
    /// It would answer.
    Matches,
    /// It is switched off.
    Off,
    /// It is for customers of the other language.
    OtherLanguage,
    /// It is not for this hour.
    OutOfHours,
    /// Its pattern cannot be tried.
    Broken,
    /// The text is not what it looks for.
    OtherText,
}

impl Occasion<'_> {
    /// Why a rule does not apply to this language or this hour at all.
    fn excludes(&self, rule: &StaticRow) -> Option<Weighed> {
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
        match (rule.enabled, in_language, in_time) {
            (false, _, _) => Some(Weighed::Off),
            (true, false, _) => Some(Weighed::OtherLanguage),
            (true, true, false) => Some(Weighed::OutOfHours),
            (true, true, true) => None,
        }
    }
}

/// Holds one rule against a text. `pattern` gives its pattern, or `None` for a broken rule; it is
/// asked only when the rule applies at all.
pub fn weigh<P: AsRef<Pattern>>(
    rule: &StaticRow,
    occasion: &Occasion<'_>,
    pattern: impl FnOnce() -> Option<P>,
) -> Weighed {
    if let Some(why) = occasion.excludes(rule) {
        return why;
    }
    match pattern() {
        None => Weighed::Broken,
        Some(pattern) if pattern.as_ref().matches(occasion.text) => Weighed::Matches,
        Some(_) => Weighed::OtherText,
    }
}

/// The order in which rules are tried: the highest priority first, among equals by name.
pub fn in_order(rules: &[StaticRow]) -> Vec<&StaticRow> {
    let mut rules: Vec<&StaticRow> = rules.iter().collect();
    rules.sort_by(|a, b| b.priority.cmp(&a.priority).then_with(|| a.name.cmp(&b.name)));
    rules
}

/// The rule that answers, if one does: the first that matches. `pattern_of` gives a rule's pattern,
/// or `None` for a broken rule.
pub fn find<'r, P: AsRef<Pattern>>(
    rules: &'r [StaticRow],
    occasion: &Occasion<'_>,
    pattern_of: impl Fn(&StaticRow) -> Option<P>,
) -> Option<&'r StaticRow> {
    in_order(rules)
        .into_iter()
        .find(|rule| weigh(rule, occasion, || pattern_of(rule)) == Weighed::Matches)
}

#[cfg(test)]
mod tests;
