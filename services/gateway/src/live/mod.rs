//! What people's screens are told, as it happens: server-sent events, one numbered order an account,
//! which a browser that was away takes up where it left off.
//!
//! An event that the house says becomes a row ([`hear`]); each process reads new rows of the accounts
//! that somebody listens to, together with how things look now, once for all listeners (`follow`);
//! a listener is a cursor into that order (`stream`).

mod follow;
mod frame;
pub mod hear;
mod hub;
mod stream;
mod warden;

use std::sync::Arc;

use chassis::Context;
use domain::store::Pool;
use tokio_util::sync::CancellationToken;

pub use follow::Follower;
pub use frame::{ConversationChange, ImportProgress};
pub use hub::Hub;
pub use stream::open;
pub use warden::{Listeners, Warden};

use crate::Config;

/// What a process needs to hold streams.
pub struct Live {
    /// Who listens to which account.
    pub hub: Arc<Hub>,
    /// With which credentials.
    pub listeners: Arc<Listeners>,
    pool: Pool,
    stop: CancellationToken,
}

impl Live {
    /// With nobody listening yet.
    pub fn new(ctx: &Context, config: &Config) -> Self {
        Self {
            hub: Arc::new(Hub::new(config.streams_per_account, config.streams_per_user)),
            listeners: Arc::default(),
            pool: ctx.pool.clone(),
            stop: ctx.stop.clone(),
        }
    }
}
