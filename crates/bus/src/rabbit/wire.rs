//! An envelope as AMQP properties and headers.

use domain::{AccountId, EventId, Timestamp};
use lapin::BasicProperties;
use lapin::message::Delivery;
use lapin::types::{AMQPValue, FieldTable};

use crate::{BusError, Envelope};

const ATTEMPT: &str = "hilo-attempt";
const ACCOUNT: &str = "hilo-account";
const OCCURRED_AT: &str = "hilo-occurred-at";
const DEAD_WHY: &str = "hilo-dead-why";
const TRACEPARENT: &str = "traceparent";

/// Delivery mode 2: the message outlives the broker.
const PERSISTENT: u8 = 2;

pub(super) fn properties(envelope: &Envelope, attempt: u32) -> BasicProperties {
    let mut headers = FieldTable::default();
    let attempt = i32::try_from(attempt).unwrap_or(i32::MAX);
    headers.insert(ATTEMPT.into(), AMQPValue::LongInt(attempt));
    let occurred_at = envelope.occurred_at.timestamp_micros();
    headers.insert(OCCURRED_AT.into(), AMQPValue::LongLongInt(occurred_at));
    if let Some(account) = envelope.account {
        headers.insert(ACCOUNT.into(), AMQPValue::LongString(account.to_string().into()));
    }
    if let Some(traceparent) = &envelope.traceparent {
        headers.insert(TRACEPARENT.into(), AMQPValue::LongString(traceparent.as_str().into()));
    }
    BasicProperties::default()
        .with_delivery_mode(PERSISTENT)
        .with_content_type("application/x-protobuf".into())
        .with_message_id(envelope.id.to_string().into())
        .with_type(envelope.event_type.as_str().into())
        .with_headers(headers)
}

/// The same message with one attempt more, or with why it is dead.
pub(super) fn put_back(properties: &BasicProperties, attempt: u32) -> BasicProperties {
    let attempt = i32::try_from(attempt).unwrap_or(i32::MAX);
    with_header(properties, ATTEMPT, AMQPValue::LongInt(attempt))
}

pub(super) fn dead(properties: &BasicProperties, why: &str) -> BasicProperties {
    with_header(properties, DEAD_WHY, AMQPValue::LongString(why.into()))
}

/// A dead letter on its way to another life.
pub(super) fn fresh(properties: &BasicProperties) -> BasicProperties {
    put_back(properties, 0)
}

fn with_header(properties: &BasicProperties, key: &str, value: AMQPValue) -> BasicProperties {
    let mut headers = properties.headers().clone().unwrap_or_default();
    headers.insert(key.into(), value);
    properties.clone().with_headers(headers)
}

pub(super) fn attempt(properties: &BasicProperties) -> u32 {
    match header(properties, ATTEMPT) {
        Some(AMQPValue::LongInt(attempt)) => u32::try_from(*attempt).unwrap_or(0),
        _ => 0,
    }
}

pub(super) fn envelope(delivery: &Delivery) -> Result<Envelope, BusError> {
    let properties = &delivery.properties;
    let id = properties.message_id().as_ref().and_then(|id| id.as_str().parse().ok());
    let event_type = properties.kind().as_ref().map(|kind| kind.as_str().to_owned());
    let occurred_at = match header(properties, OCCURRED_AT) {
        Some(AMQPValue::LongLongInt(micros)) => Timestamp::from_timestamp_micros(*micros),
        _ => None,
    };
    let not_ours = |property| move || BusError::NotOurs { property };
    let account = match text(properties, ACCOUNT) {
        Some(raw) => Some(raw.parse::<AccountId>().map_err(|_| not_ours(ACCOUNT)())?),
        None => None,
    };
    Ok(Envelope {
        id: id.map(EventId::from_uuid).ok_or_else(not_ours("message-id"))?,
        event_type: event_type.ok_or_else(not_ours("type"))?,
        account,
        occurred_at: occurred_at.ok_or_else(not_ours(OCCURRED_AT))?,
        traceparent: text(properties, TRACEPARENT),
        body: delivery.data.clone(),
    })
}

fn header<'p>(properties: &'p BasicProperties, key: &str) -> Option<&'p AMQPValue> {
    properties.headers().as_ref().and_then(|headers| headers.inner().get(key))
}

fn text(properties: &BasicProperties, key: &str) -> Option<String> {
    match header(properties, key) {
        Some(AMQPValue::LongString(raw)) => String::from_utf8(raw.as_bytes().to_vec()).ok(),
        _ => None,
    }
}
