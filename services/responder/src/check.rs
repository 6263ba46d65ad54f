//! Whether the model's answer may be sent. The model is asked nicely not to invent anything; this is
//! where it is held to it.

use domain::segment::fold_to_gsm7;
use domain::{TextBody, segments_of};

use crate::address::{Addresses, Stray};
use crate::amount::Amounts;
use crate::language::Language;
use crate::plain::visible;

/// What an answer is held against.
#[derive(Debug, Clone, Copy)]
pub struct Bounds<'a> {
    /// The only source of prices, links, addresses and telephone numbers.
    pub facts: &'a str,
    /// Longest answer.
    pub max_segments: u16,
    /// The customer's language, when it is certain.
    pub language: Option<Language>,
}

/// What is wrong with an answer. Says it without quoting the answer: it goes back to the model, and
/// into the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing to send.
    #[error("it is empty")]
    Empty,
    /// Too dear.
    #[error("it takes {segments} SMS segments, more than the {max} allowed")]
    TooLong {
        /// What it takes.
        segments: u16,
        /// What it may take.
        max: u16,
    },
    /// A link of its own.
    #[error("it has a link that is not in the facts")]
    Link,
    /// An e-mail address of its own.
    #[error("it has an e-mail address that is not in the facts")]
    Email,
    /// A telephone number of its own.
    #[error("it has a telephone number that is not in the facts")]
    Phone,
    /// A price of its own.
    #[error("it has a price, a discount or a gift that is not in the facts")]
    Amount,
    /// Not what the customer speaks.
    #[error("it is not in {}, the language of the customer", .0.name())]
    Language(Language),
}

impl Unfit {
    /// The fault in a word, for a metric.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::Link => "link",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Amount => "amount",
            Self::Language(_) => "language",
        }
    }
}

/// An answer as it may be sent: what nobody sees is taken out and, when that makes it short enough,
/// the accents that SMS charges double for.
pub fn fit(answer: &str, bounds: &Bounds<'_>) -> Result<String, Unfit> {
    let answer = visible(answer);
    let answer = answer.trim();
    let text = shortened(answer, bounds.max_segments)?;
    let facts = Addresses::of(bounds.facts);
    match facts.lacks(&Addresses::of(&text)) {
        Some(Stray::Link) => return Err(Unfit::Link),
        Some(Stray::Email) => return Err(Unfit::Email),
        Some(Stray::Phone) => return Err(Unfit::Phone),
        None => {}
    }
    if !Amounts::of(bounds.facts).cover(&Amounts::of(&text)) {
        return Err(Unfit::Amount);
    }
    match (bounds.language, Language::of(answer)) {
        (Some(customers), Some(ours)) if customers != ours => Err(Unfit::Language(customers)),
        _ => Ok(text),
    }
}

fn shortened(answer: &str, max: u16) -> Result<String, Unfit> {
    let fits = |text: &str| segments_of(text).count() <= max;
    let folded = fold_to_gsm7(answer);
    let text = if fits(answer) { answer.to_owned() } else { folded };
    if !fits(&text) {
        return Err(Unfit::TooLong { segments: segments_of(&text).count(), max });
    }
    match TextBody::parse(&text) {
        Ok(_) => Ok(text),
        Err(_) if text.is_empty() => Err(Unfit::Empty),
        Err(_) => Err(Unfit::TooLong { segments: segments_of(&text).count(), max }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOUNDS: Bounds<'_> = Bounds {
        facts: "Colchón matrimonial: $3,499. Tienda: https://hilo.mx. Tel. 55 1234 5678.",
        max_segments: 1,
        language: Some(Language::Spanish),
    };

    #[test]
    fn a_good_answer_goes_out_as_it_is() {
        let answer = "El colchón matrimonial cuesta $3,499.00. ¿Se lo aparto?";
        assert_eq!(fit(answer, &BOUNDS).as_deref(), Ok(answer));
    }

    #[test]
    fn accents_are_taken_out_only_where_they_cost_a_segment() {
        let long = "El colchón matrimonial cuesta $3,499 y se lo entregamos esta misma semana \
            en la Ciudad de México. ¿Se lo aparto? Sólo necesito su dirección.";
        assert!(segments_of(long).count() > 1);
        let sent = fit(long, &BOUNDS).unwrap();
        assert!(sent.contains("colchon") && sent.contains("¿Se lo aparto?"), "{sent}");
    }

    #[test]
    fn each_fault_has_its_name() {
        let long = "a".repeat(161);
        for (answer, fault) in [
            ("", Unfit::Empty),
            (" \u{200b}\n", Unfit::Empty),
            (&*long, Unfit::TooLong { segments: 2, max: 1 }),
            ("Vea ofertas.xyz", Unfit::Link),
            ("Escriba a yo@hilo.mx", Unfit::Email),
            ("Llame al 55 8765 4321", Unfit::Phone),
            ("Se lo dejo en $999", Unfit::Amount),
            (
                "The mattress is very comfortable and we deliver this week.",
                Unfit::Language(Language::Spanish),
            ),
        ] {
            assert_eq!(fit(answer, &BOUNDS), Err(fault), "{answer}");
        }
    }

    #[test]
    fn an_uncertain_language_is_no_fault() {
        assert!(fit("OK, perfect", &BOUNDS).is_ok());
        let unknown = Bounds { language: None, ..BOUNDS };
        assert!(fit("The mattress is very comfortable and we deliver.", &unknown).is_ok());
    }

    proptest! {
        #[test]
        fn what_passes_is_never_longer_than_allowed(
            answer in "[a-záéíóúñ ¿?🙂—“”…]{0,400}",
            max_segments in 1..4_u16,
        ) {
            let bounds = Bounds { max_segments, language: None, ..BOUNDS };
            if let Ok(sent) = fit(&answer, &bounds) {
                prop_assert!(segments_of(&sent).count() <= max_segments);
                prop_assert!(!sent.trim().is_empty());
            }
        }

        #[test]
        fn a_price_that_is_not_in_the_facts_never_passes(price in 1..100_000_u32, text in "[a-z ]{0,40}") {
            prop_assume!(price != 3499);
            let answer = format!("{text} ${price} {text}");
            prop_assert_eq!(fit(&answer, &Bounds { language: None, ..BOUNDS }), Err(Unfit::Amount));
        }
    }
}
