//! The URL that Twilio may have signed: ours as configured, and the variants that its signers are
//! known to make of it. All of it is text; nothing is parsed and printed again.

use std::borrow::Cow;

/// A URL in the pieces that vary.
#[derive(Clone)]
pub(super) struct SignedUrl<'a> {
    scheme: &'a str,
    /// `user:password@`, or nothing.
    user: &'a str,
    host: &'a str,
    /// `:8443`, or nothing.
    port: &'a str,
    /// The path, and with it what the base has of one.
    base_path: &'a str,
    path: &'a str,
    /// `?…`, or nothing.
    query: Cow<'a, str>,
}

/// Whether this can stand before a request target.
pub(super) fn is_base(base: &str) -> bool {
    let url = SignedUrl::new(base, "");
    let known = matches!(url.scheme, "http://" | "https://");
    known && !url.host.is_empty() && !base.ends_with('/') && !base.contains(['?', '#', ' '])
}

impl<'a> SignedUrl<'a> {
    /// `base` with `target` behind it; a whole URL can be the base of an empty target.
    pub(super) fn new(base: &'a str, target: &'a str) -> Self {
        let (scheme, rest) = match base.find("://") {
            Some(at) => base.split_at(at + "://".len()),
            None => ("", base),
        };
        let (authority, base_rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (user, host_port) = match authority.rfind('@') {
            Some(at) => authority.split_at(at + 1),
            None => ("", authority),
        };
        let (host, port) = split_port(host_port);
        // A whole URL has its query in the base, a base and a target in the target.
        let (base_path, path, query) = match base_rest.find('?') {
            Some(at) => (base_rest.get(..at), "", base_rest.get(at..)),
            None => {
                let at = target.find('?').unwrap_or(target.len());
                (Some(base_rest), target.get(..at).unwrap_or_default(), target.get(at..))
            }
        };
        Self {
            scheme,
            user,
            host,
            port,
            base_path: base_path.unwrap_or_default(),
            path,
            query: Cow::Borrowed(query.unwrap_or_default()),
        }
    }

    pub(super) fn parts(&self) -> [&str; 7] {
        [self.scheme, self.user, self.host, self.port, self.base_path, self.path, &self.query]
    }

    /// All that Twilio may have signed in its place: {without port, with it or the default one} x
    /// {apostrophe in the query raw, escaped} x {credentials kept, dropped}. It contains `self`
    /// once more, which does no harm on the way to a refusal.
    pub(super) fn variants(&self) -> Vec<Self> {
        let default_port = if self.scheme == "http://" { ":80" } else { ":443" };
        let ports = ["", if self.port.is_empty() { default_port } else { self.port }];
        let mut users = vec![self.user];
        if !self.user.is_empty() {
            users.push("");
        }
        let mut queries = vec![self.query.clone()];
        if self.query.contains('\'') {
            queries.push(Cow::Owned(self.query.replace('\'', "%27")));
        }
        if self.query.contains("%27") {
            queries.push(Cow::Owned(self.query.replace("%27", "'")));
        }
        let mut variants = Vec::with_capacity(ports.len() * users.len() * queries.len());
        for port in ports {
            for user in &users {
                for query in &queries {
                    variants.push(Self { port, user, query: query.clone(), ..self.clone() });
                }
            }
        }
        variants
    }
}

/// An IPv6 address has colons of its own, inside brackets.
fn split_port(host: &str) -> (&str, &str) {
    let from = host.rfind(']').unwrap_or(0);
    let colon = host.get(from..).and_then(|tail| tail.find(':')).map(|at| from + at);
    host.split_at(colon.unwrap_or(host.len()))
}
