//! Who may depend on whom, against what cargo says.

use cargo_metadata::{Dependency, DependencyKind, MetadataCommand, Package};

use crate::tree;

/// A new arrow is a decision: it goes in here, in the same commit, and one that nobody needs any
/// more goes out. `testkit` is in nobody's list: nothing that ships may see it.
const MAY_DEPEND_ON: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("telemetry", &[]),
    ("events", &["domain"]),
    ("providers", &["domain"]),
    ("web", &["domain", "telemetry"]),
    ("bus", &["domain", "telemetry"]),
    ("outbox", &["bus", "domain", "events", "telemetry"]),
    ("twilio", &["domain", "providers", "telemetry"]),
    ("anthropic", &["providers", "telemetry"]),
    ("chassis", &["bus", "domain", "events", "outbox", "telemetry", "web"]),
    ("testkit", &["domain", "telemetry", "web"]),
    ("tidy", &[]),
    (
        "conversations",
        &["chassis", "domain", "events", "outbox", "providers", "telemetry", "twilio", "web"],
    ),
    (
        "ingress",
        &["chassis", "domain", "events", "outbox", "providers", "telemetry", "twilio", "web"],
    ),
    (
        "responder",
        &["anthropic", "chassis", "domain", "events", "outbox", "providers", "telemetry", "web"],
    ),
    ("gateway", &["chassis", "domain", "events", "outbox", "telemetry", "web"]),
    ("simulator", &[]),
    (
        "hilo",
        &[
            "bus",
            "chassis",
            "conversations",
            "domain",
            "events",
            "gateway",
            "ingress",
            // What the doctor asks Twilio, by the trait that conversations gives it.
            "providers",
            "responder",
            "simulator",
            "telemetry",
            // Whether the doctor finds a key that can be one.
            "web",
        ],
    ),
];

/// What tests alone may see besides `testkit` and what their crate sees anyway.
const TESTS_MAY_DEPEND_ON: &[(&str, &[&str])] = &[
    // The catalogue as data, to compare it with the one for people.
    ("tidy", &["events"]),
];

fn members() -> Vec<Package> {
    let manifest = tree::root().join("Cargo.toml");
    MetadataCommand::new()
        .manifest_path(manifest)
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .unwrap()
        .packages
}

fn ours(package: &Package) -> impl Iterator<Item = &Dependency> {
    package.dependencies.iter().filter(|dependency| dependency.path.is_some())
}

fn listed(table: &[(&str, &'static [&'static str])], package: &str) -> &'static [&'static str] {
    table.iter().find(|(name, _)| *name == package).map_or(&[], |(_, may)| may)
}

#[test]
fn every_arrow_is_allowed() {
    let mut strangers = Vec::new();
    for package in members() {
        let name = package.name.as_str();
        let may = listed(MAY_DEPEND_ON, name);
        for dependency in ours(&package) {
            let on = dependency.name.as_str();
            let in_tests = dependency.kind == DependencyKind::Development
                && (on == "testkit" || listed(TESTS_MAY_DEPEND_ON, name).contains(&on));
            if !may.contains(&on) && !in_tests {
                strangers.push(format!("{name} -> {on} ({:?})", dependency.kind));
            }
        }
    }
    assert!(strangers.is_empty(), "not in MAY_DEPEND_ON, see crates/README.md: {strangers:#?}");
}

#[test]
fn no_arrow_is_allowed_that_nobody_needs() {
    let members = members();
    let mut unused = Vec::new();
    for (name, may) in MAY_DEPEND_ON {
        let Some(package) = members.iter().find(|package| package.name.as_str() == *name) else {
            unused.push(format!("{name}: no such crate"));
            continue;
        };
        let is_used = |on: &&&str| {
            ours(package).any(|dependency| {
                dependency.kind != DependencyKind::Development && dependency.name == **on
            })
        };
        unused.extend(may.iter().filter(|on| !is_used(on)).map(|on| format!("{name} -> {on}")));
    }
    assert!(unused.is_empty(), "take these out of MAY_DEPEND_ON: {unused:#?}");
}

#[test]
fn every_crate_is_in_the_table() {
    let missing: Vec<_> = members()
        .into_iter()
        .map(|package| package.name)
        .filter(|name| !MAY_DEPEND_ON.iter().any(|(known, _)| *known == name.as_str()))
        .collect();
    assert!(missing.is_empty(), "say in MAY_DEPEND_ON what these may see: {missing:#?}");
}
