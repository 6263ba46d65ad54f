//! The state of the world: numbers, messages, who texted STOP to whom. It changes by entries
//! only, so that reading the ledger back gives the same world again.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use url::Url;
use uuid::Uuid;

use crate::entry::{Entry, Event};
use crate::message::{Direction, Message, Status, StatusAt};

/// Events kept for the page and for `GET /control/events`; older ones are in the ledger file.
const EVENTS_KEPT: usize = 5_000;

#[derive(Debug, Default)]
pub(crate) struct World {
    pub messages: Vec<Message>,
    by_sid: HashMap<String, usize>,
    by_customer: HashMap<String, Vec<usize>>,
    notices: HashMap<String, Vec<Bubble>>,
    blocked: HashSet<(String, String)>,
    pub events: VecDeque<Event>,
    pub last_event: u64,
    // What follows is setting, not history: it is not in the ledger.
    pub numbers: BTreeMap<String, Number>,
    pub recipients: HashMap<String, Recipient>,
    pub webhook_base: Option<Url>,
    pub pace: Pace,
    free_at: HashMap<String, Instant>,
}

/// One of our numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    pub sid: String,
    pub phone_number: String,
    pub friendly_name: String,
}

impl Number {
    pub(crate) fn new(phone_number: &str, friendly_name: Option<&str>) -> Self {
        // The same number has the same sid after a restart.
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, phone_number.as_bytes());
        Self {
            sid: format!("PN{}", id.simple()),
            phone_number: phone_number.to_owned(),
            friendly_name: friendly_name.unwrap_or(phone_number).to_owned(),
        }
    }
}

/// How a recipient's texts end, when not well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipient {
    /// Refused at once with this code.
    pub refuse: Option<u32>,
    /// Accepted, and failed later with this code.
    pub fail: Option<u32>,
}

/// How fast this world is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pace {
    pub segments_per_second: u32,
    pub carrier_delay_ms: u64,
    pub max_concurrent: usize,
}

/// When a text leaves its number's queue, and when its last segment has left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub starts: Instant,
    pub ends: Instant,
}

/// A customer's phone, as a list of phones shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Phone {
    pub phone_number: String,
    /// The latest text in either direction, Twilio's own notices aside.
    pub last: Option<String>,
}

/// A text on a customer's phone, or on its way there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bubble {
    pub sid: Option<String>,
    /// The customer wrote it.
    pub mine: bool,
    pub ours: String,
    pub body: String,
    pub at: DateTime<Utc>,
    pub status: Status,
    pub error_code: Option<u32>,
    /// The customer can see it: their own texts, and ours once delivered.
    pub seen: bool,
    /// Twilio wrote it (a STOP confirmation), not Hilo.
    pub notice: bool,
}

