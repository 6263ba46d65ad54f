//! (b) From the webhook to the send request at Twilio, through every service, RabbitMQ and back;
//! a rule answers, so no model's time is in it.

use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use crate::report::{Figure, Report, Target, ms, percentiles};
use crate::town::{MODEST, Town};
use crate::{Scale, backlog, limits, receipts};

/// Commits and confirmed publishes that a text waits for on its way: the receipt, the message, the
/// draft, the queued answer, the claim; and the three events between them.
const COMMITS: f64 = 5.0;
const PUBLISHES: f64 = 3.0;

pub async fn measure(scale: Scale, report: &mut Report) -> anyhow::Result<()> {
    let town = Town::start().await?;
    let limit = COMMITS * limits::commit_ms(&town.house.db, 500).await?
        + PUBLISHES * limits::publish_ms(&town.house.rabbit, 500).await?;
    // Until every connection has its plans.
    town.pump(scale.of(2_000), 64).await?;

    let count = scale.of(4_000);
    let began = Instant::now();
    town.pump(count, 64).await?;
    let rate = f64::from(count) / began.elapsed().as_secs_f64();
    report.add(
        Figure::new("b", "texts answered/s, the whole flow", rate, "/s")
            .against("texts/s, one after the other at the speed of the hops", 1_000.0 / limit)
            .note(format!(
                "{count} customers, 64 webhooks at once; each text is 6 events and 4 webhooks"
            )),
    );

    let taken = scale.of(500);
    backlog::pace(&town.house.db, 10.0).await?;
    let alone = town.latencies(taken).await?;
    let hops = format!("ms, {COMMITS} commits and {PUBLISHES} publishes");
    report.add(
        Figure::new("b", "webhook to send request, median", ms(&alone, 0.5), "ms")
            .against(&hops, limit)
            .target(Target::AtMost(20.0))
            .note(of_texts(&alone)),
    );
    backlog::queue(&town.house.db, 100_000).await?;
    for per_second in [1.0, 10.0] {
        backlog::pace(&town.house.db, per_second).await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let behind = town.latencies(taken).await?;
        report.add(
            Figure::new(
                "b",
                format!("the same, 100,000 bulk texts waiting, {per_second} segments/s a number"),
                ms(&behind, 0.5),
                "ms",
            )
            .against("ms, alone", ms(&alone, 0.5))
            .target(Target::RatioAtMost(1.5))
            .note(format!(
                "{}; {} bulk texts still waited",
                of_texts(&behind),
                backlog::waiting(&town.house.db).await
            )),
        );
    }
    let services = town.weights();
    drop(town);
    let (_, python) = receipts::python(&mut receipts::Sids(0), Scale { quick: true }).await?;
    for (service, weight) in services {
        report.add(
            Figure::new("b", format!("memory of {service}"), weight, "MB")
                .against("MB, a Python worker", python),
        );
    }
    Ok(())
}

fn of_texts(taken: &Histogram<u64>) -> String {
    format!("{} of {} texts at {MODEST}/s", percentiles(taken), taken.len())
}
