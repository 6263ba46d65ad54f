//! A request for a reply becomes a static response, the model's answer, or a reason to say nothing.
//!
//! It texts nobody: what it finds is said as an event, and `conversations` decides whether it is
//! still wanted.

pub mod address;
pub mod amount;
pub mod breaker;
pub mod budget;
pub mod check;
pub mod config;
pub mod consume;
pub mod language;
pub mod plain;
pub mod prompt;
pub mod rule_book;
pub mod static_response;
mod wire;

use anyhow::Context as _;
use chassis::{Context, Service};

pub use config::Config;
pub use consume::reply_requested::{Replies, RepliesParts};

/// What it hears.
pub async fn service(ctx: Context, config: Config) -> anyhow::Result<Service> {
    let model = wire::model(&config).context("the model cannot be used")?;
    match &model {
        Some(model) => {
            tracing::info!(model = model.name(), "replies by rules, then by {}", model.name())
        }
        None => tracing::warn!("no ANTHROPIC_API_KEY: static responses only"),
    }
    let replies = Replies::new(RepliesParts {
        pool: ctx.pool.clone(),
        clock: ctx.clock.clone(),
        model,
        breaker: config.breaker.settings(),
        turns_in_prompt: config.turns_in_prompt,
    });
    Ok(Service::new().calls(replies))
}
