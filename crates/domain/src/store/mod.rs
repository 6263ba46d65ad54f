//! The shared schema, one slice per owner. `X::read` may be used by any service, `X::write` only by
//! the owner of X: `crates/tidy` and the grants of the database hold it.

pub mod bus;
pub mod conversations;
pub mod error;
pub mod gateway;
pub mod idempotency;
pub mod inbox;
pub mod ingress;
pub mod listen;
pub mod migrate;
pub mod outbox;
pub mod pool;
pub mod responder;
pub mod stmt;

pub use diesel_async::AsyncPgConnection as Tx;
pub use error::StoreError;
pub use pool::{Pool, PoolSettings, no_connection};
