//! The books of this world, for tests that ask what really happened: every text that the API
//! accepted, and every text from a customer with the fate of its webhook.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::message::{Direction, Message, Status, StatusAt};

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// Texts that the API accepted, oldest first.
    pub messages: Vec<Sent>,
    /// Texts from customers, oldest first.
    pub inbound: Vec<Received>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sent {
    pub sid: String,
    pub from: String,
    pub to: String,
    pub body: String,
    pub segments: u32,
    pub status_callback: Option<String>,
    pub created_at: DateTime<Utc>,
    pub status: Status,
    pub error_code: Option<u32>,
    pub statuses: Vec<StatusAt>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Received {
    pub sid: String,
    pub from: String,
    pub to: String,
    pub body: String,
    pub received_at: DateTime<Utc>,
    /// Some attempt was answered with 2xx: Hilo has promised never to lose it.
    pub accepted: bool,
    pub accepted_at: Option<DateTime<Utc>>,
    pub attempts: u32,
    /// No attempt is still under way.
    pub settled: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub messages: usize,
    pub delivered: usize,
    pub undelivered: usize,
    pub failed: usize,
    pub under_way: usize,
    pub inbound: usize,
    pub inbound_accepted: usize,
    pub inbound_lost: usize,
}

impl Ledger {
    pub(crate) fn of(messages: &[Message]) -> Self {
        let mut ledger = Self::default();
        for message in messages {
            match message.direction {
                Direction::OutboundApi => ledger.messages.push(Sent::of(message)),
                Direction::Inbound => ledger.inbound.push(Received::of(message)),
            }
        }
        ledger
    }
}

impl Sent {
    fn of(message: &Message) -> Self {
        Self {
            sid: message.sid.clone(),
            from: message.from.clone(),
            to: message.to.clone(),
            body: message.body.clone(),
            segments: message.segments,
            status_callback: message.status_callback.clone(),
            created_at: message.created_at,
            status: message.status,
            error_code: message.error_code,
            statuses: message.statuses.clone(),
        }
    }
}

impl Received {
    fn of(message: &Message) -> Self {
        let webhook = message.webhook;
        let accepted = webhook.is_some_and(|webhook| webhook.accepted);
        Self {
            sid: message.sid.clone(),
            from: message.from.clone(),
            to: message.to.clone(),
            body: message.body.clone(),
            received_at: message.created_at,
            accepted,
            accepted_at: webhook.filter(|_| accepted).map(|webhook| webhook.at),
            attempts: webhook.map_or(0, |webhook| webhook.attempts),
            settled: webhook.is_some(),
        }
    }
}

impl Summary {
    pub(crate) fn of(messages: &[Message]) -> Self {
        let mut summary = Self::default();
        for message in messages {
            if message.direction == Direction::Inbound {
                summary.inbound += 1;
                match message.webhook {
                    Some(webhook) if webhook.accepted => summary.inbound_accepted += 1,
                    Some(_) => summary.inbound_lost += 1,
                    None => {}
                }
                continue;
            }
            summary.messages += 1;
            match message.status {
                Status::Delivered => summary.delivered += 1,
                Status::Undelivered => summary.undelivered += 1,
                Status::Failed => summary.failed += 1,
                Status::Accepted
                | Status::Queued
                | Status::Sending
                | Status::Sent
                | Status::Received => summary.under_way += 1,
            }
        }
        summary
    }
}
