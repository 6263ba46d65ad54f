//! The words of the house and the tables they are kept in.
//!
//! Types and their laws stand one noun a file; [`store`] holds the shared schema, one slice per
//! owner.

pub mod clock;
pub mod delivery;
pub mod email;
pub mod hours;
pub mod id;
pub mod keyword;
pub mod peer;
pub mod phone;
pub mod role;
pub mod rotation;
pub mod segment;
pub mod sid;
pub mod store;
pub mod text;
pub mod zone;

pub use clock::{Clock, SharedClock, SystemClock, Timestamp};
pub use delivery::{DeliveryStatus, StatusReport};
pub use email::EmailAddress;
pub use hours::BusinessHours;
pub use id::{
    AccountId, ContactId, ConversationId, EventId, Id, ImportId, InvitationId, LabelId, MessageId,
    NoteId, NumberId, ReceiptId, RunId, SessionId, StaticResponseId, TokenId, UserId,
};
pub use keyword::OptWord;
pub use peer::Peer;
pub use phone::PhoneNumber;
pub use role::Role;
pub use segment::{Encoding, Segments, segments_of};
pub use sid::MessageSid;
pub use text::TextBody;
pub use zone::Zone;
