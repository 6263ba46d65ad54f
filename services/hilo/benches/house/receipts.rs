//! (a) Signed webhooks, each answered when its receipt and its event are committed.

use bus::Queue;

use crate::generator::{Load, load};
use crate::house::House;
use crate::machine::Cores;
use crate::peer::{Peer, WEBHOOK};
use crate::process::Process;
use crate::report::{Figure, Report, Target, median, short};
use crate::webhooks::requests;
use crate::{Scale, limits};

const INBOUND: &str = ingress::twilio::INBOUND_PATH;
/// The rate of an hour that is far busier than any that the client has seen.
const STEADY: u32 = 2_000;
/// Who hears texts; declared, because events that nobody is bound for stay in the outbox.
const HEARER: Queue =
    Queue { name: "conversations.sms_received", event_type: Some("sms.received"), prefetch: 50 };

pub async fn measure(scale: Scale, report: &mut Report) -> anyhow::Result<()> {
    let house = House::new().await;
    limits::declare(&house.rabbit, HEARER).await?;
    let mut sids = Sids(0);

    let ingress = house.start("ingress").await?;
    load(ingress.port, sids.requests(INBOUND, 2_000), None).await?;
    let steady =
        load(ingress.port, sids.requests(INBOUND, scale.of(STEADY * 10)), Some(STEADY)).await?;
    drop(ingress);

    let (mut ours, mut alone, mut single, mut grouped) = (vec![], vec![], vec![], vec![]);
    let (mut busiest, mut used, mut used_alone) = (vec![], String::new(), String::new());
    for _ in 0..scale.rounds() {
        single.push(limits::single_commits(&house.db, scale.of(5).max(2)).await?);
        let full;
        (full, used) = flood(&house, &mut sids, scale).await?;
        busiest.push(full.ms(0.99));
        ours.push(full.rate());
        grouped.push(limits::grouped_rows(&house.db, scale.of(5).max(2)).await?);
        let away;
        (away, used_alone) = without_broker(&mut sids, scale).await?;
        alone.push(away.rate());
    }
    let (peer_load, _) = python(&mut sids, scale).await?;

    let ((ours, spread), (single, of_single)) = (median(ours), median(single));
    let ((alone, alone_spread), (grouped, of_grouped)) = (median(alone), median(grouped));
    let peer = peer_load.rate();
    report.add(
        Figure::new("a", "webhooks accepted/s, the relay publishing", ours, "/s")
            .against("single-row commits/s by pgbench, 32 clients", single)
            .target(Target::RatioAtLeast(1.2))
            .note(format!("{spread}; pgbench {of_single}; {used}")),
    );
    report.add(
        Figure::new("a", "webhooks accepted/s, the broker away", alone, "/s")
            .against("single-row commits/s by pgbench, 32 clients", single)
            .note(format!("{alone_spread}; {used_alone}")),
    );
    report.add(
        Figure::new("a", "webhooks accepted/s, the relay publishing", ours, "/s")
            .against(format!("rows/s by pgbench, {} a commit", limits::GROUP), grouped)
            .note(of_grouped),
    );
    report.add(
        Figure::new("a", "webhooks accepted/s, the relay publishing", ours, "/s")
            .against("webhooks/s, Python", peer)
            .target(Target::RatioAtLeast(40.0)),
    );
    report.add(
        Figure::new("a", "p99 as fast as it goes", median(busiest).0, "ms")
            .against("ms, Python", peer_load.ms(0.99)),
    );
    let commit = limits::commit_ms(&house.db, 500).await?;
    report.add(
        Figure::new("a", format!("p99 at {STEADY}/s"), steady.ms(0.99), "ms")
            .against("ms, one commit", commit)
            .target(Target::AtMost(20.0))
            .note(format!(
                "{}/s accepted, {} refused, p50 {} ms",
                short(steady.rate()),
                steady.refused,
                short(steady.ms(0.5))
            )),
    );
    Ok(())
}

/// As many as are accepted, from a fresh process on what the database holds by now.
async fn flood(house: &House, sids: &mut Sids, scale: Scale) -> anyhow::Result<(Load, String)> {
    let ingress = house.start("ingress").await?;
    warmed(&ingress, sids, &house.db, scale).await
}

/// The same with a broker that does not answer: what is said stays in the outbox.
async fn without_broker(sids: &mut Sids, scale: Scale) -> anyhow::Result<(Load, String)> {
    let mut house = House::new().await;
    house.set("AMQP_URL", "amqp://guest:guest@127.0.0.1:9/%2f");
    let ingress = house.start("ingress").await?;
    warmed(&ingress, sids, &house.db, scale).await
}

async fn warmed(
    ingress: &Process,
    sids: &mut Sids,
    db: &testkit::TestDb,
    scale: Scale,
) -> anyhow::Result<(Load, String)> {
    load(ingress.port, sids.requests(INBOUND, scale.of(10_000)), None).await?;
    limits::checkpoint(db).await?;
    let requests = sids.requests(INBOUND, scale.of(80_000));
    let cores = Cores::watch(ingress.pid());
    let loaded = load(ingress.port, requests, None).await?;
    let used = cores.each(loaded.accepted);
    Ok((loaded, used))
}

/// The peer under the same load, and what a worker of it weighs then.
pub async fn python(sids: &mut Sids, scale: Scale) -> anyhow::Result<(Load, f64)> {
    let peer = Peer::start().await?;
    load(peer.port(), sids.requests(WEBHOOK, 200), None).await?;
    let measured = load(peer.port(), sids.requests(WEBHOOK, scale.of(3_000)), None).await?;
    Ok((measured, peer.resident()))
}

/// Numbers of texts: each is used once.
pub struct Sids(pub u32);

impl Sids {
    fn requests(&mut self, path: &str, count: u32) -> Vec<Vec<u8>> {
        let first = self.0;
        self.0 += count;
        requests(path, first, count)
    }
}
