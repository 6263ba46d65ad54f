//! The settings, from an environment.

use std::collections::BTreeMap;
use std::time::Duration;

use chassis::{ServiceConfig, settings};
use ingress::Config;
use ingress::config::InvalidConfig;

use crate::kit;

fn environment(more: &[(&str, &str)]) -> BTreeMap<String, String> {
    let least = [
        ("INGRESS__PUBLIC_BASE", kit::BASE),
        ("TWILIO_ACCOUNT_SID", kit::ACCOUNT),
        ("TWILIO_AUTH_TOKEN", kit::TOKEN),
    ];
    least
        .iter()
        .chain(more)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn read(more: &[(&str, &str)]) -> Result<Config, String> {
    settings::service("ingress", Config::SHARED, &environment(more))
        .map_err(|error| error.to_string())
}

#[test]
fn three_settings_are_enough() {
    let config = read(&[]).unwrap();

    assert_eq!(config.twilio.base_url, "https://api.twilio.com");
    assert_eq!((config.queue_capacity, config.batch), (10_000, 512));
    assert_eq!(config.reconcile_every, Duration::from_secs(5 * 60));
    assert_eq!(config.check(), Ok(()));
    assert!(!format!("{config:?}").contains(kit::TOKEN));
}

#[test]
fn each_can_be_set() {
    let config = read(&[
        ("INGRESS__RECONCILE_EVERY", "90s"),
        ("INGRESS__RECONCILE_WINDOW", "2days"),
        ("INGRESS__RECEIPTS_RETENTION", "30days"),
        ("INGRESS__QUEUE_CAPACITY", "7"),
        ("INGRESS__BATCH", "3"),
        ("TWILIO_AUTH_TOKEN_SECONDARY", ""),
        ("TWILIO_BASE_URL", "http://127.0.0.1:9"),
    ])
    .unwrap();

    assert_eq!((config.reconcile_every.as_secs(), config.queue_capacity, config.batch), (90, 7, 3));
    assert_eq!(config.twilio.base_url, "http://127.0.0.1:9");
}

#[test]
fn a_misspelt_setting_is_named_and_another_services_twilio_setting_is_not() {
    let refused = read(&[("INGRESS__BACTH", "3")]).unwrap_err();
    assert!(refused.contains("bacth"), "{refused}");
    assert!(read(&[("TWILIO_API_KEY_SID", "SK1")]).is_ok());
}

#[test]
fn settings_that_would_do_harm_together_are_refused() {
    let hasty = read(&[("INGRESS__RECONCILE_EVERY", "0s")]).unwrap();
    assert_eq!(hasty.check(), Err(InvalidConfig::ReconcileEvery));
    let forgetful = read(&[("INGRESS__RECEIPTS_RETENTION", "1day")]).unwrap();
    assert_eq!(forgetful.check(), Err(InvalidConfig::Retention));
}
