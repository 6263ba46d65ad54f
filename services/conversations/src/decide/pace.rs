//! Which of the texts that wait may leave now: lanes, and a token bucket per number in segments.

use std::collections::HashMap;

use domain::NumberId;
use domain::store::conversations::Candidate;

/// What may leave.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Picked {
    /// Indexes of the candidates, in their order.
    pub indexes: Vec<usize>,
    /// Whether some had to wait for tokens.
    pub held_back: bool,
}

/// Picks from candidates that come number by number, replies before bulk.
///
/// A reply leaves while its number's bucket holds anything, and may overdraw it by its last
/// segments: a text of more segments than the bucket could ever hold would otherwise wait for ever.
/// The debt delays the next one, so over time the rate holds. Bulk leaves the reserve untouched, so
/// that a reply never waits behind it.
pub fn pick(candidates: &[Candidate]) -> Picked {
    let mut tokens: HashMap<NumberId, f64> = HashMap::new();
    let mut picked = Picked::default();
    for (index, candidate) in candidates.iter().enumerate() {
        let left = tokens.entry(candidate.number_id).or_insert(candidate.tokens);
        let floor = if candidate.lane == 0 { 0.0 } else { candidate.reserve };
        if *left > floor {
            *left -= f64::from(candidate.segments.max(1));
            picked.indexes.push(index);
        } else {
            picked.held_back = true;
        }
    }
    picked
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ConversationId, MessageId};
    use proptest::prelude::*;

    fn candidate(number_id: NumberId, lane: i16, segments: i16, tokens: f64) -> Candidate {
        Candidate {
            id: MessageId::generate(),
            number_id,
            conversation_id: ConversationId::generate(),
            lane,
            segments,
            tokens,
            reserve: 8.0,
        }
    }

    #[test]
    fn bulk_leaves_the_reserve_to_replies() {
        let number = NumberId::generate();
        let bulk = || candidate(number, 1, 1, 12.0);
        let waiting: Vec<_> = (0..20).map(|_| bulk()).collect();

        let picked = pick(&waiting);

        assert_eq!(picked.indexes.len(), 4);
        assert!(picked.held_back);
    }

    #[test]
    fn a_reply_leaves_where_bulk_has_to_wait() {
        let number = NumberId::generate();
        let waiting = [candidate(number, 0, 2, 7.5), candidate(number, 1, 1, 7.5)];

        assert_eq!(pick(&waiting).indexes, [0]);
    }

    proptest! {
        #[test]
        fn a_bucket_is_overdrawn_by_less_than_one_text(tokens in -5.0..30.0_f64, texts in prop::collection::vec((0..2_i16, 1..11_i16), 0..60)) {
            let number = NumberId::generate();
            let mut waiting: Vec<_> = texts.iter().map(|(lane, segments)| candidate(number, *lane, *segments, tokens)).collect();
            waiting.sort_by_key(|candidate| candidate.lane);

            let picked = pick(&waiting);

            let mut left = tokens;
            for index in &picked.indexes {
                let text = &waiting[*index];
                let floor = if text.lane == 0 { 0.0 } else { 8.0 };
                prop_assert!(left > floor);
                left -= f64::from(text.segments);
            }
        }
    }
}
