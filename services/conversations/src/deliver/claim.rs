//! The commit before the call.

use std::collections::HashMap;

use diesel_async::AsyncConnection;
use domain::store::conversations::{Candidate, Claimed, write};
use domain::store::{StoreError, Tx, no_connection};
use domain::{NumberId, Timestamp};
use events::{TextFailed, TextOf};

use super::{Desk, Looked};
use crate::decide::{self, Picked};

/// Texts of one lane of one number a round.
const PER_LANE: i64 = 32;

impl Desk {
    /// Claims what may leave now. What must not leave any more is ended here.
    pub(super) async fn look(&self) -> Result<Looked, StoreError> {
        let free = self.in_flight.available_permits();
        if free == 0 {
            return Ok(Looked::HeldBack);
        }
        let now = self.clock.now();
        let mut conn = self.pool.get().await.map_err(no_connection)?;
        let conn: &mut Tx = &mut conn;
        conn.transaction(async |tx: &mut Tx| {
            let candidates = write::candidates(tx, now, PER_LANE).await?;
            if candidates.is_empty() {
                return Ok(Looked::Empty);
            }
            let mut picked = decide::pick(&candidates);
            replies_first(&candidates, &mut picked, free);
            let chosen: Vec<&Candidate> =
                picked.indexes.iter().filter_map(|index| candidates.get(*index)).collect();
            if chosen.is_empty() {
                return Ok(Looked::HeldBack);
            }
            let conversations = chosen.iter().map(|text| text.conversation_id).collect();
            write::lock_conversations(tx, conversations).await?;
            let ids = chosen.iter().map(|text| text.id).collect();
            let (lease, since) = (now + self.lease, now - self.answer_expires);
            let claimed = write::claim(tx, ids, now, lease, since).await?;
            let (leaving, ended): (Vec<Claimed>, Vec<Claimed>) =
                claimed.into_iter().partition(|text| text.ended_why.is_none());
            write::draw(tx, buckets(&candidates, &leaving), now).await?;
            say_ended(tx, &ended, now).await?;
            self.count("canceled", ended.len());
            Ok(Looked::Claimed(leaving))
        })
        .await
    }

    pub(super) fn count(&self, outcome: &str, n: usize) {
        if n > 0 {
            self.settled.add(u64::try_from(n).unwrap_or(u64::MAX), &[("outcome", outcome)]);
        }
    }
}

/// No more than can be under way at once, and of those the replies of all numbers before any bulk.
fn replies_first(candidates: &[Candidate], picked: &mut Picked, free: usize) {
    if picked.indexes.len() > free {
        picked.indexes.sort_by_key(|index| candidates.get(*index).map(|text| text.lane));
        picked.indexes.truncate(free);
    }
}

/// What each number's bucket holds when these have left.
fn buckets(candidates: &[Candidate], leaving: &[Claimed]) -> Vec<(NumberId, f64)> {
    let mut left: HashMap<NumberId, f64> = HashMap::new();
    for text in leaving {
        let full = candidates
            .iter()
            .find(|candidate| candidate.number_id == text.number_id)
            .map_or(0.0, |candidate| candidate.tokens);
        *left.entry(text.number_id).or_insert(full) -= f64::from(text.segments.max(1));
    }
    left.into_iter().collect()
}

async fn say_ended(
    tx: &mut Tx,
    ended: &[Claimed],
    now: Timestamp,
) -> diesel::result::QueryResult<()> {
    let events: Vec<TextFailed> = ended
        .iter()
        .map(|text| TextFailed {
            text: text_of(text),
            status: "canceled".to_owned(),
            error_code: None,
            why: text.ended_why.clone().unwrap_or_default(),
        })
        .collect();
    outbox::enqueue_all(tx, &events, now).await
}

pub(super) fn text_of(text: &Claimed) -> TextOf {
    TextOf {
        account: text.account_id,
        conversation: text.conversation_id,
        message: text.id,
        number: text.number_id,
    }
}
