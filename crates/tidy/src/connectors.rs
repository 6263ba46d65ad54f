//! Doors: who may name a provider's crate, the broker and the tables in the code itself.

use crate::tree::{self, Source};
use crate::{paths, rust};

/// One outside system each.
const CONNECTORS: &[&str] = &["anthropic", "twilio"];

/// Where a service may name a connector: from there on everyone sees a one-method trait.
fn may_name_connector(source: &Source, connector: &str) -> bool {
    let inside = source.inside();
    // Ingress speaks each provider's own webhooks, in a module of the provider's name.
    let at_the_door = source.home() == "services/ingress"
        && (inside.starts_with(&format!("src/{connector}/"))
            || inside == format!("src/{connector}.rs"));
    inside == "src/wire.rs" || inside.starts_with("src/wire/") || at_the_door
}

/// The paths that a file's shipped code names from a crate of that name.
fn names(source: &Source, from: &str) -> Vec<String> {
    paths::named_in(rust::shipped(&source.text))
        .into_iter()
        .filter(|path| path == from || path.starts_with(&format!("{from}::")))
        .map(|path| format!("{}: {path}", source.path))
        .collect()
}

fn shipped_under(top: &str) -> Vec<Source> {
    tree::rust_files()
        .into_iter()
        .filter(|source| source.path.starts_with(top) && !source.is_test())
        // It plays the providers and depends on no connector; its `mod twilio` is its own.
        .filter(|source| source.home() != "services/simulator")
        .collect()
}

#[test]
fn a_service_names_a_connector_in_wire_rs_only() {
    let mut strangers = Vec::new();
    for source in shipped_under("services/") {
        for connector in CONNECTORS {
            if !may_name_connector(&source, connector) {
                strangers.extend(names(&source, connector));
            }
        }
    }
    assert!(strangers.is_empty(), "build it in wire.rs and pass a trait on: {strangers:#?}");
}

#[test]
fn a_service_speaks_and_hears_through_the_outbox_and_the_chassis() {
    let strangers: Vec<String> = shipped_under("services/")
        .iter()
        // The binary opens the one bus that all services of a process share.
        .filter(|source| source.home() != "services/hilo")
        .flat_map(|source| names(source, "bus"))
        .collect();
    assert!(strangers.is_empty(), "use outbox::enqueue and chassis::consume: {strangers:#?}");
}

#[test]
fn a_connector_knows_no_tables_and_no_broker() {
    let mut strangers = Vec::new();
    for connector in CONNECTORS {
        for source in shipped_under(&format!("crates/{connector}/")) {
            for forbidden in ["domain::store", "bus", "outbox"] {
                strangers.extend(names(&source, forbidden));
            }
        }
    }
    assert!(strangers.is_empty(), "a connector is tested against a stub alone: {strangers:#?}");
}
