//! A request for a reply becomes a static response, the model's answer, or a reason to say nothing.
//!
//! It texts nobody: what it finds is said as an event, and `conversations` decides whether it is
//! still wanted.

pub mod address;
pub mod amount;
pub mod answer;
pub mod breaker;
pub mod budget;
pub mod check;
pub mod config;
pub mod consume;
pub mod language;
pub mod plain;
pub mod prompt;
pub mod routes;
pub mod rule_book;
pub mod static_response;
mod wire;

use std::sync::Arc;

use answer::{Finder, FinderParts};
use anyhow::Context as _;
use chassis::{Context, Service};

pub use config::Config;
pub use consume::reply_requested::{Replies, RepliesParts};
use routes::Desk;
pub use routes::openapi;

/// What it hears and serves.
pub async fn service(ctx: Context, config: Config) -> anyhow::Result<Service> {
    let model = wire::model(&config).context("the model cannot be used")?;
    match &model {
        Some(model) => {
            tracing::info!(model = model.name(), "replies by rules, then by {}", model.name())
        }
        None => tracing::warn!("no ANTHROPIC_API_KEY: static responses only"),
    }
    let finder = Arc::new(Finder::new(FinderParts {
        clock: ctx.clock.clone(),
        model,
        breaker: config.breaker.settings(),
    }));
    let replies = Replies::new(RepliesParts {
        pool: ctx.pool.clone(),
        clock: ctx.clock.clone(),
        finder: Arc::clone(&finder),
        turns_in_prompt: config.turns_in_prompt,
    });
    let desk = Desk {
        pool: ctx.pool.clone(),
        clock: ctx.clock.clone(),
        finder,
        turns_in_prompt: config.turns_in_prompt,
    };
    Ok(Service::new().calls(replies).serves(move |routes| routes::configure(routes, &desk)))
}
