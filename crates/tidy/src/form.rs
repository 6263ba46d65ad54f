//! Laws of form: how long a file may be, what nothing may be called, what may not be left behind.

use crate::tree::Source;
use crate::{rust, tree};

/// A file aims at 150 lines and ends at 300; beyond this it is a test that fails.
const MAX_LINES: usize = 400;

/// Names that say nothing about what is inside, so that anything ends up there.
const DRAWERS: &[&str] =
    &["utils", "util", "helpers", "helper", "common", "misc", "shared", "manager"];

/// Tests that may sleep, and why: (path, reason).
const MAY_SLEEP: &[(&str, &str)] = &[
    // The simulator is a stranger to the house, and so are its tests to testkit.
    ("services/simulator/tests/it/kit.rs", "the pause between two looks of its own `until`"),
];

/// Written by a tool.
fn is_generated(source: &Source) -> bool {
    source.path == "crates/domain/src/schema.rs"
}

#[test]
fn no_file_is_longer_than_anyone_reads() {
    let long: Vec<String> = tree::rust_files()
        .iter()
        .filter(|source| !source.is_test() && !is_generated(source))
        .map(|source| (source, rust::shipped(&source.text).lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(source, lines)| format!("{}: {lines} lines", source.path))
        .collect();
    assert!(long.is_empty(), "more than {MAX_LINES} lines: {long:#?}");
}

#[test]
fn everything_is_called_what_it_is() {
    let modules = regex::Regex::new(r"\bmod\s+(\w+)").unwrap();
    let mut drawers = Vec::new();
    for source in tree::rust_files() {
        let parts = source.path.split('/').map(|part| part.trim_end_matches(".rs"));
        let code = rust::code(&source.text);
        let modules = modules.captures_iter(&code).map(|found| found.extract::<1>().1[0]);
        if parts.chain(modules).any(|name| DRAWERS.contains(&name)) {
            drawers.push(source.path.clone());
        }
    }
    assert!(drawers.is_empty(), "name the thing: {drawers:#?}");
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not name them.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let left: Vec<String> = tree::rust_files()
        .iter()
        .filter(|source| marks.iter().any(|mark| source.text.contains(mark)))
        .map(|source| source.path.clone())
        .collect();
    assert!(left.is_empty(), "do it or drop it: {left:#?}");
}

#[test]
fn no_test_sleeps() {
    let sleep = regex::Regex::new(r"\bsleep\(").unwrap();
    let mut sleepers = Vec::new();
    for source in tree::rust_files() {
        let is_test_binary = source.path.contains("/tests/") || source.path.ends_with("/tests.rs");
        let tests = if is_test_binary { &source.text } else { rust::unshipped(&source.text) };
        let excepted = MAY_SLEEP.iter().any(|(path, _)| *path == source.path);
        if !excepted && sleep.is_match(&rust::code(tests)) {
            sleepers.push(source.path.clone());
        }
    }
    assert!(sleepers.is_empty(), "wait for what you wait for, with testkit::until: {sleepers:#?}");
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<String> = tree::rust_files()
        .iter()
        // `main.rs` is one sentence: there is nothing to say about it.
        .filter(|source| source.inside() != "src/main.rs" && !source.is_test())
        .filter(|source| !source.text.starts_with("//!"))
        .map(|source| source.path.clone())
        .collect();
    assert!(silent.is_empty(), "begin with `//!` and one to three sentences: {silent:#?}");
}
