//! One reader's view of a list that moves: which places they have been given, so that the next page
//! goes on where the last one ended, whatever has moved to the top since.
//!
//! A boundary is the key of the row before a position. Rows only leave a frozen list (they become newer
//! than it), so what stands between two boundaries can become less and never more: pages that share no
//! position share no row, and none is passed over.

use std::collections::BTreeMap;

use domain::store::conversations::list::Key;

/// The most places of one reader that are remembered.
const MOST_SERVED: usize = 2_000;

/// How far it is walked from a place that was served before one of the [`Anchors`] is nearer.
const WALK: u32 = 1_000;

/// Keys at regular distances, walked once for everyone who looks at a list.
#[derive(Debug, Default, Clone)]
pub(crate) struct Anchors<'a> {
    /// Every `every`-th key of the list.
    pub(crate) keys: &'a [Key],
    pub(crate) every: u32,
    /// How many rows this reader's list has before the first row of the walk; negative when it is the
    /// older one.
    pub(crate) shift: i64,
}

impl Anchors<'_> {
    /// The last anchor at or before a position.
    fn before(&self, position: u32) -> Option<(u32, Key)> {
        let into = i64::from(position) - self.shift;
        let count = usize::try_from(into.div_euclid(i64::from(self.every.max(1)))).ok()?;
        let count = count.min(self.keys.len());
        let key = *self.keys.get(count.checked_sub(1)?)?;
        let at = i64::try_from(count).ok()?.saturating_mul(i64::from(self.every));
        Some((u32::try_from(at.saturating_add(self.shift)).ok()?, key))
    }
}

/// Where one reader has been.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    served: BTreeMap<u32, Key>,
}

/// A part of a window that is read in one go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The position of its first row.
    pub(crate) position: u32,
    /// Where to start walking; from the top if nowhere.
    pub(crate) after: Option<Key>,
    /// How many rows to pass over from there.
    pub(crate) skip: u32,
    /// How many to take.
    pub(crate) take: u32,
    /// Never beyond this row: what comes after it was given to another page.
    pub(crate) through: Option<Key>,
}

impl Frame {
    /// How to read `limit` rows from `offset` on.
    pub(crate) fn plan(&self, anchors: &Anchors<'_>, offset: u32, limit: u32) -> Vec<Piece> {
        let (mut pieces, mut position) = (Vec::new(), offset);
        let end = offset.saturating_add(limit);
        while position < end {
            let barrier = self.served.range(position.saturating_add(1)..).next();
            let until = barrier.map_or(end, |(at, _)| end.min(*at));
            let (from, after) = self.start(anchors, position);
            pieces.push(Piece {
                position,
                after,
                skip: position - from,
                take: until - position,
                through: barrier.map(|(_, key)| *key),
            });
            position = until;
        }
        pieces
    }

    fn start(&self, anchors: &Anchors<'_>, position: u32) -> (u32, Option<Key>) {
        let served = self.served.range(..=position).next_back().map(|(at, key)| (*at, *key));
        let near = served.filter(|(at, _)| position - at <= WALK);
        match (near, served, anchors.before(position)) {
            (Some((at, key)), _, _) => (at, Some(key)),
            (None, Some((_, known)), Some((at, key))) => (at, Some(older(known, key))),
            (None, None, Some((at, key))) => (at, Some(key)),
            (None, Some((at, key)), None) => (at, Some(key)),
            (None, None, None) => (0, None),
        }
    }

    /// Remembers what a piece brought: the row before it, if it was read, and its own rows.
    pub(crate) fn remember(&mut self, piece: &Piece, before: Option<Key>, rows: &[Key]) {
        if let Some(key) = before.or(piece.after.filter(|_| piece.skip == 0)) {
            self.serve(piece.position, key);
        }
        let is_full = u32::try_from(rows.len()).is_ok_and(|count| count == piece.take);
        if let Some(last) = rows.last().filter(|_| is_full) {
            self.serve(piece.position.saturating_add(piece.take), *last);
        }
    }

    fn serve(&mut self, position: u32, key: Key) {
        if position == 0 {
            return;
        }
        self.served.entry(position).or_insert(key);
        while self.served.len() > MOST_SERVED {
            self.served.pop_first();
        }
    }
}

