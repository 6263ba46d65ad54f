//! Twilio's identifiers of messages.

use std::fmt;

/// Twilio's id of a message: `SM` or `MM` and 32 hexadecimal digits (contracts, section 2).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageSid(Box<str>);

/// What was not a message id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not `SM` or `MM` followed by 32 hexadecimal digits")]
pub struct InvalidMessageSid;

impl MessageSid {
    /// Accepts what Twilio sends and nothing else.
    pub fn parse(raw: &str) -> Result<Self, InvalidMessageSid> {
        let digits = raw.strip_prefix("SM").or_else(|| raw.strip_prefix("MM"));
        match digits {
            Some(digits)
                if digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
            {
                Ok(Self(raw.into()))
            }
            _ => Err(InvalidMessageSid),
        }
    }

    /// As Twilio wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MessageSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
