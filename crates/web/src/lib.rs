//! What every service's HTTP side is made of: the server with health, metrics and traces, and the
//! problem documents (RFC 9457) that it answers when something is wrong.

pub mod body;
pub mod extract;
pub mod health;
pub mod identity;
pub mod page;
pub mod problem;
pub mod request_id;
pub mod server;
mod trace;

pub use body::{JsonBody, Once, Params, Post};
pub use health::Health;
pub use identity::{Identity, IdentityKey};
pub use problem::Problem;
