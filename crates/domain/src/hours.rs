//! The hours in which a business texts people on its own initiative.

use chrono::{Datelike, NaiveDateTime, Timelike, Weekday};

/// The same span of local time on some days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BusinessHours {
    days: u8,
    from_minute: u16,
    to_minute: u16,
}

/// Why a span is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHours {
    /// Bits beyond Sunday's.
    #[error("names days beyond the seven")]
    Days,
    /// The beginning is a minute of the day, 0 to 1439; the end may also be 1440, midnight.
    #[error("goes beyond the minutes of a day")]
    Minutes,
    /// A span that begins and ends at once could mean nothing or everything.
    #[error("begins and ends at the same minute")]
    Empty,
}

const MINUTES_IN_DAY: u16 = 24 * 60;

impl BusinessHours {
    /// Monday to Friday, 8 to 19: what was proposed as the law for advertising calls in Mexico in
    /// 2019, and so the strict preset.
    pub const MEXICAN_ADVERTISING: Self =
        Self { days: 0b001_1111, from_minute: 8 * 60, to_minute: 19 * 60 };

    /// `days` has Monday in its lowest bit and Sunday in the seventh. Minutes count from local
    /// midnight; the first is inside, the last is not. A span that ends before it begins runs over
    /// midnight and belongs to the day on which it began.
    pub fn new(days: u8, from_minute: u16, to_minute: u16) -> Result<Self, InvalidHours> {
        if days >= 1 << 7 {
            return Err(InvalidHours::Days);
        }
        if from_minute >= MINUTES_IN_DAY || to_minute > MINUTES_IN_DAY {
            return Err(InvalidHours::Minutes);
        }
        if from_minute == to_minute {
            return Err(InvalidHours::Empty);
        }
        Ok(Self { days, from_minute, to_minute })
    }

    /// Monday in the lowest bit.
    pub const fn days(self) -> u8 {
        self.days
    }

    /// The first minute inside, from local midnight.
    pub const fn from_minute(self) -> u16 {
        self.from_minute
    }

    /// The first minute outside again.
    pub const fn to_minute(self) -> u16 {
        self.to_minute
    }

    /// Whether a local time (see [`crate::zone::Zone::local`]) is inside.
    pub fn contains(self, local: NaiveDateTime) -> bool {
        let minute = local.hour() * 60 + local.minute();
        let (from, to) = (u32::from(self.from_minute), u32::from(self.to_minute));
        let today = local.weekday();
        if from < to {
            return self.is_open_on(today) && (from..to).contains(&minute);
        }
        let began_today = self.is_open_on(today) && minute >= from;
        let began_yesterday = self.is_open_on(today.pred()) && minute < to;
        began_today || began_yesterday
    }

    fn is_open_on(self, day: Weekday) -> bool {
        self.days & (1 << day.num_days_from_monday()) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn the_first_minute_is_inside_and_the_last_is_not() {
        // The 2nd of March 2026 is a Monday.
        for (time, inside) in [
            ("2026-03-02 07:59", false),
            ("2026-03-02 08:00", true),
            ("2026-03-06 18:59", true),
            ("2026-03-06 19:00", false),
            ("2026-03-07 12:00", false),
            ("2026-03-08 12:00", false),
        ] {
            assert_eq!(BusinessHours::MEXICAN_ADVERTISING.contains(local(time)), inside, "{time}");
        }
    }

    #[test]
    fn a_span_over_midnight_belongs_to_the_day_on_which_it_began() {
        let friday_night = BusinessHours::new(0b001_0000, 22 * 60, 2 * 60).unwrap();
        for (time, inside) in [
            ("2026-03-06 01:00", false),
            ("2026-03-06 22:00", true),
            ("2026-03-07 01:59", true),
            ("2026-03-07 02:00", false),
            ("2026-03-07 23:00", false),
        ] {
            assert_eq!(friday_night.contains(local(time)), inside, "{time}");
        }
    }

    #[test]
    fn sunday_night_runs_into_monday_and_midnight_may_be_the_end() {
        let sunday_night = BusinessHours::new(0b100_0000, 23 * 60, 60).unwrap();
        assert!(sunday_night.contains(local("2026-03-02 00:30")));
        let all_day = BusinessHours::new(0b111_1111, 0, 1440).unwrap();
        assert!(all_day.contains(local("2026-03-01 23:59")));
    }

    #[test]
    fn what_is_no_span_is_refused() {
        assert_eq!(BusinessHours::new(0b1000_0000, 0, 60), Err(InvalidHours::Days));
        assert_eq!(BusinessHours::new(1, 1440, 60), Err(InvalidHours::Minutes));
        assert_eq!(BusinessHours::new(1, 0, 1441), Err(InvalidHours::Minutes));
        assert_eq!(BusinessHours::new(1, 60, 60), Err(InvalidHours::Empty));
    }
}
