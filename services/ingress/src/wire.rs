//! Providers from settings: the one place that names Twilio's client.

use std::sync::Arc;

use anyhow::Context as _;
use providers::SmsLog;
use twilio::{Auth, Settings, Signatures, Twilio};

use crate::Config;

/// Checks the signatures of this account's webhooks at our public address.
pub(crate) fn signatures(config: &Config) -> anyhow::Result<Signatures> {
    Signatures::new(&config.twilio.tokens(), config.public_base.as_str())
        .context("webhooks could not be verified with these settings")
}

/// Twilio's own record of the account's texts.
pub(crate) fn sms_log(config: &Config) -> anyhow::Result<Arc<dyn SmsLog>> {
    let client = Twilio::new(Settings {
        base_url: config.twilio.base_url().context("TWILIO_BASE_URL is not a URL")?,
        account_sid: config.twilio.account_sid.clone(),
        auth: Auth::Token(config.twilio.auth_token.clone()),
        public_base: config.public_base.clone(),
        timeout: Settings::DEFAULT_TIMEOUT,
    })?;
    Ok(Arc::new(client))
}
