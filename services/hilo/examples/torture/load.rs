//! Customers who text: words that a rule answers, questions for the model, bursts, other numbers of
//! ours than before, and some who leave and are not to hear from us again.

use std::time::Duration;

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use simulator::Simulator;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{Torture, seed};

const QUESTIONS: [&str; 5] = [
    "¿Cuánto cuesta la sala de tres piezas?",
    "¿Cuánto tarda la entrega en la ciudad?",
    "¿Tienen meses sin intereses?",
    "¿La garantía cubre la tela?",
    "¿Hacen comedores más grandes?",
];
const FAREWELLS: [&str; 3] = ["ALTO", "STOP", "Baja"];
/// Of so many customers one leaves.
const LEAVES: u32 = 12;
/// A burst's texts follow each other so fast.
const WITHIN_BURST_MS: std::ops::Range<u64> = 5..120;

/// The customers.
pub struct Load {
    world: Simulator,
    numbers: Vec<String>,
    customers: Vec<Customer>,
    rate: f64,
    dice: StdRng,
}

struct Customer {
    phone: String,
    /// Where they text.
    ours: String,
    leaves: bool,
    returns: bool,
    texts: u32,
}

impl Load {
    pub fn new(
        world: &Simulator,
        numbers: Vec<String>,
        torture: &Torture,
        mut dice: StdRng,
    ) -> Self {
        let customers = (0..torture.customers).map(|place| Customer {
            phone: testkit::world::customer(place).as_e164().to_owned(),
            ours: numbers.choose(&mut dice).cloned().unwrap_or_default(),
            leaves: place % LEAVES == 0,
            returns: place % (3 * LEAVES) == 0,
            texts: 0,
        });
        let customers = customers.collect();
        Self { world: world.clone(), numbers, customers, rate: torture.rate, dice }
    }

    /// Whose phones they are.
    pub fn phones(&self) -> impl Iterator<Item = String> {
        self.customers.iter().map(|customer| customer.phone.clone())
    }

    /// Texts until `stop`, then waits for the webhooks that are under way.
    pub async fn run(mut self, stop: CancellationToken) {
        let webhooks = TaskTracker::new();
        while !stop.is_cancelled() {
            // Arrivals without memory, like people's.
            let wait = -(1.0 - self.dice.random::<f64>()).ln() / self.rate;
            stop.run_until_cancelled(tokio::time::sleep(Duration::from_secs_f64(wait))).await;
            self.somebody_texts(&webhooks);
        }
        webhooks.close();
        webhooks.wait().await;
    }

    fn somebody_texts(&mut self, webhooks: &TaskTracker) {
        let who = self.dice.random_range(0..self.customers.len());
        let Some(customer) = self.customers.get_mut(who) else { return };
        customer.texts += 1;
        let what: Vec<&str> = match (customer.texts, customer.leaves, customer.returns) {
            (3, true, _) => FAREWELLS.choose(&mut self.dice).copied().into_iter().collect(),
            (6, true, true) => vec!["INICIAR"],
            _ => said(&mut self.dice),
        };
        let ours = match self.dice.random_range(0..20) {
            0 => self.numbers.choose(&mut self.dice).unwrap_or(&customer.ours),
            _ => &customer.ours,
        };
        let mut after = Duration::ZERO;
        for body in what {
            let (world, from, to) = (self.world.clone(), customer.phone.clone(), ours.clone());
            let wait = after;
            webhooks.spawn(async move {
                tokio::time::sleep(wait).await;
                world.texts(&from, &to, body).await
            });
            after += Duration::from_millis(self.dice.random_range(WITHIN_BURST_MS));
        }
    }
}

fn said(dice: &mut StdRng) -> Vec<&'static str> {
    let words: Vec<&str> = seed::words().collect();
    let word = words.choose(dice).copied();
    let question = QUESTIONS.choose(dice).copied();
    match dice.random_range(0..100) {
        0..50 => word.into_iter().collect(),
        50..82 => question.into_iter().collect(),
        82..96 => word.into_iter().chain(question).chain(words.choose(dice).copied()).collect(),
        _ => vec!["gracias"],
    }
}
