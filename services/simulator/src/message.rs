//! A text, in either direction, and where it stands.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    pub sid: String,
    pub direction: Direction,
    pub from: String,
    pub to: String,
    pub body: String,
    pub segments: u32,
    pub status: Status,
    pub error_code: Option<u32>,
    pub status_callback: Option<String>,
    pub messaging_service_sid: Option<String>,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    /// Every status it ever had, with its time.
    pub statuses: Vec<StatusAt>,
    /// What became of the inbound webhook; `None` while it is under way, and for outbound texts.
    pub webhook: Option<Webhook>,
}

impl Message {
    /// The customer's number: the end that is not ours.
    pub fn customer(&self) -> &str {
        match self.direction {
            Direction::Inbound => &self.from,
            Direction::OutboundApi => &self.to,
        }
    }

    /// Our number.
    pub fn ours(&self) -> &str {
        match self.direction {
            Direction::Inbound => &self.to,
            Direction::OutboundApi => &self.from,
        }
    }

    pub fn updated_at(&self) -> DateTime<Utc> {
        self.statuses.last().map_or(self.created_at, |last| last.at)
    }

    pub fn time_of(&self, status: Status) -> Option<DateTime<Utc>> {
        self.statuses.iter().find(|entry| entry.status == status).map(|entry| entry.at)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    Inbound,
    OutboundApi,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Accepted,
    Queued,
    Sending,
    Sent,
    Delivered,
    Undelivered,
    Failed,
    Received,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Received => "received",
        }
    }

    pub fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Undelivered | Self::Failed | Self::Received)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusAt {
    pub status: Status,
    pub at: DateTime<Utc>,
}

/// How a webhook ended. `accepted` means that some attempt was answered with 2xx.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    pub accepted: bool,
    pub attempts: u32,
    pub http_status: Option<u16>,
    pub at: DateTime<Utc>,
}
