//! Providers from settings: the only file that names one.

use std::sync::Arc;

use providers::{NumberList, SmsLog, SmsSender};
use twilio::codes::{DeliveryFailure, delivery_failure};
use twilio::{Auth, Settings, Twilio};

use crate::config::Config;
use crate::decide::Consequence;

/// What the service asks of the outside.
#[derive(Clone)]
pub struct Providers {
    /// Sends texts.
    pub sender: Arc<dyn SmsSender>,
    /// The provider's own list of them.
    pub log: Arc<dyn SmsLog>,
    /// The numbers that are ours there.
    pub numbers: Arc<dyn NumberList>,
    /// What a code in a delivery report asks of us.
    pub failure: fn(u32) -> Consequence,
}

/// Twilio, or whatever speaks like it at the configured address.
pub fn providers(config: &Config) -> anyhow::Result<Providers> {
    let twilio = Arc::new(Twilio::new(Settings {
        base_url: config.twilio.base_url.clone(),
        account_sid: config.twilio.account_sid.clone(),
        auth: Auth::Token(config.twilio.auth_token.clone()),
        public_base: config.public_base.clone(),
        timeout: config.send_timeout,
    })?);
    Ok(Providers {
        sender: twilio.clone(),
        log: twilio.clone(),
        numbers: twilio,
        failure: consequence,
    })
}

/// What Twilio's code of a failed delivery asks of us.
pub fn consequence(code: u32) -> Consequence {
    match delivery_failure(code) {
        DeliveryFailure::OptedOut => Consequence::OptOut,
        DeliveryFailure::RecipientUnusable => Consequence::Unreachable,
        DeliveryFailure::Misconfigured => Consequence::PauseNumber,
        DeliveryFailure::RetryLater
        | DeliveryFailure::GiveUp
        | DeliveryFailure::Filtered
        | DeliveryFailure::Unknown => Consequence::Nothing,
    }
}
