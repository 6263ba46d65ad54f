//! Why nothing is said: finer than what other services are told, because a person who tries the
//! assistant wants to know which of its switches to turn.

use events::WithheldReason;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// No rule matched, and there is no model.
    NoModel,
    /// No rule matched, and the account has written no profile.
    NoProfile,
    /// No rule matched, and the account's assistant is off.
    Disabled,
    /// The account's budget of the day is used up.
    OverBudget,
    /// The model asks for a person.
    HandOff,
    /// The model finds that nothing needs saying.
    StaySilent,
    /// The model's answers did not pass the checks.
    UnfitAnswer,
    /// The model could not be reached.
    Unreachable,
    /// The model was reached, and refused or gave nothing usable.
    NothingUsable,
    /// The conversation has moved on.
    Superseded,
}

impl Silence {
    /// As `conversations` is told.
    pub fn reason(self) -> WithheldReason {
        match self {
            Self::NoModel | Self::NoProfile | Self::Disabled => WithheldReason::NoModel,
            Self::OverBudget => WithheldReason::OverBudget,
            Self::HandOff => WithheldReason::HandOff,
            Self::StaySilent => WithheldReason::StaySilent,
            Self::UnfitAnswer => WithheldReason::UnfitAnswer,
            Self::Unreachable | Self::NothingUsable => WithheldReason::ModelFailed,
            Self::Superseded => WithheldReason::Superseded,
        }
    }
}
