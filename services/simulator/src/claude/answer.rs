//! What the simulated model decides and says: a pure function of the system prompt and the
//! customer's last text, so that a test knows the answer beforehand.

use crate::claude::facts;
use crate::claude::language::Language;
use crate::gsm;

/// Longest answer: one GSM-7 part, with room to spare.
const LONGEST: usize = 149;

/// A text with one of these wants a person.
const HUMAN: [&str; 13] = [
    "agent",
    "agente",
    "asesor",
    "asesora",
    "asesores",
    "human",
    "humana",
    "humano",
    "persona",
    "queja",
    "quejas",
    "supervisor",
    "complaint",
];

/// Texts that end a conversation and need no answer.
const ENOUGH: [&str; 11] = [
    "gracias",
    "muchas gracias",
    "mil gracias",
    "ok",
    "ok gracias",
    "okay",
    "perfecto",
    "thank you",
    "thanks",
    "vale",
    "vale gracias",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Reply,
    HandOff,
    StaySilent,
}

impl Action {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::HandOff => "hand_off",
            Self::StaySilent => "stay_silent",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub action: Action,
    /// GSM-7, fewer than 150 characters; empty when there is nothing to say.
    pub text: String,
    pub language: Language,
    pub reason: &'static str,
}

pub fn draft(system: &str, last_user_text: &str) -> Draft {
    let asked = facts::words(&gsm::plain(&without_tags(last_user_text)));
    let language = Language::of(&asked);
    if asked.iter().any(|word| HUMAN.contains(&word.as_str())) {
        let text = language.pick(
            "Claro que si. Un asesor le contesta por este medio en unos minutos.",
            "Of course. A person from our team will text you here in a few minutes.",
        );
        let reason = "asks for a person";
        return Draft { action: Action::HandOff, text: text.to_owned(), language, reason };
    }
    if ENOUGH.contains(&asked.join(" ").as_str()) {
        let reason = "nothing left to answer";
        return Draft { action: Action::StaySilent, text: String::new(), language, reason };
    }
    let (text, reason) = match facts::about(system, &asked) {
        Some(fact) => (quote(&fact, language), "a fact answers it"),
        None => (generic(&asked, language), "no fact answers it"),
    };
    Draft { action: Action::Reply, text, language, reason }
}

fn quote(fact: &str, language: Language) -> String {
    let after = language.pick("¿Le ayudo con algo más?", "Anything else I can help with?");
    let text = format!("{fact}. {}", gsm::fold(after));
    text.chars().take(LONGEST).collect()
}

/// One of three, always the same for the same question.
fn generic(asked: &[String], language: Language) -> String {
    let answers = match language {
        Language::Spanish => [
            "Con gusto le ayudo. ¿Qué producto le interesa?",
            "Gracias por escribir. ¿Me dice qué busca, para ayudarle mejor?",
            "Claro, lo reviso con usted. ¿Para qué ciudad lo necesita?",
        ],
        Language::English => [
            "Happy to help. Which product are you interested in?",
            "Thanks for writing. What are you looking for?",
            "Sure, let me help you with that. Which city is it for?",
        ],
    };
    let letters: usize = asked.iter().map(String::len).sum();
    answers.get(letters % answers.len()).copied().unwrap_or_default().to_owned()
}

/// Callers fence a customer's words with tags; the tags are not the customer's.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        plain.push(' ');
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}
