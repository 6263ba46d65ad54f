//! (c) The number that a recipient sees: dealt to new ones, found for known ones, one by one and
//! for a whole campaign.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use conversations::rotation::{Rotation, assign_all};
use domain::store::conversations::write::Recipient;
use domain::{AccountId, PhoneNumber, SharedClock, SystemClock};
use testkit::{TestDb, world};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::generator::{CONNECTIONS, load};
use crate::peer::Peer;
use crate::prototype::Prototype;
use crate::report::{Figure, Report, Target, median};
use crate::{Scale, limits};

const NUMBERS: usize = 16;
/// Callers at once, and how many recipients they ask for.
const COLD: [(usize, u32); 3] = [(1, 1_500), (64, 20_000), (512, 50_000)];
/// A campaign, and how many of it have a number already.
const CAMPAIGN: (u32, u32) = (100_000, 10_000);

pub async fn measure(scale: Scale, report: &mut Report) -> anyhow::Result<()> {
    let desk = Desk::open().await?;
    for (callers, count) in COLD {
        desk.cold(callers, scale, count, report).await?;
    }
    desk.hot(scale, report).await?;
    desk.campaign(scale, report).await?;
    let uses = "SELECT max(uses) - min(uses) FROM phone_numbers";
    let apart: f64 = desk.db.ask(uses).await.unwrap_or_default().parse()?;
    report.add(
        Figure::new("c", "fairness: max - min uses of a number", apart, "uses")
            .target(Target::AtMost(1.0))
            .note("over all of the above"),
    );
    drop(desk);
    Ok(())
}

/// Both assigners, in one database, in this process.
struct Desk {
    db: TestDb,
    rotation: Rotation,
    prototype: Prototype,
    account: AccountId,
    clock: SharedClock,
    next: AtomicU32,
    stop: CancellationToken,
}

impl Desk {
    async fn open() -> anyhow::Result<Self> {
        let db = testkit::database().await;
        let mut conn = db.conn().await;
        let account = world::account(&mut conn, "Muebles La Esperanza").await;
        world::numbers(&mut conn, account, NUMBERS).await;
        let (clock, stop): (SharedClock, _) = (Arc::new(SystemClock), CancellationToken::new());
        let (rotation, writer) =
            Rotation::new(db.pool(Some("hilo_conversations")), Arc::clone(&clock));
        TaskTracker::new().spawn(writer.run(stop.clone()));
        let prototype = Prototype::start(&db).await?;
        Ok(Self { db, rotation, prototype, account, clock, next: AtomicU32::new(0), stop })
    }

    fn strangers(&self, count: u32) -> Arc<Vec<PhoneNumber>> {
        let first = self.next.fetch_add(count, Ordering::Relaxed);
        Arc::new((first..first + count).map(world::customer).collect())
    }

    async fn ours(&self, callers: usize, who: &Arc<Vec<PhoneNumber>>) -> anyhow::Result<f64> {
        limits::checkpoint(&self.db).await?;
        let (rotation, account) = (self.rotation.clone(), self.account);
        closed_loop(callers, Arc::clone(who), move |to| {
            let rotation = rotation.clone();
            async move { Ok(rotation.number_for_recipient(account, None, to).await.map(drop)?) }
        })
        .await
    }

    async fn prototypes(&self, callers: usize, who: &Arc<Vec<PhoneNumber>>) -> anyhow::Result<f64> {
        limits::checkpoint(&self.db).await?;
        let prototype = self.prototype.clone();
        closed_loop(callers, Arc::clone(who), move |to| {
            let prototype = prototype.clone();
            async move { prototype.number_for(to.as_e164().to_owned()).await.map(drop) }
        })
        .await
    }

    async fn cold(
        &self,
        callers: usize,
        scale: Scale,
        count: u32,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let (mut ours, mut prototypes) = (vec![], vec![]);
        for _ in 0..scale.rounds() {
            let who = self.strangers(scale.of(count));
            prototypes.push(self.prototypes(callers, &who).await?);
            ours.push(self.ours(callers, &who).await?);
        }
        let ((ours, spread), (prototypes, of_it)) = (median(ours), median(prototypes));
        let mut figure =
            Figure::new("c", format!("new recipients/s, {callers} callers"), ours, "/s")
                .against("/s, the prototype on narrow tables", prototypes)
                .note(format!("{spread}; the prototype {of_it}"));
        if callers > 1 {
            figure = figure.target(Target::RatioAtLeast(0.8));
        }
        report.add(figure);
        Ok(())
    }

