//! Spanish or English? By the commonest words of each; Spanish when in doubt.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Spanish,
    English,
}

const ENGLISH: [&str; 34] = [
    "a", "about", "agent", "an", "and", "are", "can", "deliver", "do", "does", "for", "have",
    "hello", "hi", "how", "i", "is", "it", "much", "my", "of", "open", "please", "price", "talk",
    "thanks", "the", "there", "to", "want", "what", "when", "where", "you",
];

const SPANISH: [&str; 32] = [
    "a", "buenas", "como", "con", "cual", "cuando", "cuanto", "cuesta", "de", "del", "donde", "el",
    "en", "es", "esta", "gracias", "hacen", "hola", "la", "los", "me", "mi", "para", "por",
    "precio", "que", "quiero", "si", "su", "tienen", "un", "y",
];

impl Language {
    /// `words` are lower case and without accents.
    pub fn of(words: &[String]) -> Self {
        let count =
            |list: &[&str]| words.iter().filter(|word| list.contains(&word.as_str())).count();
        if count(&ENGLISH) > count(&SPANISH) { Self::English } else { Self::Spanish }
    }

    pub fn code(self) -> &'static str {
        self.pick("es", "en")
    }

    pub fn pick<'a>(self, spanish: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Spanish => spanish,
            Self::English => english,
        }
    }
}
