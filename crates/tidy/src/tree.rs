//! The checkout as the tests see it: its Rust files with their paths from the root.

use std::fs;
use std::path::{Path, PathBuf};

/// A Rust file.
pub struct Source {
    /// From the root of the checkout, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
}

impl Source {
    /// Whether nothing of it ships: `tests/`, `tests.rs`, benches, examples.
    pub fn is_test(&self) -> bool {
        let of_tests = |part: &str| matches!(part, "tests" | "tests.rs" | "benches" | "examples");
        self.path.split('/').any(of_tests)
    }

    /// The crate's folder: `crates/domain`, `services/ingress`.
    pub fn home(&self) -> &str {
        self.path.match_indices('/').nth(1).map_or(&self.path, |(end, _)| &self.path[..end])
    }

    /// The path inside the crate: `src/wire.rs`.
    pub fn inside(&self) -> &str {
        self.path.strip_prefix(self.home()).unwrap().trim_start_matches('/')
    }
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// Every Rust file under `crates/` and `services/`.
pub fn rust_files() -> Vec<Source> {
    let mut found = Vec::new();
    for top in ["crates", "services"] {
        walk(&root().join(top), &mut found);
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The folders in a folder, by name.
pub fn folders_in(path: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root().join(path)) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn walk(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            let not_ours = name.starts_with('.') || matches!(name, "target" | "node_modules");
            if !not_ours {
                walk(&path, found);
            }
        } else if name.ends_with(".rs") {
            let inside = path.strip_prefix(root()).unwrap();
            // A file can go while others work in the same checkout.
            let Ok(text) = fs::read_to_string(&path) else { continue };
            found.push(Source { path: inside.to_str().unwrap().replace('\\', "/"), text });
        }
    }
}

#[test]
fn a_file_knows_its_crate_and_whether_it_ships() {
    let source = |path: &str| Source { path: path.to_owned(), text: String::new() };
    let ships = source("services/ingress/src/wire.rs");
    assert_eq!((ships.home(), ships.inside()), ("services/ingress", "src/wire.rs"));
    assert!(!ships.is_test());
    assert!(source("services/ingress/tests/it/sms.rs").is_test());
    assert!(source("crates/domain/src/phone/tests.rs").is_test());
}
