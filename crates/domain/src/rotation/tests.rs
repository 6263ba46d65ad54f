use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;

use super::*;

const AMPLE: u32 = 1_000_000;

fn seat(id: u128, weight: u16, room: u32) -> Seat {
    let number = NumberId::from_uuid(uuid::Uuid::from_u128(id));
    Seat { number, weight, turn: 0, last_used_at: None, room }
}

fn table(weights: &[u16]) -> Vec<Seat> {
    (1..).zip(weights).map(|(id, weight)| seat(id, *weight, AMPLE)).collect()
}

/// A table that plays on and counts, as the database does between deals.
struct Table {
    seats: Vec<Seat>,
    pass: i64,
    now: Timestamp,
    uses: Vec<u32>,
}

impl Table {
    fn new(seats: Vec<Seat>) -> Self {
        let uses = vec![0; seats.len()];
        Self { seats, pass: 0, now: DateTime::UNIX_EPOCH, uses }
    }

    fn deals(&mut self, recipients: usize) -> Vec<usize> {
        let Deal { order, pass } = deal(&mut self.seats, self.pass, recipients);
        assert!(pass >= self.pass, "the pass only rises");
        self.pass = pass;
        for index in &order {
            self.now += TimeDelta::milliseconds(1);
            self.seats[*index].last_used_at = Some(self.now);
            self.uses[*index] += 1;
        }
        order
    }

    fn joins(&mut self, seat: Seat) -> usize {
        self.seats.push(seat);
        self.uses.push(0);
        self.seats.len() - 1
    }
}

#[test]
fn among_equals_the_never_used_goes_first_then_the_least_recently_used_then_by_id() {
    let mut seats = table(&[1, 1, 1, 1]);
    let at = |seconds| Some(DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds));
    seats[0].last_used_at = at(20);
    seats[1].last_used_at = at(10);
    assert_eq!(deal(&mut seats, 0, 4).order, [2, 3, 1, 0]);
}

#[test]
fn a_weight_of_two_is_dealt_twice_as_often() {
    let mut table = Table::new(table(&[2, 1]));
    table.deals(3_000);
    assert_eq!(table.uses, [2_000, 1_000]);
}

#[test]
fn a_full_number_steps_aside_and_a_full_table_ends_the_deal() {
    let mut table = Table::new(vec![seat(1, 1, 2), seat(2, 1, 0), seat(3, 1, 3)]);
    assert_eq!(table.deals(100), [0, 2, 0, 2, 2]);
    assert!(table.deals(1).is_empty());
}

#[test]
fn a_number_that_was_full_does_not_catch_up_the_next_day() {
    let mut table = Table::new(vec![seat(1, 1, 1), seat(2, 1, 1_000)]);
    table.deals(5_000);
    for seat in &mut table.seats {
        seat.room = 1_000;
    }
    table.uses.fill(0);
    table.deals(100);
    assert!(table.uses[0].abs_diff(table.uses[1]) <= 1, "{:?}", table.uses);
}

#[test]
fn sixteen_numbers_share_a_hundred_thousand_recipients_evenly() {
    let mut table = Table::new(table(&[1; 16]));
    table.deals(100_000);
    assert_eq!(table.uses, [6_250; 16]);
}

fn batches() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..60_usize, 1..30)
}

proptest! {
    #[test]
    fn equal_numbers_are_used_equally_often_whatever_the_batches(
        count in 1..20_usize,
        batches in batches(),
    ) {
        let mut table = Table::new(table(&vec![1; count]));
        for recipients in batches {
            prop_assert_eq!(table.deals(recipients).len(), recipients);
            let (most, least) = (table.uses.iter().max(), table.uses.iter().min());
            prop_assert!(most.unwrap() - least.unwrap() <= 1, "{:?}", table.uses);
        }
    }

    #[test]
    fn the_size_of_the_batches_does_not_show_in_the_order(
        weights in prop::collection::vec(1..=100_u16, 1..8),
        batches in batches(),
    ) {
        let mut in_batches = Table::new(table(&weights));
        let order: Vec<usize> =
            batches.iter().flat_map(|recipients| in_batches.deals(*recipients)).collect();
        let at_once = Table::new(table(&weights)).deals(batches.iter().sum());
        prop_assert_eq!(order, at_once);
    }

    /// Two numbers are never further apart than one step of the lighter one.
    #[test]
    fn weights_are_honoured_in_proportion(
        weights in prop::collection::vec(1..=100_u16, 2..8),
        batches in batches(),
    ) {
        let mut table = Table::new(table(&weights));
        for recipients in batches {
            table.deals(recipients);
        }
        let uses = table.uses.iter().map(|uses| f64::from(*uses));
        let shares = || weights.iter().map(|weight| f64::from(*weight)).zip(uses.clone());
        for (weight, uses) in shares() {
            for (other_weight, other_uses) in shares() {
                let apart = (uses / weight - other_uses / other_weight).abs();
                prop_assert!(apart <= 1.0 / weight.min(other_weight) + 1e-3, "{:?}", table.uses);
            }
        }
    }

    #[test]
    fn no_number_takes_more_than_its_room(
        rooms in prop::collection::vec(0..40_u32, 1..8),
        batches in batches(),
    ) {
        let seats = (1..).zip(&rooms).map(|(id, room)| seat(id, 1, *room)).collect();
        let mut table = Table::new(seats);
        let asked: usize = batches.iter().sum();
        let dealt: usize = batches.iter().map(|recipients| table.deals(*recipients).len()).sum();
        for (uses, room) in table.uses.iter().zip(&rooms) {
            prop_assert!(uses <= room);
        }
        prop_assert_eq!(dealt, asked.min(usize::try_from(rooms.iter().sum::<u32>())?));
    }

    #[test]
    fn a_newcomer_is_not_given_a_burst(
        count in 1..12_usize,
        before in 0..5_000_usize,
        recipients in 0..200_usize,
    ) {
        let mut table = Table::new(table(&vec![1; count]));
        table.deals(before);
        let newcomer = table.joins(seat(999, 1, AMPLE));
        table.deals(recipients);
        let fair = u32::try_from(recipients.div_ceil(count + 1))?;
        prop_assert!(table.uses[newcomer] <= fair + 1, "{:?}", table.uses);
    }
}
