//! GSM 03.38: how many parts a text takes, and how to write a text without leaving the alphabet.
//! Deliberately not Hilo's own counter, so that one can catch the other's mistake.

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// Parts of a text: 160 septets or 153 each when split; 70 UTF-16 units or 67 otherwise.
pub(crate) fn segments(text: &str) -> u32 {
    let septets: Option<Vec<usize>> = text.chars().map(septets).collect();
    let parts = match septets {
        Some(widths) if widths.iter().sum::<usize>() <= 160 => 1,
        Some(widths) => parts(&widths, 153),
        None => {
            let widths: Vec<usize> = text.chars().map(char::len_utf16).collect();
            if widths.iter().sum::<usize>() <= 70 { 1 } else { parts(&widths, 67) }
        }
    };
    u32::try_from(parts).unwrap_or(u32::MAX)
}

/// An escape pair or a surrogate pair is never split over two parts.
fn parts(widths: &[usize], room: usize) -> usize {
    let mut parts = 1;
    let mut used = 0;
    for width in widths {
        if used + width > room {
            parts += 1;
            used = 0;
        }
        used += width;
    }
    parts
}

fn septets(c: char) -> Option<usize> {
    if BASIC.contains(c) {
        Some(1)
    } else if EXTENDED.contains(c) {
        Some(2)
    } else {
        None
    }
}

/// The text in GSM-7: accents that are not in the alphabet are dropped, typographic marks become
/// plain ones, and what has no likeness goes away.
pub(crate) fn fold(text: &str) -> String {
    text.chars().filter_map(fold_char).collect()
}

fn fold_char(c: char) -> Option<char> {
    let folded = match c {
        'á' => 'a',
        'í' => 'i',
        'ó' => 'o',
        'ú' => 'u',
        'Á' => 'A',
        'Í' => 'I',
        'Ó' => 'O',
        'Ú' => 'U',
        '‘' | '’' => '\'',
        '“' | '”' | '«' | '»' => '"',
        '–' | '—' => '-',
        '\u{a0}' | '\t' => ' ',
        other => other,
    };
    BASIC.contains(folded).then_some(folded)
}

/// Lower case without accents, for comparing words.
pub(crate) fn plain(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .map(|c| match c {
            'á' | 'à' | 'ä' => 'a',
            'é' | 'è' => 'e',
            'í' | 'ì' => 'i',
            'ó' | 'ò' | 'ö' => 'o',
            'ú' | 'ù' | 'ü' => 'u',
            'ñ' => 'n',
            other => other,
        })
        .collect()
}
