//! The generated types, and how their fields are parsed.

use domain::{Id, Timestamp};

use crate::InvalidEvent;

pub mod ingress {
    include!(concat!(env!("OUT_DIR"), "/hilo.ingress.v1.rs"));
}
pub mod conversations {
    include!(concat!(env!("OUT_DIR"), "/hilo.conversations.v1.rs"));
}
pub mod responder {
    include!(concat!(env!("OUT_DIR"), "/hilo.responder.v1.rs"));
}

pub fn invalid(field: &'static str, why: impl ToString) -> InvalidEvent {
    InvalidEvent::Field { field, why: why.to_string() }
}

pub fn id<Of>(field: &'static str, raw: &str) -> Result<Id<Of>, InvalidEvent> {
    raw.parse().map_err(|_| invalid(field, "is not a UUID"))
}

pub fn optional_id<Of>(field: &'static str, raw: &str) -> Result<Option<Id<Of>>, InvalidEvent> {
    if raw.is_empty() { Ok(None) } else { id(field, raw).map(Some) }
}

pub fn time(field: &'static str, micros: i64) -> Result<Timestamp, InvalidEvent> {
    Timestamp::from_timestamp_micros(micros).ok_or_else(|| invalid(field, "is not an instant"))
}