/// The one that comes later in a list.
fn older(a: Key, b: Key) -> Key {
    if (a.at, a.id) < (b.at, b.id) { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;
    use proptest::prelude::*;
    use uuid::Uuid;

    /// A row is its time; the list is read as the database reads it.
    fn key(n: u32) -> Key {
        let at = Timestamp::from_timestamp(i64::from(n), 0).unwrap();
        Key { at, id: Uuid::from_u128(u128::from(n)) }
    }

    fn read(list: &[u32], piece: &Piece) -> (Option<Key>, Vec<Key>) {
        let order = |key: &Key| (key.at, key.id);
        let mut rows: Vec<Key> = list.iter().map(|n| key(*n)).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(order(row)));
        rows.retain(|row| piece.after.is_none_or(|after| order(row) < order(&after)));
        rows.retain(|row| piece.through.is_none_or(|last| order(row) >= order(&last)));
        let skip = usize::try_from(piece.skip).unwrap();
        let before = skip.checked_sub(1).and_then(|at| rows.get(at)).copied();
        let take = usize::try_from(piece.take).unwrap();
        (before, rows.into_iter().skip(skip).take(take).collect())
    }

    fn page(
        frame: &mut Frame,
        list: &[u32],
        anchors: &Anchors<'_>,
        offset: u32,
        limit: u32,
    ) -> Vec<Key> {
        let mut rows = Vec::new();
        for piece in frame.plan(anchors, offset, limit) {
            let (before, part) = read(list, &piece);
            frame.remember(&piece, before, &part);
            rows.extend(part);
        }
        rows
    }

    fn anchors_of(list: &[u32], every: usize) -> Vec<Key> {
        let mut sorted = list.to_vec();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        sorted.chunks_exact(every).filter_map(|chunk| chunk.last().map(|n| key(*n))).collect()
    }

    proptest! {
        #[test]
        fn anchored_pages_are_the_naive_pages_while_nothing_moves(
            list in prop::collection::btree_set(0..10_000_u32, 0..400),
            windows in prop::collection::vec((0..450_u32, 1..60_u32), 1..12),
        ) {
            let list: Vec<u32> = list.into_iter().collect();
            let keys = anchors_of(&list, 7);
            let anchors = Anchors { keys: &keys, every: 7, shift: 0 };
            let mut frame = Frame::default();
            for (offset, limit) in windows {
                let naive: Vec<Key> = list.iter().rev()
                    .skip(usize::try_from(offset).unwrap()).take(usize::try_from(limit).unwrap())
                    .map(|n| key(*n)).collect();
                prop_assert_eq!(page(&mut frame, &list, &anchors, offset, limit), naive);
            }
        }

        #[test]
        fn pages_tile_a_list_that_rows_leave(
            list in prop::collection::btree_set(0..10_000_u32, 1..300),
            limit in 1..40_u32,
            order in any::<prop::sample::Index>(),
            leaving in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
        ) {
            let whole: Vec<u32> = list.into_iter().collect();
            let keys = anchors_of(&whole, 16);
            let anchors = Anchors { keys: &keys, every: 16, shift: 0 };
            let last = u32::try_from(whole.len()).unwrap() / limit;
            let mut offsets: Vec<u32> = (0..=last).map(|i| i * limit).collect();
            // A reader who jumps into the middle and reads on from there, and then from the top.
            let at = order.index(offsets.len());
            offsets.rotate_left(at);
            let (mut frame, mut now, mut left) = (Frame::default(), whole.clone(), Vec::new());
            let mut leaving = leaving.into_iter();
            let mut seen = Vec::new();
            for offset in offsets {
                seen.extend(page(&mut frame, &now, &anchors, offset, limit));
                if let Some(index) = leaving.next().filter(|_| !now.is_empty()) {
                    left.push(now.remove(index.index(now.len())));
                }
            }
            let mut ids: Vec<u128> = seen.iter().map(|key| key.id.as_u128()).collect();
            ids.sort_unstable();
            let count = ids.len();
            ids.dedup();
            prop_assert_eq!(count, ids.len(), "a row was given twice");
            for row in now {
                prop_assert!(ids.contains(&u128::from(row)), "row {} was passed over; left: {:?}", row, left);
            }
        }
    }
}
