//! Writing the slice: `services/conversations` only.
//!
//! Every function takes the connection of a transaction that its caller began, and ends none.

mod assign;
mod claim;
mod messages;
mod numbers;
mod opt_outs;
mod settle;
mod threads;

pub use assign::{Assignments, NoNumber, Recipient, assign};
pub use claim::{candidates, claim, draw, lock_conversations};
pub use messages::{NewInbound, NewOutbound, insert_inbound, queue};
pub use numbers::{NewNumber, add_number, pause_number, quarantine};
pub use opt_outs::{mark_unreachable, opt_in, opt_out};
pub use settle::{
    adopt, end, expire_leases, lock_status, put_back, record_sent, set_status, still_absent,
    uncertain,
};
pub use threads::{
    DueReply, Opened, Reassigned, ask_for_reply, hand_over, invalidate_replies, lock, open,
    reassign, take_due_replies,
};
