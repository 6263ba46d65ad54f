//! A text without what does not matter when two texts are compared.

/// Lower case, without accents and without what nobody sees (zero-width characters, variation
/// selectors); every kind of space is one space. Punctuation stays.
pub fn plain(text: &str) -> String {
    let visible = text.chars().filter(|c| !is_invisible(*c));
    visible.flat_map(char::to_lowercase).filter_map(bare).collect()
}

/// The words of a text, in lower case and without accents.
pub fn words(text: &str) -> String {
    let plain = plain(text);
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Takes out what nobody sees, so that nothing hides between two letters of a link or a price.
pub fn visible(text: &str) -> String {
    text.chars().filter(|c| !is_invisible(*c)).collect()
}

fn is_invisible(c: char) -> bool {
    let control = c.is_control() && !c.is_whitespace();
    control
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}'
            // The keycap and the variation selectors: `5️⃣` is a 5.
            | '\u{20e3}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e007f}')
}

/// The letter under its accent; `None` for an accent that came as a character of its own.
fn bare(c: char) -> Option<char> {
    Some(match c {
        'á' | 'à' | 'ä' | 'â' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' | 'õ' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        '\u{300}'..='\u{36f}' => return None,
        c if c.is_whitespace() => ' ',
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_what_nobody_sees_do_not_matter() {
        assert_eq!(plain("¿CUÁNTO\u{a0}Cuesta?"), "¿cuanto cuesta?");
        assert_eq!(plain("man\u{303}ana"), plain("Mañana"));
        assert_eq!(plain("$5\u{fe0f}\u{20e3}0\u{200b}0"), "$500");
    }

    #[test]
    fn words_are_what_is_left_between_punctuation() {
        assert_eq!(words("  ¡Hola!, ¿el   PRECIO…? 🙏"), "hola el precio");
        assert_eq!(words("?!"), "");
    }
}
