//! Who texts the next new recipient: a weighted deal over an account's numbers, by stride.
//!
//! Stride scheduling (Waldspurger and Weihl, 1995): each use moves a number forward by a step that
//! is inverse to its weight, and the one furthest behind is next.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::{NumberId, Timestamp};

#[cfg(test)]
mod tests;

/// How far a use moves a number of weight 1.
///
/// It is the least common multiple of 1 to 22, so the step of those weights is exact; of the others
/// it is short by less than one in two million, which no one will see. An `i64` holds some forty
/// thousand million such steps.
pub const STRIDE: i64 = 232_792_560;

/// A number's place at the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Whose place it is.
    pub number: NumberId,
    /// Its share, 1 to 100: a number of weight 2 is dealt twice as often as one of weight 1.
    pub weight: u16,
    /// How far it has come. The one furthest behind is next.
    pub turn: i64,
    /// When it was last dealt; `None` goes first among equals.
    pub last_used_at: Option<Timestamp>,
    /// New recipients that it may still take today; 0 while it is quarantined.
    pub room: u32,
}

/// Who got whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// For each recipient in turn the index of a seat. Shorter than was asked when no seat has room.
    pub order: Vec<usize>,
    /// Where the table stands now: whoever joins later starts here.
    pub pass: i64,
}

/// Deals `recipients` to the seats, and moves the seats' `turn` and `room`. The caller stamps
/// `last_used_at` of those in the order, since this knows no time.
///
/// `pass` is the last deal's [`Deal::pass`] (0 at first). A seat that is behind it was away, is new
/// or was full: it joins at the pass, because catching up would put one number on a burst of
/// strangers, which carriers filter. Ties go to the number that was never used, then to the least
/// recently used, then by id, so that the same table is always dealt the same way.
pub fn deal(seats: &mut [Seat], pass: i64, recipients: usize) -> Deal {
    let mut pass = pass;
    let mut waiting: BinaryHeap<Reverse<Waiting>> = BinaryHeap::with_capacity(seats.len());
    for (index, seat) in seats.iter_mut().enumerate().filter(|(_, seat)| seat.room > 0) {
        seat.turn = seat.turn.max(pass);
        let last_use = seat.last_used_at.map_or(LastUse::Never, LastUse::Earlier);
        waiting.push(Reverse(Waiting { turn: seat.turn, last_use, number: seat.number, index }));
    }
    let mut order = Vec::with_capacity(recipients.min(MAX_PREALLOCATED));
    while order.len() < recipients {
        let Some(Reverse(next)) = waiting.pop() else { break };
        let Some(seat) = seats.get_mut(next.index) else { break };
        // The lowest turn of all that could play, so it only rises.
        pass = next.turn;
        seat.turn = next.turn.saturating_add(step(seat.weight));
        seat.room = seat.room.saturating_sub(1);
        if seat.room > 0 {
            let last_use = LastUse::InThisDeal(order.len());
            waiting.push(Reverse(Waiting { turn: seat.turn, last_use, ..next }));
        }
        order.push(next.index);
    }
    // When all are full there is no lowest turn left; the last one dealt is where the table stood.
    let pass = waiting.peek().map_or(pass, |Reverse(next)| next.turn);
    Deal { order, pass }
}

/// A caller that asks for more than exists shall not get the memory for it up front.
const MAX_PREALLOCATED: usize = 100_000;

/// A seat with room. The order of the fields is the order of the rules.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    turn: i64,
    last_use: LastUse,
    number: NumberId,
    index: usize,
}

/// The order of the variants is the rule: never used goes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum LastUse {
    Never,
    Earlier(Timestamp),
    InThisDeal(usize),
}

/// A weight outside 1 to 100 counts as the nearest inside: a step of 0 would deal one seat for ever.
fn step(weight: u16) -> i64 {
    STRIDE / i64::from(weight.clamp(1, 100))
}
