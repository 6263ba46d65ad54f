//! What the routes of every service share: connections, failures as problem documents, and a POST
//! that is done once however often it is sent.

mod failure;
mod once;

pub use failure::{Failure, conn};
pub use once::{Forgetter, once, replayed};
