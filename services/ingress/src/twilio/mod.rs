//! Twilio's webhooks: their routes, and what a webhook says once it is known to be Twilio's.

mod door;
pub mod inbound_sms;
pub mod sms_status;

use std::borrow::Cow;

use ::twilio::InvalidWebhook;
use ::twilio::callback::STATUS_PATH;
use actix_web::web::{self, Data, PayloadConfig, ServiceConfig};
use domain::store::ingress::NewReceipt;
use domain::store::outbox::NewSaid;
use domain::{ReceiptId, Timestamp};
use uuid::Uuid;

pub use door::Door;

use crate::journal::Entry;

/// The provider of these receipts.
pub const PROVIDER: &str = "twilio";

/// The kind of a receipt of which nothing could be made.
pub const MALFORMED: &str = "malformed";

/// Where inbound texts arrive.
pub const INBOUND_PATH: &str = "/webhooks/sms/inbound";

/// The most bytes of a body that are read. A text of 1600 characters is 20 kB when each of them is
/// escaped, and rich messages add a few more.
pub const BODY_LIMIT: usize = 64 * 1024;

/// The table's limit, in characters.
const MAX_KEY: usize = 200;

/// The namespace of keys that we make of what has no id of its own; made up once.
const KEYS: Uuid = Uuid::from_u128(0x7a1e_5b0c_93d4_4f6e_8c21_0d9b_64f3_a857);

/// The parameters of a form, decoded, in order, unknown ones included.
pub type Pairs<'a> = [(Cow<'a, str>, Cow<'a, str>)];

/// The routes of Twilio's webhooks.
pub(crate) fn routes(door: Door) -> impl Fn(&mut ServiceConfig) + Send + Sync + 'static {
    let door = Data::new(door);
    move |config| {
        for (path, route) in [
            (INBOUND_PATH, web::post().to(inbound_sms::receive)),
            (STATUS_PATH, web::post().to(sms_status::receive)),
        ] {
            config.service(
                web::resource(path)
                    .app_data(door.clone())
                    .app_data(PayloadConfig::new(BODY_LIMIT))
                    .route(route),
            );
        }
    }
}

/// What a webhook is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text came in.
    SmsInbound,
    /// A text of ours fared somehow.
    SmsStatus,
}

impl Kind {
    /// Its name in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::SmsInbound => "sms_inbound",
            Self::SmsStatus => "sms_status",
        }
    }

    /// Back from [`Kind::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::SmsInbound, Self::SmsStatus].into_iter().find(|kind| kind.name() == name)
    }
}

/// A webhook that is Twilio's, as it came.
pub struct Arrived {
    /// Our id of it.
    pub id: ReceiptId,
    /// By its route.
    pub kind: Kind,
    /// `webhook`, `spool` or `reconciliation`.
    pub source: &'static str,
    /// Path and query.
    pub request_target: String,
    /// The raw body.
    pub body: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
    /// The trace that it belongs to.
    pub traceparent: Option<String>,
}

/// What a webhook says, and by which key it is known when it comes again.
pub struct Reading {
    dedupe_key: String,
    said: NewSaid,
}

impl Arrived {
    /// Reads the body and makes the entry of it.
    pub fn into_entry(self) -> Entry {
        let reading = self.read(&parse(&self.body));
        self.as_entry(reading)
    }

    /// Reads the parameters.
    ///
    /// # Errors
    /// When one that we can't do without is missing or malformed.
    pub fn read(&self, pairs: &Pairs<'_>) -> Result<Reading, InvalidWebhook> {
        match self.kind {
            Kind::SmsInbound => inbound_sms::read(self, pairs),
            Kind::SmsStatus => sms_status::read(self, pairs),
        }
    }

    /// Its entry in the journal; what could not be read is kept as well.
    pub fn as_entry(self, reading: Result<Reading, InvalidWebhook>) -> Entry {
        let (kind, dedupe_key, problem, said) = match reading {
            Ok(reading) => (self.kind.name(), reading.dedupe_key, None, Some(reading.said)),
            Err(invalid) => {
                let content = [self.request_target.as_bytes(), b"\n", &self.body].concat();
                (MALFORMED, hashed(&content), Some(invalid.to_string()), None)
            }
        };
        let receipt = NewReceipt {
            id: self.id,
            provider: PROVIDER,
            kind,
            dedupe_key,
            source: self.source,
            request_target: self.request_target,
            body: self.body,
            problem,
            received_at: self.received_at,
        };
        Entry { receipt, said }
    }
}

/// The parameters of a form. Bytes that are no UTF-8 are replaced: the signature is of text.
pub fn parse(body: &[u8]) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    form_urlencoded::parse(body).collect()
}

/// A key that the table takes, whatever it is made of: one that it refuses would cost a batch.
fn key(made_of: String) -> String {
    if made_of.len() <= MAX_KEY && !made_of.contains('\0') {
        return made_of;
    }
    hashed(made_of.as_bytes())
}

fn hashed(content: &[u8]) -> String {
    Uuid::new_v5(&KEYS, content).to_string()
}

/// Postgres has no text with NUL in it, and nobody means one.
fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}
