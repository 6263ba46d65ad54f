//! What was counted, for the person at the terminal.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::audit::Law;
use crate::books::{Books, Outbound};
use crate::drain::Drained;
use crate::heard::{Answer, Asked};
use crate::member::Kind;
use crate::watch::Watched;

/// Of those who broke a law so many are named.
const NAMED: usize = 20;

/// All of it.
pub struct Figures<'a> {
    pub killed: &'a BTreeMap<Kind, usize>,
    pub died: &'a [String],
    pub books: &'a Books,
    pub watched: &'a Watched,
    pub drained: &'a Drained,
    pub laws: &'a [Law],
    pub suffered: Duration,
    pub elapsed: Duration,
}

/// Prints it.
pub fn table(figures: &Figures<'_>) {
    let killed = figures.killed.iter().map(|(kind, times)| format!("{} {times}", kind.name()));
    let killed: Vec<String> = killed.collect();
    let total: usize = figures.killed.values().sum();
    say("");
    row("kills", &format!("{total} ({})", killed.join(", ")));
    row("ended by themselves", &figures.died.len().to_string());
    figures.died.iter().take(NAMED).for_each(|death| say(&format!("    {death}")));
    inbound(figures.books);
    outbound(figures.books, figures.watched);
    people(figures.books);
    row("looks at every status", &figures.watched.looks.to_string());
    let seconds = |time: Duration| format!("{:.0} s", time.as_secs_f64());
    let (suffered, drained) = (seconds(figures.suffered), seconds(figures.drained.took));
    row(
        "elapsed",
        &format!(
            "{} ({suffered} until the last kill, {drained} to come to rest)",
            seconds(figures.elapsed)
        ),
    );
    say("");
    for law in figures.laws {
        let verdict = match law.broken.len() {
            0 => "holds".to_owned(),
            n => format!("BROKEN {n} times"),
        };
        row(law.name, &verdict);
        law.broken.iter().take(NAMED).for_each(|who| say(&format!("    {who}")));
    }
}

fn inbound(books: &Books) {
    let texts = &books.ledger.inbound;
    let accepted = texts.iter().filter(|text| text.accepted).count();
    let retried = texts.iter().filter(|text| text.attempts > 1).count();
    let by_source = |source: &str| books.receipts.get(source).copied().unwrap_or(0);
    row("texts from customers", &texts.len().to_string());
    row(
        "  whose webhook was accepted",
        &format!("{accepted} ({retried} at a later attempt or twice)"),
    );
    row("  spooled through the broker", &by_source("spool").to_string());
    row("  recovered from the provider's list", &by_source("reconciliation").to_string());
    row("  with a message", &books.inbound.len().to_string());
}

fn outbound(books: &Books, watched: &Watched) {
    let count =
        |is: &dyn Fn(&Outbound) -> bool| books.outbound.iter().filter(|text| is(text)).count();
    let left = |text: &Outbound| text.twilio_sid.is_some();
    let by = |author: &'static str| count(&move |text| left(text) && text.author == author);
    row("texts of ours", &books.outbound.len().to_string());
    row("  answered by a rule", &by("static_response").to_string());
    row("  answered by the model", &by("assistant").to_string());
    row("  said by the house", &by("system").to_string());
    row("  canceled as stale", &count(&|text| text.status == "canceled").to_string());
    row("  delivered", &count(&|text| text.status == "delivered").to_string());
    row("  sent, without a receipt", &count(&|text| text.status == "sent").to_string());
    let resolved = count(&|text| watched.uncertain.contains(&text.id) && left(text));
    row(
        "  uncertain for a while",
        &format!("{} ({resolved} resolved as sent)", watched.uncertain.len()),
    );
    row("  tried more than once", &count(&|text| text.attempts > 1).to_string());
    row("texts in the ledger", &books.ledger.messages.len().to_string());
    row("opt-outs", &books.opt_outs.len().to_string());
}

fn people(books: &Books) {
    let returns: u32 = books.listeners.iter().map(|listener| listener.returns).sum();
    let seen: usize = books.listeners.iter().map(|listener| listener.heard.len()).sum();
    row("events for screens", &books.head.to_string());
    row(
        "  seen",
        &format!(
            "{seen} times by {} screens, which came back {returns} times",
            books.listeners.len()
        ),
    );
    let count = |is: &dyn Fn(&Asked) -> bool| books.asked.iter().filter(|one| is(one)).count();
    row("texts that a person asked for", &books.asked.len().to_string());
    row("  taken", &count(&|one| matches!(one.answer, Answer::Taken(_))).to_string());
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &books.asked {
        if let Answer::Refused(why) = &one.answer {
            *refused.entry(why).or_default() += 1;
        }
    }
    let why: Vec<String> = refused.iter().map(|(why, times)| format!("{why} {times}")).collect();
    let refused: usize = refused.values().sum();
    row("  refused", &format!("{refused} ({})", why.join(", ")));
    row("  asked for more than once", &count(&|one| one.attempts > 1).to_string());
    row("  answered with an earlier answer", &count(&|one| one.replayed).to_string());
}

fn row(name: &str, value: &str) {
    say(&format!("{name:<40} {value}"));
}

/// A line.
#[expect(clippy::print_stdout, reason = "this is a program for a terminal")]
pub fn say(line: &str) {
    println!("{line}");
}
