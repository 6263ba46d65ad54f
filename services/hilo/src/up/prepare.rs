//! The settings that a laptop does not have: where the services are, a key of the house, and the
//! simulator's address and credentials.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chassis::settings::Environment;
use rand::TryRngCore as _;
use rand::rngs::OsRng;

use super::ports::{Ports, address};
use crate::world::World;

/// Fills in what is not set.
pub(super) fn prepare(
    environment: &mut Environment,
    ports: &Ports,
    world: World,
) -> anyhow::Result<()> {
    let mut default = |key: &str, value: String| {
        let set = environment.entry(key.to_owned()).or_default();
        if set.is_empty() {
            *set = value;
        }
    };
    default("HILO_LOG", "warn,lapin=error".to_owned());
    default("HILO_LOG_FORMAT", "text".to_owned());
    default("HILO_POOL_SIZE", "12".to_owned());
    // Every service of this process is started with it, so it need not outlive the process.
    default("HILO_IDENTITY_KEY", random_key()?);
    let public_base = address(&ports.ingress)?;
    default("INGRESS__PUBLIC_BASE", public_base.clone());
    default("CONVERSATIONS__PUBLIC_BASE", public_base);
    default("GATEWAY__PUBLIC_BASE", address(&ports.dashboard)?);
    default("GATEWAY__CONVERSATIONS_URL", address(&ports.conversations)?);
    default("GATEWAY__RESPONDER_URL", address(&ports.responder)?);
    if world == World::Simulated {
        let outside = simulator::Config::default();
        let base = address(&ports.simulator)?;
        default("TWILIO_ACCOUNT_SID", outside.account_sid);
        default("TWILIO_AUTH_TOKEN", outside.auth_token);
        default("TWILIO_BASE_URL", base.clone());
        default("GATEWAY__SANDBOX_URL", base.clone());
        if !environment.contains_key("ANTHROPIC_API_KEY") {
            environment.insert("ANTHROPIC_API_KEY".to_owned(), outside.claude_key);
            environment.insert("ANTHROPIC_BASE_URL".to_owned(), base);
        }
    }
    Ok(())
}

fn random_key() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    OsRng.try_fill_bytes(&mut bytes)?;
    Ok(STANDARD.encode(bytes))
}
