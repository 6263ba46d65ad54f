//! Bad days on demand: what goes wrong, how often, and the seeded dice that decide.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

/// Everything that can go wrong. What is not named does not happen.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    pub callbacks: CallbackFaults,
    pub inbound: InboundFaults,
    pub api: ApiFaults,
    pub claude: ClaudeFaults,
}

/// Status callbacks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallbackFaults {
    /// Each callback waits this long before it leaves.
    pub late_ms: u64,
    pub doubled: Chance,
    /// `delivered` before `sent`, once for each message.
    pub shuffled: Chance,
    pub lost: Chance,
}

/// Inbound webhooks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InboundFaults {
    pub doubled: Chance,
    /// Never posted, but in the Messages list.
    pub lost: Chance,
}

/// `POST Messages.json`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiFaults {
    /// The text is accepted, and the answer never comes.
    pub create_timeout: Chance,
    pub create_5xx_accepted: Chance,
    pub create_5xx_refused: Chance,
    pub create_429: Chance,
}

/// `POST /v1/messages`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClaudeFaults {
    pub delay_ms: u64,
    pub http_429: Chance,
    pub http_429_spend_limit: Chance,
    pub http_529: Chance,
    pub http_500: Chance,
    pub refusal: Chance,
    pub max_tokens: Chance,
}

/// How often: a probability (`0.25`), or the next so many times (`{"next": 3}`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Chance {
    Probability(f64),
    Next { next: u32 },
}

impl Default for Chance {
    fn default() -> Self {
        Self::Probability(0.0)
    }
}

impl Chance {
    fn is_sound(self) -> bool {
        match self {
            Self::Probability(p) => (0.0..=1.0).contains(&p),
            Self::Next { .. } => true,
        }
    }
}

impl Faults {
    /// The first chance that is no probability, by name.
    pub(crate) fn unsound(&self) -> Option<&'static str> {
        [
            ("callbacks.doubled", self.callbacks.doubled),
            ("callbacks.shuffled", self.callbacks.shuffled),
            ("callbacks.lost", self.callbacks.lost),
            ("inbound.doubled", self.inbound.doubled),
            ("inbound.lost", self.inbound.lost),
            ("api.create_timeout", self.api.create_timeout),
            ("api.create_5xx_accepted", self.api.create_5xx_accepted),
            ("api.create_5xx_refused", self.api.create_5xx_refused),
            ("api.create_429", self.api.create_429),
            ("claude.http_429", self.claude.http_429),
            ("claude.http_429_spend_limit", self.claude.http_429_spend_limit),
            ("claude.http_529", self.claude.http_529),
            ("claude.http_500", self.claude.http_500),
            ("claude.refusal", self.claude.refusal),
            ("claude.max_tokens", self.claude.max_tokens),
        ]
        .into_iter()
        .find(|(_, chance)| !chance.is_sound())
        .map(|(name, _)| name)
    }
}

/// The faults and the generator that decides about them.
#[derive(Debug)]
pub(crate) struct Dice {
    pub faults: Faults,
    rng: StdRng,
}

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self { faults: Faults::default(), rng: StdRng::seed_from_u64(seed) }
    }

    /// Does this fault strike now? A counted one is used up by striking.
    pub fn strikes(&mut self, pick: impl FnOnce(&mut Faults) -> &mut Chance) -> bool {
        match pick(&mut self.faults) {
            Chance::Probability(p) if *p <= 0.0 => false,
            Chance::Probability(p) => self.rng.random_bool(p.min(1.0)),
            Chance::Next { next: 0 } => false,
            Chance::Next { next } => {
                *next -= 1;
                true
            }
        }
    }
}
