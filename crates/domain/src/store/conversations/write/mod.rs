//! Writing the slice: `services/conversations` only.
//!
//! Every function takes the connection of a transaction that its caller began, and ends none.

mod assign;
mod attention;
mod claim;
mod contacts;
mod import_rows;
mod imports;
mod labels;
mod messages;
mod numbers;
mod opt_outs;
mod settle;
mod tallies;
mod threads;

pub use assign::{Assignments, NoNumber, Recipient, assign};
pub use attention::{
    after_inbound, hand_back, hand_over, invalidate_replies, mark_read, mark_unread,
    set_conversation_status, set_owner,
};
pub use claim::{candidates, claim, draw, lock_conversations};
pub use contacts::{
    Erased, Erasure, NewContact, create_contact, edit_contact, erase, name_if_unknown,
};
pub use import_rows::{BadRow, GoodRow, Upserted, import_rows, reject_rows};
pub use imports::{
    NewImport, Progress, TakenImport, create_import, end_import, lock_import, progress_import,
    prune_rejects, release_import, take_import, unfinished_imports,
};
pub use labels::{
    Labelled, add_note, create_label, delete_label, delete_note, edit_label, set_labels,
};
pub use messages::{
    NewInbound, NewOutbound, Withdrawn, insert_inbound, queue, undo, withdraw_stale_replies,
};
pub use numbers::{NewNumber, NumberEdit, add_number, edit_number, pause_number, quarantine};
pub use opt_outs::{mark_unreachable, opt_in, opt_out};
pub use settle::{
    adopt, end, expire_leases, lock_status, put_back, record_sent, set_status, still_absent,
    uncertain,
};
pub use tallies::tally;
pub use threads::{
    DueReply, Opened, Reassigned, ask_for_reply, lock, open, reassign, take_due_replies,
};
