//! Numbers written in digits, and what around them makes them money.

use super::Unit;
use super::words::{self, PriceWord};

/// A number, where it stands, and what it is of, when the text says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) hundredths: u64,
    pub(super) unit: Option<Unit>,
    start: usize,
    end: usize,
}

/// A price may be guessed from the words before it only if it is at least so much (in hundredths).
const GUESSED_FROM: u64 = 100 * 100;

/// All numbers of a text that went through [`crate::plain::plain`].
pub(super) fn figures(text: &str) -> Vec<Figure> {
    let mut figures: Vec<Figure> = spans(text)
        .into_iter()
        .filter_map(|(start, end)| Some(read(text, start, end, value(text.get(start..end)?))))
        .collect();
    join_ranges(text, &mut figures);
    figures
}

/// Where the digits are, with the separators between them.
fn spans(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut spans = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let start = at;
        loop {
            while digit(at) {
                at += 1;
            }
            let group_of_three = digit(at + 1) && digit(at + 2) && digit(at + 3) && !digit(at + 4);
            match bytes.get(at) {
                Some(b'.' | b',' | b'\'') if digit(at + 1) => at += 1,
                Some(b' ') if group_of_three && at - start <= 3 => at += 1,
                _ => break,
            }
        }
        spans.push((start, at));
    }
    spans
}

/// In hundredths: `1,299.00`, `1.299,00`, `1 299` and `1299` are the same.
pub(super) fn value(raw: &str) -> u64 {
    let last = raw.rfind(['.', ',']).and_then(|at| raw.split_at_checked(at));
    let (whole, fraction) = match last {
        // A separator with one or two digits after it is the decimal one.
        Some((whole, rest)) if rest.len() <= 3 => (whole, rest.get(1..).unwrap_or_default()),
        _ => (raw, ""),
    };
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let whole: u64 = digits.parse().unwrap_or(u64::MAX);
    let fraction: u64 = format!("{fraction:0<2}").parse().unwrap_or_default();
    whole.saturating_mul(100).saturating_add(fraction)
}

/// Looks at what stands before and after.
fn read(text: &str, start: usize, end: usize, hundredths: u64) -> Figure {
    let left = text.get(..start).unwrap_or_default().trim_end_matches([' ', '*', '_', '~']);
    let after = text.get(end..).unwrap_or_default();
    // `17:00` is no price, whatever stands before it.
    let clock =
        after.strip_prefix(':').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let (factor, right) = multiplier(after);
    let hundredths = hundredths.saturating_mul(factor);
    let unit = sign_before(left)
        .or_else(|| unit_after(right))
        .or_else(|| words::unit(last_word(left)))
        .or_else(|| guessed(left, hundredths).filter(|_| !clock));
    Figure { hundredths, unit, start, end }
}

/// `2 mil`, `2k`, `1.5 millones`.
fn multiplier(after: &str) -> (u64, &str) {
    let trimmed = after.trim_start_matches([' ', '*', '_', '~', '-']);
    let (word, rest) = first_word(trimmed);
    match word {
        "mil" | "k" | "thousand" => (1_000, rest),
        "millon" | "millones" | "million" | "millions" | "mdp" => (1_000_000, rest),
        _ => (1, trimmed),
    }
}

/// A sign right before the digits.
fn sign_before(left: &str) -> Option<Unit> {
    let sign = left.chars().next_back()?;
    match sign {
        '$' | '＄' | '﹩' => {
            let word = last_word(left.trim_end_matches(sign));
            Some(match word {
                "us" | "usd" => Unit::Dollar,
                "mx" | "mxn" | "m" => Unit::Peso,
                _ => Unit::Unsaid,
            })
        }
        sign => symbol(sign),
    }
}

fn unit_after(right: &str) -> Option<Unit> {
    let right = right.trim_start_matches([' ', '*', '_', '~', '.', '-', ',', '/']);
    let right = right.strip_prefix("de ").unwrap_or(right);
    let sign = right.chars().next()?;
    match sign {
        '%' | '％' | '٪' => return Some(Unit::Percent),
        // `100 $ 200`: the sign is as well the next number's, and then this is one number too many.
        '$' | '＄' | '﹩' => return Some(Unit::Unsaid),
        _ => {}
    }
    if right.starts_with("m.n") || right.starts_with("por ciento") {
        return Some(if right.starts_with('m') { Unit::Peso } else { Unit::Percent });
    }
    symbol(sign).or_else(|| words::unit(first_word(right).0))
}

/// Currency signs other than the dollar's.
fn symbol(sign: char) -> Option<Unit> {
    match sign {
        '€' => Some(Unit::Euro),
        '£' | '¥' | '¢' | '¤' | '₿' | '\u{20a0}'..='\u{20cf}' => Some(Unit::Other),
        _ => None,
    }
}

/// No sign, but the words before are those of a price: `cuesta 450`, `el total es de 1,200`.
fn guessed(left: &str, hundredths: u64) -> Option<Unit> {
    let sentence = left.rsplit(['.', '!', '?', ';']).next().unwrap_or_default();
    let mut before =
        sentence.split(|c: char| !c.is_alphanumeric()).rev().filter(|word| !word.is_empty());
    let word = before.by_ref().take(5).find(|word| !words::is_filler(word))?;
    match words::price_word(word)? {
        PriceWord::Verb => Some(Unit::Unsaid),
        PriceWord::Noun => (hundredths >= GUESSED_FROM).then_some(Unit::Unsaid),
    }
}

/// `de 500 a 800 pesos`, `$500-800`: the sign is of both.
fn join_ranges(text: &str, figures: &mut [Figure]) {
    let joined = |a: &Figure, b: &Figure, words: &[&str]| {
        text.get(a.end..b.start).is_some_and(|between| words.contains(&between.trim()))
    };
    for i in (1..figures.len()).rev() {
        if let (Some(first), Some(second)) = (figures.get(i - 1).copied(), figures.get(i).copied())
            && first.unit.is_none()
            && joined(
                &first,
                &second,
                &[
                    "a", "al", "y", "o", "u", "-", "–", "—", "to", "and", "or", "/", ",", "hasta",
                    "or up to",
                ],
            )
            && let Some(figure) = figures.get_mut(i - 1)
        {
            figure.unit = second.unit;
        }
    }
    for i in 1..figures.len() {
        if let (Some(first), Some(second)) = (figures.get(i - 1).copied(), figures.get(i).copied())
            && second.unit.is_none()
            && second.hundredths >= GUESSED_FROM
            && joined(
                &first,
                &second,
                &["a", "o", "-", "–", "—", "to", "or", "/", "y", "and", "hasta"],
            )
            && let Some(figure) = figures.get_mut(i)
        {
            figure.unit = first.unit;
        }
    }
}

fn first_word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn last_word(text: &str) -> &str {
    let text = text.trim_end_matches([' ', ':', '.']);
    text.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default()
}
