//! The model from the settings: the only file that names its provider.

use std::sync::Arc;

use anthropic::{Claude, Settings};
use anyhow::Context as _;
use providers::ReplyModel;
use secrecy::ExposeSecret as _;
use url::Url;

use crate::config::Config;

/// Where Claude is.
const BASE_URL: &str = "https://api.anthropic.com";

/// The model; `None` when there is no key.
pub fn model(config: &Config) -> anyhow::Result<Option<Arc<dyn ReplyModel>>> {
    let anthropic = &config.anthropic;
    let Some(key) = anthropic.api_key.clone().filter(|key| !key.expose_secret().is_empty()) else {
        return Ok(None);
    };
    let base_url = match anthropic.base_url.clone() {
        Some(url) => url,
        None => Url::parse(BASE_URL).context("the default base URL")?,
    };
    let claude = Claude::new(Settings {
        model: anthropic.model.clone(),
        version: anthropic.version.clone(),
        timeout: anthropic.timeout,
        ..Settings::new(base_url, key)
    })?;
    Ok(Some(Arc::new(claude)))
}
