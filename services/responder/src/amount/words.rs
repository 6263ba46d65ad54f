//! The words of money, in Spanish and English, lower case and without accents.

use std::collections::BTreeSet;

use super::Unit;

/// A word that makes a price of the number after it.
pub(super) enum PriceWord {
    /// `cuesta 50`: the number is a price, whatever its size.
    Verb,
    /// `el precio de 2 colchones`: only a large number is.
    Noun,
}

/// What a word beside a number makes of it.
pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "peso" | "pesos" | "mxn" | "mxp" | "mn" | "pesitos" | "varos" => Unit::Peso,
        "usd" | "dolar" | "dolares" | "dollar" | "dollars" | "dlls" | "dls" | "dll" | "bucks" => {
            Unit::Dollar
        }
        "eur" | "euro" | "euros" => Unit::Euro,
        "gbp" | "cad" | "cop" | "ars" | "clp" | "pen" | "brl" | "gtq" | "quetzales" | "soles"
        | "libras" | "pounds" | "centavos" | "cents" => Unit::Other,
        "percent" | "porciento" | "pct" => Unit::Percent,
        _ => return None,
    })
}

pub(super) fn price_word(word: &str) -> Option<PriceWord> {
    Some(match word {
        "cuesta" | "cuestan" | "costaria" | "costarian" | "costara" | "vale" | "valen" | "sale"
        | "salen" | "saldria" | "queda" | "quedan" | "quedaria" | "dejo" | "deja" | "dejamos"
        | "pagas" | "paga" | "pagaria" | "pagarias" | "pagando" | "cobra" | "cobramos"
        | "costs" | "cost" | "priced" | "pay" | "worth" => PriceWord::Verb,
        "precio" | "precios" | "costo" | "total" | "price" | "prices" | "son" | "seria"
        | "serian" | "descuento" | "discount" | "rebaja" | "anticipo" | "enganche" | "deposito"
        | "deposit" | "mensualidad" | "mensualidades" | "abono" | "abonos" | "pagos" | "pago"
        | "oferta" | "promocion" | "charge" | "fee" | "tarifa" | "pagar" | "ahorra" | "ahorras"
        | "save" => PriceWord::Noun,
        _ => return None,
    })
}

/// What may stand between a price word and its number.
pub(super) fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "es" | "is"
            | "are"
            | "de"
            | "of"
            | "en"
            | "a"
            | "at"
            | "for"
            | "por"
            | "solo"
            | "solamente"
            | "unos"
            | "only"
            | "just"
            | "desde"
            | "from"
            | "los"
            | "the"
            | "aprox"
            | "hasta"
            | "le"
            | "lo"
            | "la"
            | "te"
            | "it"
            | "you"
            | "ser"
            | "be"
            | "up"
            | "to"
    )
}

/// Numbers in words that are followed by a currency, each as it is written.
pub(super) fn amounts(text: &str) -> BTreeSet<String> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_money = |at: usize, word: &str| {
        unit(word).is_some() || (word == "por" && words.get(at + 1) == Some(&"ciento"))
    };
    let ends = words.iter().enumerate().filter(|(at, word)| is_money(*at, word));
    ends.filter_map(|(end, currency)| number_before(&words, end).map(|n| format!("{n} {currency}")))
        .collect()
}

/// The number in words that ends right before `end`; `None` if there is none, or if it goes on in
/// digits, which is a figure.
fn number_before(words: &[&str], end: usize) -> Option<String> {
    let before = words.get(..end)?;
    let count = before.iter().rev().take_while(|word| is_number(word) || is_joint(word)).count();
    let (rest, number) = before.split_at_checked(end - count)?;
    let in_digits = rest.last().is_some_and(|word| word.ends_with(|c: char| c.is_ascii_digit()));
    let counts = number.iter().any(|word| is_number(word));
    // What is not part of the number may stand before it: `y mil pesos`.
    let first = number.iter().position(|word| is_number(word))?;
    (counts && !in_digits).then(|| number.get(first..).unwrap_or_default().join(" "))
}

fn is_joint(word: &str) -> bool {
    matches!(word, "y" | "and" | "de" | "a")
}

/// Numbers that don't follow a rule, a space between two.
const SPANISH: &str = "\
    uno un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce \
    quince dieciseis diecisiete dieciocho diecinueve veinte ochenta noventa cien ciento \
    quinientos quinientas mil millon millones medio";

/// The same in English.
const ENGLISH: &str = "\
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen \
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy \
    eighty ninety hundred thousand million";

fn is_number(word: &str) -> bool {
    const STEMS: [&str; 6] = ["veinti", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta"];
    STEMS.iter().any(|stem| word.starts_with(stem))
        || word.ends_with("cientos")
        || word.ends_with("cientas")
        || SPANISH.split(' ').chain(ENGLISH.split(' ')).any(|number| number == word)
}

/// Whether the text gives something away.
pub(super) fn says_free(text: &str) -> bool {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.iter().enumerate().any(|(at, word)| {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied();
        let after = words.get(at + 1).copied();
        match *word {
            "gratis" | "gratuito" | "gratuita" | "gratuitos" | "gratuitas" | "gratuitamente" => {
                true
            }
            // "Feel free to ask" promises nothing.
            "free" => before != Some("feel") && after != Some("to"),
            "sin" => matches!(after, Some("costo" | "cargo")),
            "no" => matches!(after, Some("charge" | "cost")),
            _ => false,
        }
    })
}
