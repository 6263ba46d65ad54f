//! How many SMS segments a text takes: what carriers charge, count and pace by.

use std::num::NonZeroU16;

#[cfg(test)]
mod tests;

/// How a text travels. One character outside GSM-7 switches the whole text to UCS-2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Seven bits a character (3GPP TS 23.038, 6.2.1), `^{}\[~]|€` and form feed take two.
    Gsm7,
    /// Sixteen bits a UTF-16 unit: accents such as `á`, and all emoji.
    Ucs2,
}

/// What a text takes on the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Segments {
    /// How it travels.
    pub encoding: Encoding,
    /// Number of segments: 1 even for an empty text, as Twilio counts.
    pub count: NonZeroU16,
    /// Septets in GSM-7, UTF-16 units in UCS-2.
    pub units: u32,
}

impl Encoding {
    /// As Twilio writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }

    /// Units in a text of one segment: 140 octets (3GPP TS 23.040).
    const fn alone(self) -> u32 {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// Units in each part of a longer text: six octets go to the header that joins the parts.
    const fn in_part(self) -> u32 {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    fn units_of(self, c: char) -> u32 {
        match self {
            Self::Gsm7 => septets_of(c).unwrap_or(1),
            Self::Ucs2 => utf16_units_of(c),
        }
    }
}

impl Segments {
    /// The number of segments as a plain integer, at least 1.
    pub const fn count(&self) -> u16 {
        self.count.get()
    }
}

/// Counts the segments of a text, as it would be sent.
///
/// A character of two units is never split across two parts, so parts may end one unit early: that
/// is Twilio's own calculator's count. It also keeps joined emoji whole (a family, a flag); carriers
/// need not, and we don't.
pub fn segments_of(text: &str) -> Segments {
    let encoding = match text.chars().all(|c| septets_of(c).is_some()) {
        true => Encoding::Gsm7,
        false => Encoding::Ucs2,
    };
    let units = text.chars().fold(0_u32, |sum, c| sum.saturating_add(encoding.units_of(c)));
    let count = match units <= encoding.alone() {
        true => NonZeroU16::MIN,
        false => parts(text, encoding),
    };
    Segments { encoding, count, units }
}

/// Fills part after part.
fn parts(text: &str, encoding: Encoding) -> NonZeroU16 {
    let mut count = NonZeroU16::MIN;
    let mut room = encoding.in_part();
    for c in text.chars() {
        let units = encoding.units_of(c);
        if units > room {
            count = count.saturating_add(1);
            room = encoding.in_part();
        }
        room = room.saturating_sub(units);
    }
    count
}

/// How many septets a character takes in GSM-7, if it is there at all.
fn septets_of(c: char) -> Option<u32> {
    match c {
        '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' | '\u{c}' => Some(2),
        // The backtick is the one printable ASCII character that GSM-7 lacks altogether.
        '`' => None,
        '\n' | '\r' | ' '..='~' => Some(1),
        '£' | '¥' | 'è' | 'é' | 'ù' | 'ì' | 'ò' | 'Ç' | 'Ø' | 'ø' | 'Å' | 'å' | 'Æ' | 'æ' | 'ß'
        | 'É' | '¤' | '¡' | 'Ä' | 'Ö' | 'Ñ' | 'Ü' | '§' | '¿' | 'ä' | 'ö' | 'ñ' | 'ü' | 'à' => {
            Some(1)
        }
        'Δ' | 'Φ' | 'Γ' | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' => Some(1),
        _ => None,
    }
}

fn utf16_units_of(c: char) -> u32 {
    if c > '\u{ffff}' { 2 } else { 1 }
}

/// Takes out what makes a Spanish text twice as dear and changes nothing else: the accents that
/// GSM-7 lacks (`á í ó ú`), curly quotes, dashes, the ellipsis and the no-break space. `ñ ¿ ¡ é ü`
/// stay, also when they came as a letter and a combining mark.
///
/// The result may still be UCS-2 (an emoji): it is the sender's to keep or to drop.
pub fn fold_to_gsm7(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let whole = chars.peek().and_then(|mark| composed(c, *mark));
        if whole.is_some() {
            chars.next();
        }
        let c = whole.unwrap_or(c);
        if let Some(bare) = without_acute(c) {
            folded.push(bare);
            // Further marks would sit on the bare letter now, and make another one of it.
            while chars.next_if(|mark| matches!(mark, '\u{300}'..='\u{36f}')).is_some() {}
            continue;
        }
        match c {
            '‘' | '’' | '‚' | '′' => folded.push('\''),
            '“' | '”' | '„' | '«' | '»' | '″' => folded.push('"'),
            '\u{2010}'..='\u{2015}' | '−' => folded.push('-'),
            '…' => folded.push_str("..."),
            '\u{a0}' | '\u{202f}' => folded.push(' '),
            other => folded.push(other),
        }
    }
    folded
}

/// The letter under an accent that GSM-7 lacks.
fn without_acute(c: char) -> Option<char> {
    Some(match c {
        'á' => 'a',
        'í' => 'i',
        'ó' => 'o',
        'ú' => 'u',
        'Á' => 'A',
        'Í' => 'I',
        'Ó' => 'O',
        'Ú' => 'U',
        _ => return None,
    })
}

/// The one character that a letter and a combining mark make, where Spanish has it.
fn composed(letter: char, mark: char) -> Option<char> {
    const ACUTE: char = '\u{301}';
    const TILDE: char = '\u{303}';
    const DIAERESIS: char = '\u{308}';
    Some(match (letter, mark) {
        ('a', ACUTE) => 'á',
        ('e', ACUTE) => 'é',
        ('i', ACUTE) => 'í',
        ('o', ACUTE) => 'ó',
        ('u', ACUTE) => 'ú',
        ('A', ACUTE) => 'Á',
        ('E', ACUTE) => 'É',
        ('I', ACUTE) => 'Í',
        ('O', ACUTE) => 'Ó',
        ('U', ACUTE) => 'Ú',
        ('n', TILDE) => 'ñ',
        ('N', TILDE) => 'Ñ',
        ('u', DIAERESIS) => 'ü',
        ('U', DIAERESIS) => 'Ü',
        _ => return None,
    })
}
