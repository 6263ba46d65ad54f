//! Which items a file names: its `use` trees spelled out, and its paths with their first word
//! resolved through them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::rust;

static USE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\buse\s+([^;]+);").unwrap());

static MOD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bmod\s+(\w+)").unwrap());

static PATH: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:::)?\b[A-Za-z_]\w*(?:\s*::\s*[A-Za-z_]\w*)+").unwrap());

/// Every path that the code names, from the crate on: `domain::store::outbox::write::insert`.
pub fn named_in(text: &str) -> BTreeSet<String> {
    let code = rust::code(text);
    let (mut named, mut short_for) = (BTreeSet::new(), BTreeMap::new());
    for tree in USE.captures_iter(&code) {
        for Import { path, name } in spelled_out(&tree[1]) {
            named.insert(path.clone());
            short_for.insert(name, path);
        }
    }
    for module in MOD.captures_iter(&code) {
        short_for.insert(module[1].to_owned(), format!("self::{}", &module[1]));
    }
    let body = USE.replace_all(&code, "");
    for path in PATH.find_iter(&body) {
        let path: String = path.as_str().split_whitespace().collect();
        let (first, rest) = path.split_once("::").unwrap();
        let resolved = match (first, short_for.get(first)) {
            // `::name` can only be a crate.
            ("", _) => rest.to_owned(),
            (_, Some(full)) => format!("{full}::{rest}"),
            (_, None) => path,
        };
        named.insert(resolved);
    }
    named
}

struct Import {
    path: String,
    /// What the file calls it.
    name: String,
}

/// `a::{b, c::{self, d as e}}` as `a::b`, `a::c`, `a::c::d`.
fn spelled_out(tree: &str) -> Vec<Import> {
    let mut found = Vec::new();
    spell("", tree.trim(), &mut found);
    found
}

fn spell(prefix: &str, tree: &str, found: &mut Vec<Import>) {
    let tree = tree.trim();
    if let Some((head, inside)) = tree.split_once('{') {
        let prefix = format!("{prefix}{}", head.trim().trim_start_matches("::"));
        let inside = &inside[..inside.rfind('}').unwrap_or(inside.len())];
        for branch in branches(inside) {
            spell(&prefix, branch, found);
        }
        return;
    }
    if tree.is_empty() {
        return;
    }
    let (path, alias) = match tree.split_once(" as ") {
        Some((path, alias)) => (path.trim(), Some(alias.trim())),
        None => (tree, None),
    };
    let path = format!("{prefix}{}", path.trim_start_matches("::"));
    let path = path.strip_suffix("::self").unwrap_or(&path).to_owned();
    let last = path.rsplit("::").next().unwrap_or(&path);
    let name = alias.unwrap_or(last).to_owned();
    found.push(Import { path, name });
}

/// Splits at the commas that stand in no inner braces.
fn branches(inside: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut found) = (0_i32, 0, Vec::new());
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&inside[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    found.push(&inside[begin..]);
    found
}

#[test]
fn a_path_is_found_however_it_is_imported() {
    for text in [
        "fn f() { domain::store::inbox::write::prune(tx) }",
        "use domain::store::inbox::write; fn f() { write::prune(tx) }",
        "use domain::store::inbox; fn f() { inbox::write::prune(tx) }",
        "use domain::{PhoneNumber, store::{inbox::{self, read}, outbox}};\nfn f() { inbox::write::prune(tx) }",
        "use domain::store as tables; fn f() { tables::inbox::write::prune(tx) }",
        "use domain::store::{\n    inbox::write::{prune, Row as R},\n}; fn f() { prune(tx) }",
    ] {
        assert!(named_in(text).contains("domain::store::inbox::write::prune"), "{text}");
    }
}

#[test]
fn a_module_of_ones_own_is_not_the_crate_of_that_name() {
    let text = "mod twilio; fn f() { twilio::routes() } fn g() { ::twilio::sign() }";
    assert!(named_in(text).contains("self::twilio::routes"));
    assert!(named_in(text).contains("twilio::sign"));
    assert!(
        !named_in("// twilio::sign\nfn f() { log(\"twilio::sign\") }").contains("twilio::sign")
    );
}
