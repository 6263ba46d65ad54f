//! The responder against a real PostgreSQL, with a model in memory.

mod kit;

mod cancelled;
mod giving_up;
mod injection;
mod once;
mod rules;
