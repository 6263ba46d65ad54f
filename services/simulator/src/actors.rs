//! Simulated customers who hold conversations by themselves: they ask, wait for the answer on
//! their phone, thank, complain, and some of them leave for good.

mod scripts;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::actors::scripts::{Script, Step};
use crate::simulator::Simulator;

/// Longest that a customer waits for an answer before going on.
const PATIENCE: Duration = Duration::from_secs(25);

/// Between two texts of anybody: slow enough to watch, fast enough to be alive.
const BETWEEN_TEXTS_MS: std::ops::RangeInclusive<u64> = 1_000..=1_900;

/// Between two texts of a burst: faster than anyone answers.
const WITHIN_BURST: Duration = Duration::from_millis(250);

/// Scripts that a customer plays before somebody new comes in their place.
const VISITS: std::ops::RangeInclusive<u8> = 2..=5;

/// New people before the first of them comes back.
const NEWCOMERS: u32 = 9_999;

/// `n` customers with Mexican numbers that belong to nobody here.
pub fn people(n: u16) -> Vec<String> {
    (1..=n).map(|place| format!("+52551000{place:04}")).collect()
}

/// Lets the customers live until `stop`. Each texts one of our numbers, always the same, for a while;
/// then somebody new comes in their place, so that there is always news.
pub async fn run_actors(
    sim: Simulator,
    customers: Vec<String>,
    numbers: Vec<String>,
    stop: CancellationToken,
) {
    let Some(last_number) = numbers.len().checked_sub(1) else { return };
    let stage = Arc::new(Stage::new(sim.config().seed));
    let lives = TaskTracker::new();
    let mut dice = StdRng::seed_from_u64(sim.config().seed);
    let numbers = Arc::new(numbers);
    for (place, customer) in customers.into_iter().enumerate() {
        let (sim, stage, numbers) = (sim.clone(), Arc::clone(&stage), Arc::clone(&numbers));
        let (mut dice, stop) = (StdRng::seed_from_u64(dice.random()), stop.clone());
        let seat = async move {
            let (mut place, mut customer) = (place, customer);
            loop {
                let Some(ours) = numbers.get(dice.random_range(0..=last_number)) else { return };
                let actor = Actor {
                    sim: sim.clone(),
                    stage: Arc::clone(&stage),
                    customer,
                    ours: ours.clone(),
                    dice: StdRng::seed_from_u64(dice.random()),
                };
                actor.live(place).await;
                (place, customer) = (dice.random_range(0..10), stage.newcomer());
            }
        };
        lives.spawn(async move {
            let _stopped = stop.run_until_cancelled(seat).await;
        });
    }
    lives.close();
    lives.wait().await;
}

/// Whose turn it is to text: one at a time, so that a person can follow.
struct Stage {
    next: Mutex<(Instant, StdRng)>,
    newcomers: AtomicU32,
}

impl Stage {
    fn new(seed: u64) -> Self {
        let first = Instant::now() + Duration::from_millis(500);
        let next = Mutex::new((first, StdRng::seed_from_u64(seed)));
        Self { next, newcomers: AtomicU32::new(0) }
    }

    /// The number of somebody who was not here yet, or long ago.
    fn newcomer(&self) -> String {
        let place = self.newcomers.fetch_add(1, Ordering::Relaxed) % NEWCOMERS + 1;
        format!("+52552000{place:04}")
    }

    async fn turn(&self) {
        let at = {
            let mut next = self.next.lock().await;
            let at = next.0.max(Instant::now());
            let gap = next.1.random_range(BETWEEN_TEXTS_MS);
            next.0 = at + Duration::from_millis(gap);
            at
        };
        sleep_until(at).await;
    }
}

struct Actor {
    sim: Simulator,
    stage: Arc<Stage>,
    customer: String,
    ours: String,
    dice: StdRng,
}

impl Actor {
    /// The first script is by place, so that a small cast shows everything; the others are drawn.
    async fn live(mut self, place: usize) {
        let mut script = scripts::opening(place);
        for _ in 0..self.dice.random_range(VISITS) {
            self.play(script).await;
            if script.is_farewell {
                return;
            }
            let pause = self.dice.random_range(5..=20);
            sleep(Duration::from_secs(pause)).await;
            script = scripts::again(&mut self.dice);
        }
    }

    async fn play(&mut self, script: &Script) {
        for step in script.steps {
            match step {
                Step::Ask(body) => {
                    self.stage.turn().await;
                    let known = self.answers();
                    self.text(body).await;
                    self.wait_for_more_than(known).await;
                    self.read().await;
                }
                Step::Say(body) => {
                    self.stage.turn().await;
                    self.text(body).await;
                    self.read().await;
                }
                Step::Burst(bodies) => {
                    self.stage.turn().await;
                    let known = self.answers();
                    for body in *bodies {
                        self.text(body).await;
                        sleep(WITHIN_BURST).await;
                    }
                    self.wait_for_more_than(known).await;
                    self.read().await;
                }
            }
        }
    }

    /// Texts without waiting for the webhook: a phone does not know about webhooks.
    async fn text(&self, body: &str) {
        let (sim, customer, ours) = (self.sim.clone(), self.customer.clone(), self.ours.clone());
        let body = body.to_owned();
        let work = async move { sim.texts(&customer, &ours, &body).await };
        drop(self.sim.spawn(work));
    }

    /// A person needs a moment to read.
    async fn read(&mut self) {
        let millis = self.dice.random_range(1_200..=3_500);
        sleep(Duration::from_millis(millis)).await;
    }

    fn answers(&self) -> usize {
        let phone = self.sim.phone(&self.customer);
        phone.iter().filter(|bubble| bubble.seen && !bubble.mine && !bubble.notice).count()
    }

    async fn wait_for_more_than(&self, known: usize) {
        let mut watch = self.sim.watch();
        let answer = async { while self.answers() <= known && watch.changed().await.is_ok() {} };
        let _answered_in_time = timeout(PATIENCE, answer).await;
    }
}
