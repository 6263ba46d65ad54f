//! One writer per table: `domain::store::<owner>::write` is named by its owner alone.

use crate::{paths, rust, tree};

/// Where the owner of a slice lives, when it is not the service or crate of the same name.
const HOMES: &[(&str, &str)] = &[
    // Remembering what was handled is the hearer's half of the outbox.
    ("inbox", "crates/outbox"),
    // A request that is sent again is answered by the runner of all services.
    ("idempotency", "crates/chassis"),
];

/// Who else may write, and why: (beginning of the path, owner, reason).
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "crates/testkit/src/world.rs",
        "conversations",
        "a test's world is built before its owner runs",
    ),
    ("crates/testkit/src/world.rs", "gateway", "a test's world is built before its owner runs"),
    ("crates/testkit/src/world.rs", "responder", "a test's world is built before its owner runs"),
    (
        "services/hilo/src/demo",
        "conversations",
        "the demo's shop is written before the services start",
    ),
    ("services/hilo/src/demo", "gateway", "the demo's shop is written before the services start"),
    ("services/hilo/src/user.rs", "gateway", "the first of an account is let in at the terminal"),
    ("services/hilo/src/demo", "responder", "the demo's shop is written before the services start"),
];

/// (file, owner) wherever shipped code names somebody's `write`.
fn writers() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for source in tree::rust_files().iter().filter(|source| !source.is_test()) {
        let in_domain = source.home() == "crates/domain";
        for path in paths::named_in(rust::shipped(&source.text)) {
            let path = match path.strip_prefix("crate::") {
                Some(rest) if in_domain => format!("domain::{rest}"),
                _ => path,
            };
            let Some(below) = path.strip_prefix("domain::store::") else { continue };
            let mut parts = below.split("::");
            match (parts.next(), parts.next()) {
                // A glob hides who writes what.
                (Some("*"), _) => found.push((source.path.clone(), "*".to_owned())),
                (Some(owner), Some("write" | "*")) => {
                    found.push((source.path.clone(), owner.to_owned()));
                }
                _ => {}
            }
        }
    }
    found.dedup();
    found
}

fn is_owner(path: &str, owner: &str) -> bool {
    let home = HOMES.iter().find(|(slice, _)| *slice == owner).map(|(_, home)| *home);
    let mut homes = match home {
        Some(home) => vec![home.to_owned()],
        None => vec![format!("services/{owner}"), format!("crates/{owner}")],
    };
    homes.push(format!("crates/domain/src/store/{owner}"));
    homes.iter().any(|home| path.starts_with(&format!("{home}/")) || path == format!("{home}.rs"))
}

#[test]
fn a_slice_is_written_by_its_owner_alone() {
    let excepted = |path: &str, owner: &str| {
        EXCEPTIONS.iter().any(|(place, slice, _)| path.starts_with(place) && *slice == owner)
    };
    let strangers: Vec<_> = writers()
        .into_iter()
        .filter(|(path, owner)| !is_owner(path, owner) && !excepted(path, owner))
        .collect();
    assert!(
        strangers.is_empty(),
        "(file, owner of the slice): say it as an event, or list it in EXCEPTIONS: {strangers:#?}"
    );
}

#[test]
fn every_exception_is_still_needed() {
    let writers = writers();
    for (place, slice, reason) in EXCEPTIONS {
        let is_used = writers.iter().any(|(path, owner)| path.starts_with(place) && owner == slice);
        assert!(is_used, "{place} no longer writes {slice} ({reason}): take the exception out");
    }
}

#[test]
fn a_slice_is_at_home_with_the_service_or_crate_of_its_name() {
    assert!(is_owner("services/ingress/src/journal.rs", "ingress"));
    assert!(is_owner("crates/outbox/src/inbox.rs", "inbox"));
    assert!(is_owner("crates/domain/src/store/bus.rs", "bus"));
    assert!(!is_owner("services/responder/src/lib.rs", "ingress"));
    assert!(!is_owner("crates/domain/src/store/bus_of_others.rs", "bus"));
}
