//! Whether a colleague's text may be queued.

/// The conversation as it is now, under its lock.
#[derive(Debug, Clone, Copy)]
pub struct Recipient {
    /// Whether an opt-out is in force.
    pub opted_out: bool,
    /// Whether a person blocked the conversation.
    pub blocked: bool,
    /// Whether the provider says that the number takes no texts.
    pub unreachable: bool,
    /// Whether it is a telephone number at all: a short code or a name cannot be texted.
    pub is_number: bool,
}

/// `None` when it may; else why not, as the API says it. The claim asks the same once more, in the
/// transaction in which the text leaves.
pub fn refusal(recipient: Recipient) -> Option<&'static str> {
    if recipient.opted_out {
        Some("opted-out")
    } else if recipient.blocked {
        Some("blocked")
    } else if recipient.unreachable || !recipient.is_number {
        Some("unreachable")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WILLING: Recipient =
        Recipient { opted_out: false, blocked: false, unreachable: false, is_number: true };

    #[test]
    fn who_left_was_blocked_or_cannot_be_reached_is_not_texted() {
        assert_eq!(refusal(WILLING), None);
        let gone = Recipient { opted_out: true, blocked: true, ..WILLING };
        assert_eq!(refusal(gone), Some("opted-out"));
        assert_eq!(refusal(Recipient { blocked: true, ..WILLING }), Some("blocked"));
        assert_eq!(refusal(Recipient { unreachable: true, ..WILLING }), Some("unreachable"));
        assert_eq!(refusal(Recipient { is_number: false, ..WILLING }), Some("unreachable"));
    }
}
