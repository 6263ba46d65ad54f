//! The laws of what people see and do: nothing is missing on a screen that came back, and what was
//! asked for is done once. Pure, like the others.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::audit::Law;
use super::books::Books;
use super::heard::{Answer, Heard, Listener};

/// Reads what screens were told and what a person asked for.
pub fn laws(books: &Books) -> Vec<Law> {
    let told: HashMap<i64, &Heard> = books.told.iter().map(|event| (event.id, event)).collect();
    let missed = books.listeners.iter().flat_map(|listener| missed(listener, &told, books.head));
    vec![
        Law { name: "no event is missing on a client that reconnects", broken: missed.collect() },
        Law { name: "every text reached the screens", broken: unannounced(books) },
        Law { name: "what a person asked for was done once", broken: done_otherwise(books) },
    ]
}

fn missed(listener: &Listener, told: &HashMap<i64, &Heard>, head: i64) -> Vec<String> {
    let name = &listener.name;
    let mut broken: Vec<String> =
        listener.surprises.iter().map(|what| format!("{name}: {what}")).collect();
    let ids: Vec<i64> = listener.heard.iter().map(|event| event.id).collect();
    let steps = ids.iter().zip(ids.iter().skip(1));
    let jumps = steps.filter(|(before, after)| **after != **before + 1);
    broken.extend(jumps.map(|(before, after)| format!("{name}: {after} came after {before}")));
    if ids.last() != Some(&head) {
        broken.push(format!("{name} ended at {:?}, the head is {head}", ids.last()));
    }
    let others = listener.heard.iter().filter(|event| told.get(&event.id) != Some(event));
    broken.extend(others.map(|event| format!("{name}: {} was told otherwise", event.id)));
    broken
}

/// What screens are told of a text that stands like this.
fn owed(status: &str) -> Option<&'static str> {
    match status {
        "sent" => Some("text_sent"),
        "delivered" | "read" => Some("text_delivered"),
        "undelivered" | "failed" | "canceled" => Some("text_failed"),
        // It still moves: that is another law's matter.
        _ => None,
    }
}

fn unannounced(books: &Books) -> Vec<String> {
    let told: HashSet<(Uuid, &str)> =
        books.told.iter().filter_map(|event| Some((event.message?, event.what.as_str()))).collect();
    let inbound = books.inbound.iter().map(|text| (text.id, Some("text_received")));
    let outbound = books.outbound.iter().map(|text| (text.id, owed(&text.status)));
    inbound
        .chain(outbound)
        .filter_map(|(id, what)| Some((id, what?)))
        .filter(|it| !told.contains(it))
        .map(|(id, what)| format!("{id}: no {what}"))
        .collect()
}

fn done_otherwise(books: &Books) -> Vec<String> {
    let mut done: HashMap<&str, Vec<Uuid>> = HashMap::new();
    for text in &books.by_person {
        done.entry(&text.body).or_default().push(text.id);
    }
    let mut broken = Vec::new();
    for asked in &books.asked {
        let rows = done.remove(asked.body.as_str()).unwrap_or_default();
        let is_right = match &asked.answer {
            Answer::Taken(id) => rows == [*id],
            Answer::Refused(_) => rows.is_empty(),
            Answer::Missing(_) => false,
        };
        if !is_right {
            broken.push(format!("{} was {:?}: {} texts", asked.key, asked.answer, rows.len()));
        }
    }
    broken.extend(done.into_values().flatten().map(|id| format!("nobody asked for {id}")));
    broken
}
