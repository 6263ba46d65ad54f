//! The versions are pinned once, and each says what it is for.

use std::fs;

use crate::tree;

/// The lines of `[workspace.dependencies]`.
fn workspace_dependencies() -> Vec<String> {
    let text = fs::read_to_string(tree::root().join("Cargo.toml")).unwrap();
    text.lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_foreign_dependency_says_what_it_is_for() {
    let lines = workspace_dependencies();
    assert!(!lines.is_empty(), "no [workspace.dependencies] in Cargo.toml");
    let silent: Vec<&String> = lines
        .iter()
        .filter(|line| line.contains(" = ") && !line.starts_with('#') && !line.contains("path = "))
        .filter(|line| !line.contains(" # "))
        .collect();
    assert!(silent.is_empty(), "end these lines with `# what for`: {silent:#?}");
}

#[test]
fn a_crate_takes_its_versions_from_the_workspace() {
    let mut strays = Vec::new();
    for top in ["crates", "services"] {
        for name in tree::folders_in(top) {
            let path = tree::root().join(top).join(&name).join("Cargo.toml");
            let Ok(text) = fs::read_to_string(path) else { continue };
            let mut in_dependencies = false;
            for line in text.lines() {
                if line.starts_with('[') {
                    in_dependencies = line.trim_end_matches(']').ends_with("dependencies");
                } else if in_dependencies
                    && line.contains('=')
                    && !line.contains("workspace = true")
                {
                    strays.push(format!("{top}/{name}: {line}"));
                }
            }
        }
    }
    assert!(strays.is_empty(), "pin it in the root's [workspace.dependencies]: {strays:#?}");
}
