//! Whether a reply that was found is still wanted.

/// A draft against the conversation as it is now, under its lock.
#[derive(Debug, Clone, Copy)]
pub struct Draft {
    /// The epoch that it was made for.
    pub epoch: i64,
    /// The conversation's epoch now: an inbound text, a person's text, an opt-out or a hand-over has
    /// raised it.
    pub current_epoch: i64,
    /// Whether a person has the word.
    pub handed_over: bool,
    /// Whether an opt-out is in force.
    pub opted_out: bool,
    /// Whether a person blocked the conversation.
    pub blocked: bool,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is queued.
    Wanted,
    /// It is dropped, and here is why.
    Stale(&'static str),
}

/// Decides. The claim asks the same once more, in the transaction in which the text leaves.
pub fn on_draft(draft: Draft) -> Verdict {
    if draft.opted_out {
        Verdict::Stale("opted_out")
    } else if draft.blocked {
        Verdict::Stale("blocked")
    } else if draft.handed_over {
        Verdict::Stale("handed_over")
    } else if draft.epoch != draft.current_epoch {
        Verdict::Stale("superseded")
    } else {
        Verdict::Wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: Draft =
        Draft { epoch: 3, current_epoch: 3, handed_over: false, opted_out: false, blocked: false };

    #[test]
    fn a_draft_for_the_present_is_wanted() {
        assert_eq!(on_draft(FRESH), Verdict::Wanted);
    }

    #[test]
    fn a_newer_text_a_person_a_stop_or_a_block_makes_it_stale() {
        let stale = [
            Draft { current_epoch: 4, ..FRESH },
            Draft { handed_over: true, ..FRESH },
            Draft { opted_out: true, ..FRESH },
            Draft { blocked: true, ..FRESH },
        ];
        for draft in stale {
            assert!(matches!(on_draft(draft), Verdict::Stale(_)), "{draft:?}");
        }
    }
}
