//! What the gateway itself costs: the same questions through it and past it.

use anyhow::ensure;
use serde_json::Value;

use crate::Scale;
use crate::crowd::Crowd;
use crate::generator::{Load, load_over};
use crate::person::{HEADER, granted};
use crate::report::{Figure, Report, Target, median, short};

const ALONE: u32 = 500;
const BUSY: u32 = 3_000;
const AT_ONCE: usize = 16;

pub async fn measure(
    gateway: u16,
    conversations: u16,
    crowd: &Crowd,
    scale: Scale,
    report: &mut Report,
) -> anyhow::Result<()> {
    let list = "/api/conversations/?limit=50".to_owned();
    let one = format!("/api/conversations/{}", first_of(conversations, crowd, &list).await?);
    for (what, path) in [("a page of 50", list), ("one conversation", one)] {
        let ways = Ways { gateway, conversations, crowd, path };
        let (mut through, mut past) = (vec![], vec![]);
        let (mut busy_through, mut busy_past) = (vec![], vec![]);
        ways.both(AT_ONCE, 200).await?;
        for _ in 0..scale.rounds() {
            let (ours, directly) = ways.both(1, scale.of(ALONE)).await?;
            through.push(ours.ms(0.5));
            past.push(directly.ms(0.5));
            let (ours, directly) = ways.both(AT_ONCE, scale.of(BUSY)).await?;
            busy_through.push(ours.rate());
            busy_past.push(directly.rate());
        }
        let ((through, spread), (past, _)) = (median(through), median(past));
        report.add(
            Figure::new("d", format!("{what} through the gateway, median"), through, "ms")
                .against("ms, the service alone", past)
                .target(Target::RatioAtMost(1.5))
                .note(format!("one at a time; {spread}")),
        );
        let ((through, spread), (past, _)) = (median(busy_through), median(busy_past));
        report.add(
            Figure::new("d", format!("{what} through the gateway"), through, "/s")
                .against("/s, the service alone", past)
                .target(Target::RatioAtLeast(0.67))
                .note(format!("{AT_ONCE} at a time; {spread}; {} to 1", short(past / through))),
        );
    }
    Ok(())
}

/// One question, and the two ways to ask it.
struct Ways<'a> {
    gateway: u16,
    conversations: u16,
    crowd: &'a Crowd,
    path: String,
}

impl Ways<'_> {
    async fn both(&self, at_once: usize, count: u32) -> anyhow::Result<(Load, Load)> {
        let paths = vec![self.path.clone(); count as usize];
        let signed = self.crowd.owner.directly("conversations", &paths);
        let past = load_over(self.conversations, signed, at_once, None).await?;
        let bearing = self.crowd.owner.through_the_gateway(&paths);
        let through = load_over(self.gateway, bearing, at_once, None).await?;
        let refused = past.refused + through.refused;
        ensure!(refused == 0, "{} was refused {refused} times", self.path);
        Ok((through, past))
    }
}

async fn first_of(port: u16, crowd: &Crowd, list: &str) -> anyhow::Result<String> {
    let word = crowd.owner.word("conversations", "GET", list);
    let client = reqwest::Client::builder().build()?;
    let answer = client.get(format!("http://127.0.0.1:{port}{list}")).header(HEADER, word);
    let page: Value = granted(answer.send().await?).await?.json().await?;
    let id = page.pointer("/items/0/id").and_then(Value::as_str);
    Ok(id.unwrap_or_default().to_owned())
}
