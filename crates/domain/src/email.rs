//! E-mail addresses of people who sign in.

use std::fmt;

/// An e-mail address in small letters: ASCII, one `@`, a dot in the domain, at most 254 characters.
///
/// Holding one is the proof that it was parsed. Whether anybody reads what is sent there is another
/// question.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// Not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an e-mail address")]
pub struct InvalidEmailAddress;

/// RFC 5321, 4.5.3.1.
const LONGEST: usize = 254;
const LONGEST_LOCAL_PART: usize = 64;

impl EmailAddress {
    /// Parses one; spaces around it are dropped, capital letters become small ones.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(raw: &str) -> Result<Self, InvalidEmailAddress> {
        let raw = raw.trim();
        let (local, domain) = raw.split_once('@').ok_or(InvalidEmailAddress)?;
        let is_visible = raw.len() <= LONGEST && raw.bytes().all(|byte| byte.is_ascii_graphic());
        let local_fits = (1..=LONGEST_LOCAL_PART).contains(&local.len())
            && !local.contains(['"', '(', ')', ',', ':', ';', '<', '>', '[', ']', '\\']);
        let label_fits = |label: &str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let domain_fits = domain.contains('.') && domain.split('.').all(label_fits);
        if is_visible && local_fits && domain_fits {
            Ok(Self(raw.to_ascii_lowercase()))
        } else {
            Err(InvalidEmailAddress)
        }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Masked: an address cannot leak through a log line or a failed assertion.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…@…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_again_however_it_is_written() {
        let one = EmailAddress::parse(" Ana.Ruiz+ventas@Example.MX ").unwrap();
        assert_eq!(one.as_str(), "ana.ruiz+ventas@example.mx");
        assert_eq!(format!("{one:?}"), "…@…");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.mx", "a".repeat(65));
        for raw in [
            "",
            "ana",
            "@example.mx",
            "ana@",
            "ana@example",
            "ana@@example.mx",
            "a na@example.mx",
            "ana@example..mx",
            "ana@-example.mx",
            "ñandú@example.mx",
            "a@b.c\n",
            "<ana@example.mx>",
            &long,
        ] {
            // A line's end around it is only a space.
            let expected = raw.trim() == "a@b.c";
            assert_eq!(EmailAddress::parse(raw).is_ok(), expected, "{raw:?}");
        }
    }
}
