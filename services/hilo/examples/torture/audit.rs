//! The laws, each with those who broke it. Pure: the books come in, the verdict goes out.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use super::books::{Books, Outbound};
use super::screens;
use super::watch::Watched;

/// A law.
pub struct Law {
    pub name: &'static str,
    /// Ids, never numbers.
    pub broken: Vec<String>,
}

/// Reads the books; `left` is what still moved at the end.
pub fn audit(
    books: &Books,
    watched: &Watched,
    dead: &[(String, u64)],
    left: &[String],
) -> Vec<Law> {
    let law = |name, broken| Law { name, broken };
    let mut laws = vec![
        law("it came to rest", left.to_vec()),
        law("every accepted webhook has its message", lost(books)),
        law("every message was sent exactly once", unlike_the_ledger(books)),
        law("every recipient saw one number", split(books)),
        law("no status went backwards", watched.fell.clone()),
        law("nobody was texted after leaving", texted_after_leaving(books, watched)),
        law("no dead letters", dead.iter().map(|(queue, n)| format!("{queue}: {n}")).collect()),
        law("at most one answer to a text", answered_twice(books)),
        law(
            "every last word was considered",
            books.unconsidered.iter().map(|it| it.message.to_string()).collect(),
        ),
    ];
    laws.extend(screens::laws(books));
    laws
}

fn lost(books: &Books) -> Vec<String> {
    let known: HashSet<&str> = books.inbound.iter().map(|text| text.twilio_sid.as_str()).collect();
    let accepted = books.ledger.inbound.iter().filter(|text| text.accepted);
    accepted
        .filter(|text| !known.contains(text.sid.as_str()))
        .map(|text| text.sid.clone())
        .collect()
}

/// How many entries of the ledger a text of ours must have.
fn owed(text: &Outbound) -> std::ops::RangeInclusive<usize> {
    match text.status.as_str() {
        "sent" | "delivered" | "undelivered" | "read" => 1..=1,
        // Refused, or taken and failed later.
        "failed" => 0..=1,
        _ => 0..=0,
    }
}

fn unlike_the_ledger(books: &Books) -> Vec<String> {
    let mut sent = books.sent_by_message();
    let mut broken = Vec::new();
    for text in &books.outbound {
        let entries = sent.remove(&text.id).unwrap_or_default();
        if !owed(text).contains(&entries.len()) {
            broken.push(format!(
                "{} is {} and was sent {} times",
                text.id,
                text.status,
                entries.len()
            ));
        }
        if let (Some(ours), [theirs]) = (&text.twilio_sid, entries.as_slice())
            && *ours != theirs.sid
        {
            broken
                .push(format!("{} is {} to us and {} to the provider", text.id, ours, theirs.sid));
        }
    }
    broken.extend(
        sent.iter()
            .map(|(id, entries)| format!("{id} is no text of ours, sent {} times", entries.len())),
    );
    broken
}

fn split(books: &Books) -> Vec<String> {
    let mut seen: BTreeMap<&str, (&str, BTreeSet<&str>)> = BTreeMap::new();
    for sent in &books.ledger.messages {
        let (_, numbers) = seen.entry(&sent.to).or_insert_with(|| (&sent.sid, BTreeSet::new()));
        numbers.insert(&sent.from);
    }
    let split = seen.values().filter(|(_, numbers)| numbers.len() > 1);
    split.map(|(sid, numbers)| format!("whoever got {sid} saw {} numbers", numbers.len())).collect()
}

/// An opt-out that we have seen committed was there to be seen by every later claim.
fn texted_after_leaving(books: &Books, watched: &Watched) -> Vec<String> {
    let mut broken = Vec::new();
    for opt_out in &books.opt_outs {
        let Some(seen) = watched.opted_out.get(&opt_out.id) else { continue };
        let after = books.outbound.iter().filter(|text| {
            text.to_number == opt_out.phone_number
                && text.purpose != "opt_out_confirmation"
                && text.status != "canceled"
                && text.claimed_at.is_some_and(|at| {
                    at > *seen && opt_out.revoked_at.is_none_or(|revoked| at < revoked)
                })
        });
        broken.extend(after.map(|text| {
            format!("{} left at {:?}, the opt-out stood since {seen}", text.id, text.claimed_at)
        }));
    }
    broken
}

fn answered_twice(books: &Books) -> Vec<String> {
    let mut answers: HashMap<Uuid, u32> = HashMap::new();
    for question in books.outbound.iter().filter_map(|text| text.in_reply_to) {
        *answers.entry(question).or_default() += 1;
    }
    let twice = answers.into_iter().filter(|(_, n)| *n > 1);
    twice.map(|(question, n)| format!("{question} was answered {n} times")).collect()
}
