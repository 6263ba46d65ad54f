//! What an inbound text asks of us.

use std::time::Duration;

use domain::{OptWord, Peer};

/// In this window, this many answers by machine mean that the other side is a machine too.
pub const LOOP_WINDOW: Duration = Duration::from_secs(5 * 60);
/// A person who types does not get so many answers in [`LOOP_WINDOW`].
const LOOP_ANSWERS: i64 = 20;

/// What is known of the conversation, under its lock.
#[derive(Debug, Clone, Copy)]
pub struct Thread {
    /// Whether a person blocked it.
    pub blocked: bool,
    /// Whether an opt-out is in force.
    pub opted_out: bool,
    /// Whether a person has the word.
    pub handed_over: bool,
    /// Answers by machine within [`LOOP_WINDOW`].
    pub automatic_answers: i64,
}

/// What came in.
#[derive(Clone)]
pub struct InboundText<'a> {
    /// Who wrote.
    pub from: &'a Peer,
    /// What.
    pub body: &'a str,
    /// `STOP`, `START` or `HELP` when the provider has answered it itself.
    pub opt_out_type: Option<&'a str>,
}

/// What to do, beside recording the text and dropping every reply in the making.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Leave them alone from now on; `confirm` unless somebody has told them so already.
    OptOut {
        /// Whether we say so.
        confirm: bool,
    },
    /// They may be texted again.
    OptIn {
        /// Whether we say so.
        confirm: bool,
    },
    /// Say who we are and how to leave.
    Help,
    /// A machine is talking to us: a person should look.
    HandOver,
    /// Nothing more.
    RecordOnly,
    /// Find a reply when the burst is over.
    AskForReply,
}

/// Decides. The order of the rules is the law: STOP wins over everything, silence over speech.
pub fn on_inbound(thread: Thread, text: &InboundText<'_>) -> Decision {
    // Who cannot be texted back (a short code, a name) is a machine: answering it is how two bots
    // begin to talk.
    let can_answer = text.from.phone().is_some() && !thread.blocked;
    match OptWord::of(text.body, text.opt_out_type) {
        OptWord::Stop { answered_by_twilio } => {
            Decision::OptOut { confirm: can_answer && !answered_by_twilio && !thread.opted_out }
        }
        OptWord::Start { answered_by_twilio } if thread.opted_out => {
            Decision::OptIn { confirm: can_answer && !answered_by_twilio }
        }
        _ if thread.opted_out || !can_answer => Decision::RecordOnly,
        OptWord::Start { answered_by_twilio: true }
        | OptWord::Help { answered_by_twilio: true } => Decision::RecordOnly,
        OptWord::Help { answered_by_twilio: false } => Decision::Help,
        _ if thread.handed_over => Decision::RecordOnly,
        _ if thread.automatic_answers >= LOOP_ANSWERS => Decision::HandOver,
        OptWord::Start { answered_by_twilio: false } | OptWord::None => Decision::AskForReply,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const QUIET: Thread =
        Thread { blocked: false, opted_out: false, handed_over: false, automatic_answers: 0 };

    fn alice() -> Peer {
        Peer::parse("+525512345678").unwrap()
    }

    fn decide(thread: Thread, body: &str) -> Decision {
        on_inbound(thread, &InboundText { from: &alice(), body, opt_out_type: None })
    }

    #[test]
    fn stop_wins_over_everything_else() {
        let busy = Thread { blocked: true, handed_over: true, automatic_answers: 99, ..QUIET };

        assert_eq!(decide(busy, "Stop"), Decision::OptOut { confirm: false });
        assert_eq!(decide(QUIET, "alto"), Decision::OptOut { confirm: true });
    }

    #[test]
    fn what_twilio_has_answered_is_not_answered_again() {
        assert_eq!(decide(QUIET, "STOP"), Decision::OptOut { confirm: false });
        assert_eq!(decide(QUIET, "HELP"), Decision::RecordOnly);
        let advanced = InboundText { from: &alice(), body: "BAJA", opt_out_type: Some("STOP") };
        assert_eq!(on_inbound(QUIET, &advanced), Decision::OptOut { confirm: false });
    }

    #[test]
    fn a_second_alto_is_not_confirmed_again() {
        let gone = Thread { opted_out: true, ..QUIET };

        assert_eq!(decide(gone, "ALTO"), Decision::OptOut { confirm: false });
    }

    #[test]
    fn who_left_comes_back_by_a_start_word_and_by_nothing_else() {
        let gone = Thread { opted_out: true, ..QUIET };

        assert_eq!(decide(gone, "INICIAR"), Decision::OptIn { confirm: true });
        for yes in ["SI", "sí", "YES", "ok", "¿sigue disponible?"] {
            assert_eq!(decide(gone, yes), Decision::RecordOnly, "{yes}");
        }
    }

    #[test]
    fn a_short_code_is_recorded_and_never_answered() {
        let bank = Peer::parse("26266").unwrap();
        let text = InboundText { from: &bank, body: "Su codigo es 1234", opt_out_type: None };

        assert_eq!(on_inbound(QUIET, &text), Decision::RecordOnly);
    }

    #[test]
    fn two_bots_do_not_loop() {
        let looping = Thread { automatic_answers: LOOP_ANSWERS, ..QUIET };

        assert_eq!(decide(looping, "hola"), Decision::HandOver);
    }

    proptest! {
        #[test]
        fn who_opted_out_is_answered_only_about_coming_back(body in ".{0,40}", handed_over: bool, automatic_answers in 0..50_i64) {
            let gone = Thread { opted_out: true, handed_over, automatic_answers, blocked: false };
            let decision = decide(gone, &body);
            prop_assert!(
                matches!(decision, Decision::RecordOnly | Decision::OptOut { confirm: false } | Decision::OptIn { .. }),
                "{:?}", decision
            );
        }
    }
}
