//! What an account's assistant may cost on a day.

use domain::store::responder::{ProfileRow, SpentRow};

/// Whether the model may be asked once more today.
///
/// What is being asked at this moment is not counted yet, so the last answers of a day may pass the
/// limit by as many as are asked at once.
pub fn has_room(profile: &ProfileRow, spent: SpentRow) -> bool {
    spent.replies < profile.max_replies_per_day && spent.tokens < profile.max_tokens_per_day
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::tests::profile;

    #[test]
    fn answers_and_tokens_both_have_an_end() {
        let profile =
            ProfileRow { max_replies_per_day: 10, max_tokens_per_day: 1000, ..profile("") };
        for (replies, tokens, room) in
            [(0, 0, true), (9, 999, true), (10, 0, false), (0, 1000, false), (11, 1001, false)]
        {
            assert_eq!(
                has_room(&profile, SpentRow { replies, tokens }),
                room,
                "{replies} {tokens}"
            );
        }
    }

    #[test]
    fn a_budget_of_nothing_lets_nothing_through() {
        let profile = ProfileRow { max_replies_per_day: 0, ..profile("") };
        assert!(!has_room(&profile, SpentRow::default()));
    }
}
