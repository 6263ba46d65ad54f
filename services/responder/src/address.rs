//! Where a text sends people: links, e-mail addresses and telephone numbers in it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

/// With a scheme, or a name with dots in it (`wa.me/52…`). `listo.Gracias` looks like one too; the
/// model is then asked to write it properly.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:[a-z][a-z0-9+.-]*://\S+|(?:[\p{L}\d](?:[\p{L}\d-]*[\p{L}\d])?\.)+(?:xn--[a-z0-9-]+|\p{L}{2,24})\b(?:[:/?#]\S*)?)",
    )
});
static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)*"));
static PHONE: LazyLock<Regex> = LazyLock::new(|| regex(r"\+?\(?\d(?:[\s().-]{0,3}\d){7,}"));
static DATE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^(?:\d{4}[-. ]\d{1,2}[-. ]\d{1,2}|\d{1,2}[-. ]\d{1,2}[-. ]\d{4})$"));

#[expect(clippy::expect_used, reason = "constants of this file; each is compiled by its tests")]
fn regex(expression: &str) -> Regex {
    Regex::new(expression).expect("a constant expression")
}

/// Everything of the kind in one text, in forms that compare.
#[derive(Default, PartialEq, Eq)]
pub struct Addresses {
    links: BTreeSet<Link>,
    emails: BTreeSet<String>,
    /// Digits only.
    phones: BTreeSet<String>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    host: String,
    /// As it is written: case matters to a server.
    rest: String,
}

/// What a text points to that another does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stray {
    /// A link.
    Link,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
}

impl Addresses {
    /// Finds them.
    pub fn of(text: &str) -> Self {
        let emails = EMAIL.find_iter(text).map(|found| tidy(found.as_str()).to_lowercase());
        let emails = emails.collect();
        let without_emails = EMAIL.replace_all(text, " ");
        let links = LINK.find_iter(&without_emails).map(|found| Link::parse(found.as_str()));
        let links = links.collect();
        let without_links = LINK.replace_all(&without_emails, " ");
        let phones = PHONE
            .find_iter(&without_links)
            .map(|found| found.as_str())
            .filter(|found| !DATE.is_match(found))
            .map(|found| found.chars().filter(char::is_ascii_digit).collect())
            .collect();
        Self { links, emails, phones }
    }

    /// The first thing in `said` that is not here.
    pub fn lacks(&self, said: &Self) -> Option<Stray> {
        if !said.emails.is_subset(&self.emails) {
            return Some(Stray::Email);
        }
        if !said.links.iter().all(|link| self.has_link(link)) {
            return Some(Stray::Link);
        }
        let has_phone = |said: &String| self.phones.iter().any(|known| same_number(known, said));
        (!said.phones.iter().all(has_phone)).then_some(Stray::Phone)
    }

    /// The same link, or the bare host of one: `hilo.mx` is where `hilo.mx/promo` is.
    fn has_link(&self, link: &Link) -> bool {
        self.links.iter().any(|known| {
            known.host == link.host && (link.rest.is_empty() || known.rest == link.rest)
        })
    }
}

impl Link {
    fn parse(raw: &str) -> Self {
        let raw = tidy(raw);
        let after = raw.split_once("://").map_or(raw, |(_, after)| after);
        let cut = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (host, rest) = after.split_at_checked(cut).unwrap_or((after, ""));
        let host = host.to_lowercase();
        let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
        Self { host, rest: rest.trim_end_matches('/').to_owned() }
    }
}

/// Without the punctuation of the sentence around it.
fn tidy(raw: &str) -> &str {
    raw.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '"', '\'', '»', '”', '*', '_'])
}

/// With or without a country's prefix.
fn same_number(known: &str, said: &str) -> bool {
    const NATIONAL: usize = 10;
    let tail =
        |digits: &str| digits.get(digits.len().saturating_sub(NATIONAL)..).map(str::to_owned);
    known == said
        || (known.len() >= NATIONAL && said.len() >= NATIONAL && tail(known) == tail(said))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: &str =
        "Tienda: https://www.Hilo.mx/Promo. Correo Ventas@hilo.mx, tel. +52 (55) 1234-5678.";

    #[test]
    fn what_is_in_the_facts_may_be_said() {
        for said in [
            "Vea hilo.mx/Promo!",
            "Está en (https://hilo.mx).",
            "Escriba a ventas@hilo.mx.",
            "Llame al 55 1234 5678",
            "Llame al 5512345678.",
            "Abrimos de 9:00 a 18:00, el 22-11-2026, a las 5 p.m., S.A. de C.V.",
        ] {
            assert_eq!(Addresses::of(FACTS).lacks(&Addresses::of(said)), None, "{said}");
        }
    }

    #[test]
    fn what_is_not_there_may_not() {
        for (said, stray) in [
            ("Vea http://evil.example/x", Stray::Link),
            ("Vea evil.xyz", Stray::Link),
            ("Vea wa.me/5215512345678", Stray::Link),
            ("Vea hilo.mx/promo", Stray::Link),
            ("Vea https://hilo.mx.evil.com/Promo", Stray::Link),
            ("Vea ftp://hilo", Stray::Link),
            ("Vea https://hilo.mx@evil.com/Promo", Stray::Email),
            ("Escriba a ventas@evil.mx", Stray::Email),
            ("Escriba a otro.ventas@hilo.mx", Stray::Email),
            ("Llame al 55 1234 5679", Stray::Phone),
            ("Llame al +1 (415) 555-2671", Stray::Phone),
        ] {
            assert_eq!(Addresses::of(FACTS).lacks(&Addresses::of(said)), Some(stray), "{said}");
        }
    }
}