    /// Known recipients, and beside both the peer, which is asked over HTTP.
    async fn hot(&self, scale: Scale, report: &mut Report) -> anyhow::Result<()> {
        let known = Arc::new((0..scale.of(20_000)).map(world::customer).collect::<Vec<_>>());
        let prototypes = self.prototypes(CONNECTIONS, &known).await?;
        let hot = self.ours(CONNECTIONS, &known).await?;
        report.add(
            Figure::new("c", format!("known recipients/s, {CONNECTIONS} callers"), hot, "/s")
                .against("/s, the prototype, which touches nothing", prototypes),
        );
        let cold = self.ours(CONNECTIONS, &self.strangers(scale.of(20_000))).await?;
        let peer = Peer::start().await?;
        let ask = |first: u32, count: u32| -> Vec<Vec<u8>> {
            let to =
                |n| format!("GET /rotate?user=0&to=%2B5255{n:08} HTTP/1.1\r\nHost: peer\r\n\r\n");
            (first..first + count).map(|n| to(n).into_bytes()).collect()
        };
        load(peer.port(), ask(0, 200), None).await?;
        let of_peer = load(peer.port(), ask(20_000_000, scale.of(2_500)), None).await?.rate();
        let known = load(peer.port(), ask(0, scale.of(2_500)), None).await?.rate();
        let what = |kind| format!("{kind} recipients/s, {CONNECTIONS} callers");
        report.add(
            Figure::new("c", what("new"), cold, "/s").against("/s, Python over HTTP", of_peer),
        );
        report
            .add(Figure::new("c", what("known"), hot, "/s").against("/s, Python over HTTP", known));
        Ok(())
    }

    async fn campaign(&self, scale: Scale, report: &mut Report) -> anyhow::Result<()> {
        let (all, known) = CAMPAIGN;
        let pool = self.db.pool(Some("hilo_conversations"));
        let (mut ours, mut prototypes) = (vec![], vec![]);
        for _ in 0..scale.rounds() {
            let who = self.strangers(all);
            let to: Vec<String> = who.iter().map(|phone| phone.as_e164().to_owned()).collect();
            let recipients: Vec<Recipient> = who
                .iter()
                .map(|phone| Recipient {
                    phone: phone.clone(),
                    raw: phone.as_e164().to_owned(),
                    user: None,
                })
                .collect();
            let earlier = known as usize;
            self.prototype.all(to.get(..earlier).unwrap_or_default()).await?;
            let first = recipients.get(..earlier).unwrap_or_default();
            assign_all(&pool, &self.clock, self.account, first).await?;
            limits::checkpoint(&self.db).await?;
            let began = Instant::now();
            self.prototype.all(&to).await?;
            prototypes.push(began.elapsed().as_secs_f64());
            limits::checkpoint(&self.db).await?;
            let began = Instant::now();
            let assigned = assign_all(&pool, &self.clock, self.account, &recipients).await?;
            ours.push(began.elapsed().as_secs_f64());
            anyhow::ensure!(assigned.refused.is_empty(), "some have no number");
        }
        let ((ours, spread), (prototypes, _)) = (median(ours), median(prototypes));
        report.add(
            Figure::new("c", format!("{all} recipients at once, {known} of them known"), ours, "s")
                .against("s, the prototype's one statement", prototypes)
                .target(Target::AtMost(1.5))
                .note(spread),
        );
        Ok(())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Callers who each ask for the next recipient as soon as they have an answer; answers a second.
async fn closed_loop<F, A>(
    callers: usize,
    who: Arc<Vec<PhoneNumber>>,
    ask: F,
) -> anyhow::Result<f64>
where
    F: Fn(PhoneNumber) -> A + Clone + Send + 'static,
    A: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let next = Arc::new(AtomicU32::new(0));
    let (began, count, mut asking) = (Instant::now(), who.len(), JoinSet::new());
    for _ in 0..callers {
        let (next, who, ask) = (Arc::clone(&next), Arc::clone(&who), ask.clone());
        asking.spawn(async move {
            while let Some(to) = who.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                ask(to.clone()).await?;
            }
            anyhow::Ok(())
        });
    }
    for asked in asking.join_all().await {
        asked?;
    }
    Ok(count as f64 / began.elapsed().as_secs_f64())
}
