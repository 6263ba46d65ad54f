//! Writing the slice: `services/responder` only.

mod profile;
mod rules;
mod runs;

pub use profile::{NewProfile, save_profile};
pub use rules::{NewStatic, change_static, create_static, delete_static};
pub use runs::{NewRun, run, spend};
