//! The catalogue of events is one and the same for people, for the broker and in the services.

use std::collections::BTreeSet;
use std::fs;

use crate::{rust, tree};

/// A row of the table in `proto-events/README.md`.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    event: String,
    said_by: String,
    heard_by: Vec<String>,
}

fn readme() -> Vec<Row> {
    let text = fs::read_to_string(tree::root().join("proto-events/README.md")).unwrap();
    let rows: Vec<Row> = text.lines().filter_map(row).collect();
    assert!(!rows.is_empty(), "no row such as | `sms.received` | ingress | conversations |");
    rows
}

fn row(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
    let [event, said_by, heard_by] = cells.as_slice() else { return None };
    let event = event.strip_prefix('`')?.strip_suffix('`')?.to_owned();
    let heard_by =
        heard_by.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    Some(Row { event, said_by: (*said_by).to_owned(), heard_by: heard_by.collect() })
}

/// `sms.status_changed` for `sms_status_changed`: the first word is the noun.
fn event_of(words: &str) -> String {
    words.replacen('_', ".", 1)
}

/// (sayer, event) of every file.
fn proto_files() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for sayer in tree::folders_in("proto-events") {
        for version in tree::folders_in(&format!("proto-events/{sayer}")) {
            let folder = tree::root().join("proto-events").join(&sayer).join(&version);
            for file in fs::read_dir(folder).unwrap() {
                let name = file.unwrap().file_name().into_string().unwrap();
                let event = name.strip_suffix(".proto").unwrap_or_else(|| panic!("{name}?"));
                found.insert((sayer.clone(), event_of(event)));
            }
        }
    }
    found
}

/// (hearer, event) of every subscription, from the name of its queue.
fn subscriptions() -> BTreeSet<(String, String)> {
    let subscription = regex::Regex::new(r#"Subscription::new\(\s*"([^".]+)\.([^"]+)""#).unwrap();
    let mut found = BTreeSet::new();
    for source in tree::rust_files() {
        if !source.path.starts_with("services/") || source.is_test() {
            continue;
        }
        let code = rust::code_and_strings(rust::shipped(&source.text));
        for queue in subscription.captures_iter(&code) {
            let hearer = queue[1].to_owned();
            assert_eq!(
                source.home(),
                format!("services/{hearer}"),
                "{}: a queue begins with the name of its service",
                source.path
            );
            found.insert((hearer, event_of(&queue[2])));
        }
    }
    found
}

#[test]
fn every_event_has_a_file_and_every_file_is_in_the_catalogue() {
    let listed: BTreeSet<_> = readme().into_iter().map(|row| (row.said_by, row.event)).collect();
    assert_eq!(listed, proto_files(), "proto-events/README.md (left), the files (right)");
}

#[test]
fn the_broker_follows_the_same_catalogue() {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let in_code: Vec<Row> = events::CATALOGUE
        .iter()
        .map(|entry| Row {
            event: entry.event.to_owned(),
            said_by: entry.said_by.to_owned(),
            heard_by: owned(entry.heard_by),
        })
        .collect();
    assert_eq!(readme(), in_code, "proto-events/README.md (left), events::CATALOGUE (right)");
}

#[test]
fn who_is_said_to_hear_an_event_subscribes_to_it_and_nobody_else() {
    let subscribed = subscriptions();
    // A service that hears nothing at all is not built yet.
    let is_built = |hearer: &str| subscribed.iter().any(|(built, _)| built == hearer);
    let listed: BTreeSet<_> = readme()
        .into_iter()
        .flat_map(|row| row.heard_by.into_iter().map(move |hearer| (hearer, row.event.clone())))
        .filter(|(hearer, _)| is_built(hearer))
        .collect();
    assert_eq!(listed, subscribed, "proto-events/README.md (left), the services (right)");
}

#[test]
fn a_row_is_read_with_all_its_hearers() {
    let read = row("| `reply.drafted` | responder | conversations, analytics |").unwrap();
    assert_eq!((read.event.as_str(), read.said_by.as_str()), ("reply.drafted", "responder"));
    assert_eq!(read.heard_by, ["conversations", "analytics"]);
    assert!(row("| `text.sent` | conversations | |").unwrap().heard_by.is_empty());
    assert_eq!(row("| event | said by | heard by |"), None);
    assert_eq!(row("|---|---|---|"), None);
}