impl World {
    /// Carries an entry out.
    pub fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Created { message } | Entry::Received { message } => self.add(message.clone()),
            Entry::Status { sid, status, error_code, at } => {
                self.advance(sid, *status, *error_code, *at);
            }
            Entry::Webhook { sid, webhook } => {
                if let Some(message) = self.find_mut(sid) {
                    message.webhook = Some(*webhook);
                }
            }
            Entry::Blocked { ours, customer, .. } => {
                self.blocked.insert((ours.clone(), customer.clone()));
            }
            Entry::Unblocked { ours, customer, .. } => {
                self.blocked.remove(&(ours.clone(), customer.clone()));
            }
            Entry::Notice { ours, customer, body, at } => {
                let bubble = Bubble::notice(ours, body, *at);
                self.notices.entry(customer.clone()).or_default().push(bubble);
            }
            Entry::Reset { .. } => self.forget(),
            Entry::Refused { .. } | Entry::Callback { .. } | Entry::Claude { .. } => {}
        }
        self.last_event += 1;
        self.events.push_back(Event { n: self.last_event, entry: entry.clone() });
        if self.events.len() > EVENTS_KEPT {
            self.events.pop_front();
        }
    }

    pub fn find(&self, sid: &str) -> Option<&Message> {
        self.messages.get(*self.by_sid.get(sid)?)
    }

    pub fn place_of(&self, sid: &str) -> Option<usize> {
        self.by_sid.get(sid).copied()
    }

    pub fn is_blocked(&self, ours: &str, customer: &str) -> bool {
        self.blocked.contains(&(ours.to_owned(), customer.to_owned()))
    }

    /// Takes the next place in the number's queue, or `None` when the queue is longer than `limit`.
    pub fn reserve(&mut self, from: &str, segments: u32, limit: Duration) -> Option<Slot> {
        let now = Instant::now();
        let free_at = self.free_at.get(from).copied().unwrap_or(now);
        let starts = free_at.max(now);
        if starts.duration_since(now) > limit {
            return None;
        }
        let takes = match self.pace.segments_per_second {
            0 => Duration::ZERO,
            rate => Duration::from_secs_f64(f64::from(segments) / f64::from(rate)),
        };
        let ends = starts + takes;
        self.free_at.insert(from.to_owned(), ends);
        Some(Slot { starts, ends })
    }

    /// The customer's phone, oldest first.
    pub fn phone(&self, customer: &str) -> Vec<Bubble> {
        let places = self.by_customer.get(customer).map_or(&[][..], Vec::as_slice);
        let texts = places.iter().filter_map(|place| self.messages.get(*place)).map(Bubble::of);
        let notices = self.notices.get(customer).into_iter().flatten().cloned();
        let mut bubbles: Vec<Bubble> = texts.chain(notices).collect();
        bubbles.sort_by_key(|bubble| bubble.at);
        bubbles
    }

    /// Customers who have a conversation, the one with the latest text first.
    pub fn phones(&self, at_most: usize) -> Vec<Phone> {
        let mut latest: Vec<(usize, &String)> = self
            .by_customer
            .iter()
            .filter_map(|(customer, places)| Some((*places.last()?, customer)))
            .collect();
        latest.sort_unstable_by(|a, b| b.cmp(a));
        let phone = |(place, customer): (usize, &String)| Phone {
            phone_number: customer.clone(),
            last: self.messages.get(place).map(|message| message.body.clone()),
        };
        latest.into_iter().take(at_most).map(phone).collect()
    }

    fn add(&mut self, message: Message) {
        let place = self.messages.len();
        self.by_sid.insert(message.sid.clone(), place);
        self.by_customer.entry(message.customer().to_owned()).or_default().push(place);
        self.messages.push(message);
    }

    fn advance(&mut self, sid: &str, status: Status, code: Option<u32>, at: DateTime<Utc>) {
        let Some(message) = self.find_mut(sid) else { return };
        message.status = status;
        message.error_code = code;
        message.statuses.push(StatusAt { status, at });
        if status == Status::Sent {
            message.sent_at = Some(at);
        }
    }

    fn find_mut(&mut self, sid: &str) -> Option<&mut Message> {
        self.messages.get_mut(*self.by_sid.get(sid)?)
    }

    /// Forgets history and keeps settings. Events go on counting, so that a reader who waits for
    /// what comes after n is not left waiting for ever.
    fn forget(&mut self) {
        self.messages.clear();
        self.by_sid.clear();
        self.by_customer.clear();
        self.notices.clear();
        self.blocked.clear();
        self.events.clear();
        self.free_at.clear();
    }
}

impl Bubble {
    fn of(message: &Message) -> Self {
        let mine = message.direction == Direction::Inbound;
        let delivered_at = message.time_of(Status::Delivered);
        Self {
            sid: Some(message.sid.clone()),
            mine,
            ours: message.ours().to_owned(),
            body: message.body.clone(),
            at: delivered_at.unwrap_or(message.created_at),
            status: message.status,
            error_code: message.error_code,
            seen: mine || delivered_at.is_some(),
            notice: false,
        }
    }

    fn notice(ours: &str, body: &str, at: DateTime<Utc>) -> Self {
        Self {
            sid: None,
            mine: false,
            ours: ours.to_owned(),
            body: body.to_owned(),
            at,
            status: Status::Delivered,
            error_code: None,
            seen: true,
            notice: true,
        }
    }
}
