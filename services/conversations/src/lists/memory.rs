//! What is remembered of lists and of their readers, within bounds; the least recently used goes first.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::store::conversations::list::Key;
use domain::{AccountId, Timestamp};
use web::page::Window;

use super::ListOf;
use super::frame::{Anchors, Frame, Piece};

/// Lists whose anchors are kept: some ten kilobytes each.
const MOST_WALKS: usize = 256;
/// Readers whose places are kept: some hundred bytes for who looked once.
const MOST_FRAMES: usize = 8_192;
/// Searches whose finds are kept: at most a hundred kilobytes each.
const MOST_FOUND: usize = 128;

/// Who reads: an account's list as it was at a time.
pub(super) type Reader = (AccountId, ListOf, Timestamp);

/// One walk through a list.
#[derive(Debug)]
pub(crate) struct Walk {
    pub(super) as_of: Timestamp,
    pub(super) keys: Vec<Key>,
    pub(super) total: i64,
}

struct Kept {
    walk: Arc<Walk>,
    refreshing: bool,
}

/// How long a reader's list is, and where it can be entered: as it was when they began, because their
/// positions count by that.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    /// Nothing where the list is short.
    pub(super) walk: Option<Arc<Walk>>,
    /// How many rows the reader's list has before the first one of the walk.
    pub(super) shift: i64,
    pub(super) total: i64,
}

impl Measure {
    fn anchors(&self) -> Anchors<'_> {
        let keys = self.walk.as_ref().map_or(&[][..], |walk| &walk.keys);
        Anchors { keys, every: super::EVERY, shift: self.shift }
    }
}

struct Open {
    measure: Measure,
    frame: Frame,
}

/// All of it.
#[derive(Default)]
pub(super) struct Memory {
    walks: Mutex<Shelf<(AccountId, ListOf), Kept>>,
    frames: Mutex<Shelf<Reader, Open>>,
    found: Mutex<Shelf<Reader, Arc<[Key]>>>,
}

impl Memory {
    pub(super) fn walk(&self, account: AccountId, of: &ListOf) -> Option<Arc<Walk>> {
        lock(&self.walks).get(&(account, of.clone())).map(|kept| Arc::clone(&kept.walk))
    }

    pub(super) fn keep_walk(&self, account: AccountId, of: &ListOf, walk: Walk) -> Arc<Walk> {
        let walk = Arc::new(walk);
        let kept = Kept { walk: Arc::clone(&walk), refreshing: false };
        lock(&self.walks).put((account, of.clone()), kept, MOST_WALKS);
        walk
    }

    pub(super) fn forget_walk(&self, account: AccountId, of: &ListOf) {
        lock(&self.walks).items.remove(&(account, of.clone()));
    }

    /// `true` for the one caller who is to walk anew.
    pub(super) fn begin_refresh(&self, account: AccountId, of: &ListOf) -> bool {
        let mut walks = lock(&self.walks);
        let Some(kept) = walks.get(&(account, of.clone())) else { return false };
        !std::mem::replace(&mut kept.refreshing, true)
    }

    pub(super) fn end_refresh(&self, account: AccountId, of: &ListOf) {
        if let Some(kept) = lock(&self.walks).get(&(account, of.clone())) {
            kept.refreshing = false;
        }
    }

    pub(super) fn found(&self, reader: &Reader) -> Option<Arc<[Key]>> {
        lock(&self.found).get(reader).map(|found| Arc::clone(found))
    }

    pub(super) fn keep_found(&self, reader: Reader, found: Vec<Key>) -> Arc<[Key]> {
        let found: Arc<[Key]> = found.into();
        lock(&self.found).put(reader, Arc::clone(&found), MOST_FOUND);
        found
    }

    /// What was measured for a reader who has begun.
    pub(super) fn measured(&self, reader: &Reader) -> Option<Measure> {
        lock(&self.frames).get(reader).map(|open| open.measure.clone())
    }

    pub(super) fn open(&self, reader: &Reader, measure: Measure) {
        let open = Open { measure, frame: Frame::default() };
        lock(&self.frames).put(reader.clone(), open, MOST_FRAMES);
    }

    pub(super) fn plan(&self, reader: &Reader, measure: &Measure, window: Window) -> Vec<Piece> {
        let anchors = measure.anchors();
        match lock(&self.frames).get(reader) {
            Some(open) => open.frame.plan(&anchors, window.offset, window.limit),
            None => Frame::default().plan(&anchors, window.offset, window.limit),
        }
    }

    pub(super) fn remember(
        &self,
        reader: &Reader,
        piece: &Piece,
        before: Option<Key>,
        rows: &[Key],
    ) {
        if let Some(open) = lock(&self.frames).get(reader) {
            open.frame.remember(piece, before, rows);
        }
    }
}

/// Things by key, each with the tick at which it was last used.
struct Shelf<K, V> {
    items: HashMap<K, (u64, V)>,
    tick: u64,
}

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Self { items: HashMap::new(), tick: 0 }
    }
}

impl<K: Eq + Hash + Clone, V> Shelf<K, V> {
    fn get(&mut self, key: &K) -> Option<&mut V> {
        self.tick += 1;
        let (used, value) = self.items.get_mut(key)?;
        *used = self.tick;
        Some(value)
    }

    fn put(&mut self, key: K, value: V, most: usize) {
        self.tick += 1;
        self.items.insert(key, (self.tick, value));
        if self.items.len() > most {
            // An eighth at once, so that not every newcomer pays for a look at all of them.
            let mut ticks: Vec<u64> = self.items.values().map(|(used, _)| *used).collect();
            let (_, eldest, _) = ticks.select_nth_unstable(most / 8);
            let eldest = *eldest;
            self.items.retain(|_, (used, _)| *used > eldest);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_least_recently_goes_first() {
        let mut shelf = Shelf::default();
        for n in 0..16 {
            shelf.put(n, n, 16);
        }
        assert!(shelf.get(&0).is_some());
        shelf.put(16, 16, 16);
        assert!(shelf.get(&0).is_some(), "it was just used");
        assert!(shelf.get(&1).is_none() && shelf.get(&2).is_none());
        assert_eq!(shelf.items.len(), 14);
    }
}
