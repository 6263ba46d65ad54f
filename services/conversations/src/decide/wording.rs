//! The few texts that the house itself says. Each keeps to letters of GSM-7, so that it is one
//! segment with an ordinary account's name in it.

/// After ALTO and the like. The one text that a person who left still gets.
pub fn opt_out_confirmation(language: &str, account: &str) -> String {
    match language {
        "en" => {
            format!("{account}: you will get no more messages. Reply START to hear from us again.")
        }
        _ => format!("{account}: listo, ya no le escribimos. Para volver responda INICIAR."),
    }
}

/// After INICIAR and the like.
pub fn opt_in_confirmation(language: &str, account: &str) -> String {
    match language {
        "en" => format!("{account}: welcome back. Reply STOP to get no more messages."),
        _ => format!("{account}: gracias por volver. Para no recibir mensajes responda ALTO."),
    }
}

/// After AYUDA, where the account has no words of its own.
pub fn help(language: &str, account: &str) -> String {
    match language {
        "en" => format!("{account}: reply with your question. Reply STOP to get no more messages."),
        _ => {
            format!("{account}: responda con su pregunta. Para no recibir mensajes responda ALTO.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::segments_of;

    #[test]
    fn each_is_one_segment() {
        for say in [opt_out_confirmation, opt_in_confirmation, help] {
            for language in ["es", "en"] {
                let text = say(language, "Muebles La Esperanza");
                assert_eq!(segments_of(&text).count(), 1, "{text}");
            }
        }
    }
}
