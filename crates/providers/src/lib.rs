//! What we ask of the outside: traits of one method, errors classed by what to do next, and fakes
//! that remember.

pub mod fake;
pub mod model;
pub mod numbers;
pub mod sms;

pub use model::{Answer, ModelError, Prompt, ReplyModel, Turn, Usage};
pub use numbers::{NumberList, RentedNumber};
pub use sms::{
    OutboundText, ReadError, SendError, SmsFetcher, SmsLog, SmsQuery, SmsRecord, SmsSender,
};
