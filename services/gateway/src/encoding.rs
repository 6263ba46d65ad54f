//! Which form of a file a browser reads.

use actix_web::http::header::{self, HeaderMap};

/// A form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

impl Encoding {
    /// The shortest form that there is and that the browser reads.
    pub fn best(asked: &HeaderMap, has_brotli: bool, has_gzip: bool) -> Self {
        if has_brotli && reads(asked, "br") {
            Self::Brotli
        } else if has_gzip && reads(asked, "gzip") {
            Self::Gzip
        } else {
            Self::Plain
        }
    }

    /// As `Content-Encoding` says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Plain => "identity",
        }
    }
}

/// Whether `Accept-Encoding` names a coding. A weight of nothing (`gzip;q=0`) means that it is not read.
pub(crate) fn reads(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|one| {
            let mut parts = one.split(';').map(str::trim);
            let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            is_named && weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|w| w > 0.0))
        })
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn the_shortest_form_that_is_read_is_sent() {
        for (accepted, best) in [
            ("gzip, deflate, br", Encoding::Brotli),
            ("gzip", Encoding::Gzip),
            ("br;q=0, GZIP;q=0.5", Encoding::Gzip),
            ("identity", Encoding::Plain),
            ("brotli", Encoding::Plain),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            assert_eq!(Encoding::best(&headers, true, true), best, "{accepted}");
        }
        assert_eq!(Encoding::best(&HeaderMap::new(), true, true), Encoding::Plain);
    }
}
