//! Money in a text: prices, discounts, and what is given away. Strict about what we say ourselves,
//! and it need not understand every sentence: what it takes for a price by mistake costs one more
//! question to the model, what it misses is a promise that nobody made.

mod figure;
mod words;

use std::collections::BTreeSet;

use figure::{Figure, figures};

use crate::plain::plain;

/// What an amount is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// A `$`, or no sign but a word for price beside it: pesos in Mexico, who knows elsewhere.
    Unsaid,
    /// Pesos.
    Peso,
    /// US dollars.
    Dollar,
    /// Euros.
    Euro,
    /// Any other currency.
    Other,
    /// Of a hundred.
    Percent,
}

/// The amounts in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// In hundredths.
    said: BTreeSet<(u64, Unit)>,
    /// Numbers of three digits or more that nothing says to be money: a price list often does not.
    bare: BTreeSet<u64>,
    /// `mil pesos`, `five hundred dollars`, as written.
    in_words: BTreeSet<String>,
    /// Whether something is called free.
    free: bool,
    /// Digits that we cannot read.
    unreadable: bool,
}

/// A number at least this large (in hundredths) may be a price without a sign of it. Smaller ones
/// are hours, sizes and quantities.
const LIKE_A_PRICE: u64 = 100 * 100;

impl Amounts {
    /// Finds them.
    pub fn of(text: &str) -> Self {
        let text = plain(text);
        let mut amounts = Self {
            in_words: words::amounts(&text),
            free: words::says_free(&text),
            // `１２３`, `½`, `²`: nobody writes prices so, unless to get them past us.
            unreadable: text.chars().any(|c| c.is_numeric() && !c.is_ascii_digit()),
            ..Self::default()
        };
        for Figure { hundredths, unit, .. } in figures(&text) {
            match unit {
                Some(unit) => {
                    amounts.said.insert((hundredths, unit));
                }
                None if hundredths >= LIKE_A_PRICE => {
                    amounts.bare.insert(hundredths);
                }
                None => {}
            }
        }
        amounts
    }

    /// Whether all that `said` says of money is said here too.
    pub fn cover(&self, said: &Self) -> bool {
        said.said.iter().all(|(hundredths, unit)| self.has(*hundredths, *unit))
            && said.in_words.is_subset(&self.in_words)
            && (!said.free || self.free)
            && !said.unreadable
    }

    fn has(&self, hundredths: u64, unit: Unit) -> bool {
        let known = |unit: Unit| self.said.contains(&(hundredths, unit));
        match unit {
            Unit::Unsaid => {
                [Unit::Unsaid, Unit::Peso, Unit::Dollar, Unit::Euro, Unit::Other]
                    .map(known)
                    .contains(&true)
                    || self.bare.contains(&hundredths)
            }
            Unit::Peso => {
                known(Unit::Peso) || known(Unit::Unsaid) || self.bare.contains(&hundredths)
            }
            // `$1,299` in the facts is no leave to say 1,299 dollars.
            Unit::Dollar | Unit::Euro | Unit::Other | Unit::Percent => known(unit),
        }
    }
}

#[cfg(test)]
mod tests;
