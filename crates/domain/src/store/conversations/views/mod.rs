//! What people see of the slice: the JSON of the API, read by the routes of `conversations` and by
//! the live events of the gateway. Every query asks for the account; what is another's is not there.

mod contact;
mod conversation;
mod import;
mod message;
mod number;
mod thread;

use serde::Serialize;
use utoipa::ToSchema;

use crate::UserId;

pub use contact::{ContactView, contact_view, contact_views};
pub use conversation::{
    ContactBrief, ConversationView, LabelView, LastMessage, conversation_views,
};
pub use import::{ImportView, import_view, import_views};
pub use message::{MessageView, message_views};
pub use number::{NumberView, number_views};
pub use thread::{
    AssignedNumberView, NoteView, OptOutView, assigned_numbers, labels, notes, opt_outs,
};

/// A colleague.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    /// Who.
    #[schema(value_type = Uuid)]
    pub id: UserId,
    /// Their name.
    #[schema(example = "Omar Rivas")]
    pub name: String,
}

impl Person {
    /// Both or none come out of an outer join.
    fn of(id: Option<UserId>, name: Option<String>) -> Option<Self> {
        Some(Self { id: id?, name: name? })
    }
}
