//! From a method and a path to the route, in the same order of refusals for everybody: no such path
//! before no such method, and both before any question of who asks.

use std::collections::HashMap;

use uuid::Uuid;

use super::{ROUTES, Route};

/// The routes, ready to be looked up.
pub struct Table {
    /// By the first word after `/api`.
    by_word: HashMap<&'static str, Vec<Path>>,
}

/// A path and what may be done with it.
struct Path {
    segments: Vec<Segment>,
    ends_with_slash: bool,
    routes: Vec<&'static Route>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Segment {
    Word(&'static str),
    Param(&'static str),
}

/// What a request asks for.
pub enum Found<'p> {
    /// A route.
    Route {
        /// Which.
        route: &'static Route,
        /// The path as the route writes it, where the request wrote its last slash otherwise.
        canonical: Option<String>,
        /// What stands for the names in the path.
        params: Params<'p>,
    },
    /// The path is there, but not for this method.
    WrongMethod {
        /// For which.
        allow: Vec<&'static str>,
    },
    /// There is no such path.
    Nothing,
}

/// What stands in the path for the route's names, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params<'p>(Vec<&'p str>);

impl<'p> Params<'p> {
    /// The innermost.
    pub fn last(&self) -> Option<&'p str> {
        self.0.last().copied()
    }
}

impl Default for Table {
    fn default() -> Self {
        Self::of(ROUTES)
    }
}

impl Table {
    fn of(routes: &'static [Route]) -> Self {
        let mut by_word: HashMap<&'static str, Vec<Path>> = HashMap::new();
        for route in routes {
            let (segments, ends_with_slash) = template(route.path);
            let Some(Segment::Word(word)) = segments.first().copied() else { continue };
            let paths = by_word.entry(word).or_default();
            match paths.iter_mut().find(|path| path.segments == segments) {
                Some(path) => path.routes.push(route),
                None => paths.push(Path { segments, ends_with_slash, routes: vec![route] }),
            }
        }
        Self { by_word }
    }

    /// The route of a request. One slash at the end makes no difference.
    pub fn find<'p>(&self, method: &str, path: &'p str) -> Found<'p> {
        let Some(below) = path.strip_prefix("/api/") else { return Found::Nothing };
        let (below, has_slash) = match below.strip_suffix('/') {
            Some(below) => (below, true),
            None => (below, false),
        };
        let segments: Vec<&str> = below.split('/').collect();
        let candidates = segments.first().and_then(|word| self.by_word.get(word));
        // A word beats a name: `/api/contacts/export` is not the contact `export`, because that is no
        // UUID. So at most one path matches.
        let matching = candidates
            .into_iter()
            .flatten()
            .find_map(|candidate| candidate.params(&segments).map(|params| (candidate, params)));
        let Some((found, params)) = matching else { return Found::Nothing };
        let Some(route) = found.routes.iter().find(|route| route.method == method) else {
            return Found::WrongMethod { allow: found.routes.iter().map(|r| r.method).collect() };
        };
        let canonical = (has_slash != found.ends_with_slash).then(|| {
            let slash = if found.ends_with_slash { "/" } else { "" };
            format!("/api/{below}{slash}")
        });
        Found::Route { route, canonical, params }
    }
}

impl Path {
    fn params<'p>(&self, segments: &[&'p str]) -> Option<Params<'p>> {
        if segments.len() != self.segments.len() {
            return None;
        }
        let mut params = Vec::new();
        for (mine, theirs) in self.segments.iter().zip(segments) {
            match mine {
                Segment::Word(word) if word == theirs => {}
                Segment::Param(name) if may_be(name, theirs) => params.push(*theirs),
                Segment::Word(_) | Segment::Param(_) => return None,
            }
        }
        Some(Params(params))
    }
}

/// Whether this can stand for the name at all. What cannot names nothing, and goes no further: no
/// dots, no escapes and no oddities reach a service in a path.
fn may_be(name: &str, raw: &str) -> bool {
    match name {
        "phone_number" => {
            let digits = raw.strip_prefix('+').or_else(|| strip_escaped_plus(raw));
            digits.is_some_and(|digits| {
                (3..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
            })
        }
        "secret" => {
            let of_base64url = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            (1..=64).contains(&raw.len()) && raw.bytes().all(of_base64url)
        }
        // The hyphenated form alone: the others would be other names of the same thing.
        _ => raw.len() == 36 && Uuid::try_parse(raw).is_ok(),
    }
}

fn strip_escaped_plus(raw: &str) -> Option<&str> {
    raw.strip_prefix("%2B").or_else(|| raw.strip_prefix("%2b"))
}

fn template(path: &'static str) -> (Vec<Segment>, bool) {
    let below = path.strip_prefix("/api/").unwrap_or(path);
    let (below, ends_with_slash) = match below.strip_suffix('/') {
        Some(below) => (below, true),
        None => (below, false),
    };
    let segment = |raw: &'static str| {
        let name = raw.strip_prefix('{').and_then(|raw| raw.strip_suffix('}'));
        name.map_or(Segment::Word(raw), Segment::Param)
    };
    (below.split('/').map(segment).collect(), ends_with_slash)
}
