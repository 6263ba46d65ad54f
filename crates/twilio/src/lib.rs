//! Twilio: the only crate that knows its URLs, fields, codes and signatures
//! as their documentation and official libraries state them.

pub mod callback;
mod client;
pub mod codes;
mod record;
mod send;
pub mod signature;
pub mod webhook;

pub use client::{Auth, BuildError, Settings, Twilio};
pub use codes::DeliveryFailure;
pub use record::OwnedNumber;
pub use signature::{Forged, Signatures};
pub use webhook::{InboundSms, InvalidWebhook, MessageStatus, OptOutType, SmsStatus};
