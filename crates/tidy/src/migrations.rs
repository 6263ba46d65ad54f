//! A migration's name says when it was written, whose tables it touches and what it does.

use std::fs;

use crate::tree;

/// Who may own tables: the services of the plan, the two crates that keep what they need, and the
/// house, whose tables every service writes through a crate of theirs.
const OWNERS: &[&str] = &[
    "analytics",
    "bus",
    "campaigns",
    "conversations",
    "gateway",
    "house",
    "ingress",
    "outbox",
    "responder",
    "transcription",
];

#[test]
fn a_migration_is_named_by_time_owner_and_deed() {
    let time = r"20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])([0-5]\d){2}";
    let form = regex::Regex::new(&format!(r"^{time}_([a-z]+)_[a-z0-9]+(_[a-z0-9]+)*$")).unwrap();
    for name in tree::folders_in("migrations") {
        let parts = form.captures(&name);
        let owner = parts.as_ref().and_then(|parts| parts.get(5)).map(|owner| owner.as_str());
        assert!(
            owner.is_some_and(|owner| OWNERS.contains(&owner)),
            "migrations/{name}: YYYYMMDDHHMMSS_<owner>_<what>, with an owner of {OWNERS:?}"
        );
    }
}

#[test]
fn no_two_migrations_have_the_same_time() {
    let names = tree::folders_in("migrations");
    let same =
        |pair: &&[String]| pair[0][..14.min(pair[0].len())] == pair[1][..14.min(pair[1].len())];
    assert_eq!(names.windows(2).find(same), None, "diesel knows them by their time alone");
}

#[test]
fn a_migration_goes_up_and_down() {
    for name in tree::folders_in("migrations") {
        for file in ["up.sql", "down.sql"] {
            let path = tree::root().join("migrations").join(&name).join(file);
            let text = fs::read_to_string(&path).unwrap_or_default();
            assert!(!text.trim().is_empty(), "migrations/{name}/{file} is missing or empty");
        }
    }
}
