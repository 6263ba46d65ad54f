//! Who dies when.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::house::House;
use crate::member::{Kind, Member};

/// Each kind dies so often at the least.
const EACH: usize = 5;
/// Between two kills.
const PAUSE_MS: std::ops::Range<u64> = 300..2_000;

/// How much is killed.
pub struct Kills {
    pub at_least: usize,
    pub lasting: Duration,
}

impl Kills {
    /// Kills until it is enough; returns how often whom. Several may be down at once: a server that
    /// takes its time to come up does not keep the others alive.
    pub async fn run(
        &self,
        house: &House,
        dice: &mut StdRng,
    ) -> anyhow::Result<BTreeMap<Kind, usize>> {
        let begun = Instant::now();
        let mut killed: BTreeMap<Kind, usize> =
            Kind::ALL.into_iter().map(|kind| (kind, 0)).collect();
        let mut under_way = JoinSet::new();
        let mut deck: Vec<Member> = Vec::new();
        while !self.is_enough(&killed) || begun.elapsed() < self.lasting {
            tokio::time::sleep(Duration::from_millis(dice.random_range(PAUSE_MS))).await;
            while let Some(ended) = under_way.try_join_next() {
                let ended: anyhow::Result<()> = ended.context("a kill panicked")?;
                ended?;
            }
            if deck.is_empty() {
                deck = house.members().to_vec();
                deck.shuffle(dice);
            }
            // One that is still coming up keeps its card for later.
            let Some(place) = deck.iter().position(Member::is_free) else { continue };
            let victim = deck.swap_remove(place);
            *killed.entry(victim.kind).or_default() += 1;
            under_way.spawn(async move { victim.kill().await });
        }
        while let Some(ended) = under_way.join_next().await {
            ended.context("a kill panicked")??;
        }
        Ok(killed)
    }

    fn is_enough(&self, killed: &BTreeMap<Kind, usize>) -> bool {
        killed.values().sum::<usize>() >= self.at_least
            && killed.values().all(|times| *times >= EACH)
    }
}
