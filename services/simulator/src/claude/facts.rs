//! The fact in the system prompt that the customer seems to ask about. What is quoted was there:
//! this model cannot invent a price.

use crate::gsm;

/// Longest fact that fits into an answer with something polite around it.
const LONGEST: usize = 100;

/// Words of instructions to the model. A sentence with one of them is no fact for a customer.
const INSTRUCTIONS: [&str; 26] = [
    "agent",
    "always",
    "answer",
    "asistente",
    "assistant",
    "cliente",
    "contesta",
    "conteste",
    "customer",
    "eres",
    "evite",
    "instrucciones",
    "invente",
    "must",
    "never",
    "nunca",
    "reply",
    "responda",
    "responde",
    "siempre",
    "sms",
    "text",
    "texto",
    "tool",
    "usted",
    "you",
];

/// Words too common to mean a subject.
const COMMON: [&str; 20] = [
    "about", "como", "cual", "cuando", "donde", "esta", "favor", "have", "hola", "para", "pero",
    "please", "quiero", "saber", "that", "this", "tienen", "what", "when", "with",
];

/// The sentence that shares most words with `asked` (lower case, without accents), folded to
/// GSM-7. The first one wins a tie, so the answer is always the same.
pub(crate) fn about(system: &str, asked: &[String]) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    for sentence in sentences(system) {
        let words = words(&gsm::plain(&sentence));
        if words.iter().any(|word| INSTRUCTIONS.contains(&word.as_str())) {
            continue;
        }
        let shared = asked.iter().filter(|word| is_subject(word) && has(&words, word)).count();
        if shared > best.as_ref().map_or(0, |(most, _)| *most) {
            best = Some((shared, sentence));
        }
    }
    best.map(|(_, sentence)| shorten(&gsm::fold(&sentence)))
}

pub(crate) fn words(plain: &str) -> Vec<String> {
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn is_subject(word: &str) -> bool {
    word.len() >= 4 && !COMMON.contains(&word)
}

/// Equal but for the ending: `precio` and `precios`, `envian` and `envio`.
fn has(words: &[String], asked: &str) -> bool {
    let stem: String = asked.chars().take(5.min(asked.len() - 1).max(4)).collect();
    words.iter().any(|word| word.starts_with(&stem))
}

fn sentences(system: &str) -> impl Iterator<Item = String> {
    let lines = system.lines().flat_map(|line| line.split_inclusive(". "));
    lines
        .map(|part| {
            let part = part.trim_start_matches(['-', '*', '#', ' ', '\t']);
            part.trim_end_matches(['.', ' ']).to_owned()
        })
        .filter(|part| !part.is_empty() && !part.contains("http") && !part.contains("www."))
        .filter(|part| !part.contains('<') && !part.contains('{') && !part.ends_with(':'))
}

/// Cuts after a whole clause, or else a whole word; never in the middle of a figure.
fn shorten(fact: &str) -> String {
    if fact.chars().count() <= LONGEST {
        return fact.to_owned();
    }
    let head: String = fact.chars().take(LONGEST).collect();
    let cut = head.rfind([';', ',']).or_else(|| head.rfind(' ')).unwrap_or(head.len());
    head.get(..cut).unwrap_or(&head).trim_end().to_owned()
}
