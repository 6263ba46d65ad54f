//! What the routes of every service share: connections, failures as problem documents, transactions
//! with a limit, and a POST that is done once however often it is sent.

mod failure;
mod once;
mod transaction;

pub use failure::{Failure, conn};
pub use once::{Forgetter, once, once_as, replayed};
pub use transaction::{read, write};
