//! The single words by which a person leaves, comes back or asks for help.

/// What an inbound text asks of us as a keyword.
///
/// Only a text that is one such word counts: "STOP PLEASE" does not, at Twilio as here. Reading more
/// into sentences is the business of whoever answers, not of this table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptWord {
    /// No more texts.
    Stop {
        /// Who told the person so.
        answered_by_twilio: bool,
    },
    /// Texts again.
    Start {
        /// Who told the person so.
        answered_by_twilio: bool,
    },
    /// Who are you?
    Help {
        /// Who told the person so.
        answered_by_twilio: bool,
    },
    /// Not a keyword.
    None,
}

#[derive(Clone, Copy)]
enum Ask {
    Stop,
    Start,
    Help,
}

/// The words that Twilio acts on and answers itself on long codes ("Twilio support for opt-out
/// keywords"): a second confirmation from us would be one too many. YES, which Twilio takes for
/// START, is left out on purpose: it is also the answer to a sales question, and must not bring back
/// somebody who left. The person who means it has START.
const TWILIO: &[(&str, Ask)] = &[
    ("stop", Ask::Stop),
    ("stopall", Ask::Stop),
    ("unsubscribe", Ask::Stop),
    ("cancel", Ask::Stop),
    ("end", Ask::Stop),
    ("quit", Ask::Stop),
    ("revoke", Ask::Stop),
    ("optout", Ask::Stop),
    ("start", Ask::Start),
    ("unstop", Ask::Start),
    ("help", Ask::Help),
    ("info", Ask::Help),
];

/// The Spanish words, which Twilio passes on without knowing them. SÍ is left out for the reason
/// that YES is.
const OURS: &[(&str, Ask)] = &[
    ("alto", Ask::Stop),
    ("baja", Ask::Stop),
    ("basta", Ask::Stop),
    ("cancela", Ask::Stop),
    ("cancelar", Ask::Stop),
    ("desuscribir", Ask::Stop),
    ("desuscribirme", Ask::Stop),
    ("detener", Ask::Stop),
    ("parar", Ask::Stop),
    ("pare", Ask::Stop),
    ("salir", Ask::Stop),
    ("alta", Ask::Start),
    ("iniciar", Ask::Start),
    ("reanudar", Ask::Start),
    ("ayuda", Ask::Help),
    ("informacion", Ask::Help),
];

impl OptWord {
    /// Classifies an inbound text.
    ///
    /// `opt_out_type` is Twilio's `OptOutType` (Advanced Opt-Out of a Messaging Service): when it is
    /// there, Twilio has acted and answered, whatever the word was.
    pub fn of(body: &str, opt_out_type: Option<&str>) -> Self {
        match opt_out_type {
            Some("STOP") => return Ask::Stop.by_twilio(true),
            Some("START") => return Ask::Start.by_twilio(true),
            Some("HELP") => return Ask::Help.by_twilio(true),
            _ => {}
        }
        let word = bare_word(body);
        if let Some(ask) = find(TWILIO, &word) {
            // Twilio documents the bare word only. After "Stop." we answer ourselves: if Twilio acted
            // after all, it refuses our text with 21610, and the person still hears it once.
            return ask.by_twilio(body.trim().eq_ignore_ascii_case(&word));
        }
        find(OURS, &word).map_or(Self::None, |ask| ask.by_twilio(false))
    }
}

impl Ask {
    fn by_twilio(self, answered_by_twilio: bool) -> OptWord {
        match self {
            Self::Stop => OptWord::Stop { answered_by_twilio },
            Self::Start => OptWord::Start { answered_by_twilio },
            Self::Help => OptWord::Help { answered_by_twilio },
        }
    }
}

fn find(table: &[(&str, Ask)], word: &str) -> Option<Ask> {
    table.iter().find(|(known, _)| *known == word).map(|(_, ask)| *ask)
}

/// Lower case, without accents and without what stands around the word. A space inside stays, so
/// that two words never look like one.
fn bare_word(body: &str) -> String {
    let without_accents = |c: char| match c {
        'á' => Some('a'),
        'é' => Some('e'),
        'í' => Some('i'),
        'ó' => Some('o'),
        'ú' => Some('u'),
        // The acute as a mark of its own, after its letter.
        '\u{301}' => None,
        other => Some(other),
    };
    let lower: String =
        body.chars().flat_map(char::to_lowercase).filter_map(without_accents).collect();
    lower.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BY_TWILIO: bool = true;
    const BY_US: bool = false;

    #[test]
    fn the_words_that_twilio_answers_and_those_that_only_we_know() {
        let stop = |answered_by_twilio| OptWord::Stop { answered_by_twilio };
        let start = |answered_by_twilio| OptWord::Start { answered_by_twilio };
        let help = |answered_by_twilio| OptWord::Help { answered_by_twilio };
        for (body, expected) in [
            ("STOP", stop(BY_TWILIO)),
            (" stop\n", stop(BY_TWILIO)),
            ("Unsubscribe", stop(BY_TWILIO)),
            ("REVOKE", stop(BY_TWILIO)),
            ("OptOut", stop(BY_TWILIO)),
            ("Stop.", stop(BY_US)),
            ("“STOP!”", stop(BY_US)),
            ("ALTO", stop(BY_US)),
            ("¡Bája!", stop(BY_US)),
            ("salir 🙏", stop(BY_US)),
            ("START", start(BY_TWILIO)),
            ("unstop", start(BY_TWILIO)),
            ("Alta", start(BY_US)),
            ("reanudar.", start(BY_US)),
            ("HELP", help(BY_TWILIO)),
            ("help?", help(BY_US)),
            ("información", help(BY_US)),
            ("INFORMACIO\u{301}N", help(BY_US)),
        ] {
            assert_eq!(OptWord::of(body, None), expected, "{body}");
        }
    }

    #[test]
    fn anything_else_is_conversation() {
        for body in [
            "",
            "...",
            "STOP PLEASE",
            "stop stop",
            "no quiero parar",
            "YES",
            "Sí",
            "si",
            "alto!bajo",
            "stopping",
            "dar de baja",
        ] {
            assert_eq!(OptWord::of(body, None), OptWord::None, "{body}");
        }
    }

    #[test]
    fn what_twilio_says_it_did_overrides_the_words() {
        assert_eq!(
            OptWord::of("ya no me escriban", Some("STOP")),
            OptWord::Stop { answered_by_twilio: true }
        );
        assert_eq!(OptWord::of("YES", Some("START")), OptWord::Start { answered_by_twilio: true });
        assert_eq!(OptWord::of("Baja", Some("HELP")), OptWord::Help { answered_by_twilio: true });
        assert_eq!(OptWord::of("Baja", Some("")), OptWord::Stop { answered_by_twilio: false });
    }

    #[test]
    fn no_word_stands_in_both_tables() {
        for (word, _) in OURS {
            assert!(find(TWILIO, word).is_none(), "{word}");
        }
    }
}
