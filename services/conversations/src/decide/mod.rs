//! The rules, pure: what is known comes in, what is to be done goes out as data.

mod draft;
mod inbound;
mod pace;
mod person;
mod report;
mod wording;

pub use draft::{Draft, Verdict, on_draft};
pub use inbound::{Decision, InboundText, LOOP_WINDOW, Thread, on_inbound};
pub use pace::{Picked, pick};
pub use person::{Recipient, refusal};
pub use report::{Consequence, Move, on_report};
pub use wording::{help, opt_in_confirmation, opt_out_confirmation};
