//! Days and hours where the business is: instants are UTC everywhere else.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Timestamp;

#[cfg(test)]
mod tests;

/// An account's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

/// What is not in the IANA database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a time zone of the IANA database, such as `America/Mexico_City`")]
pub struct UnknownZone;

impl Zone {
    /// Six hours behind UTC all year, since Mexico gave up summer time in October 2022.
    pub const MEXICO_CITY: Self = Self(Tz::America__Mexico_City);

    /// Reads an IANA name, exactly as the database writes it.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        name.parse().map(Self).map_err(|_| UnknownZone)
    }

    /// `America/Mexico_City`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// What the clocks there show.
    pub fn local(self, at: Timestamp) -> DateTime<Tz> {
        at.with_timezone(&self.0)
    }

    /// The day there.
    pub fn day_of(self, at: Timestamp) -> NaiveDate {
        self.local(at).date_naive()
    }

    /// The instant at which a day begins there: midnight or, where the clocks jump over it, the
    /// first moment after. Where midnight comes twice, the first.
    pub fn start_of(self, day: NaiveDate) -> Timestamp {
        let midnight = day.and_time(NaiveTime::MIN);
        // Clocks jump by quarters of an hour at the least; a whole day went missing in Samoa.
        let first_moment = (0..=4 * 24).find_map(|quarters| {
            let local = midnight.checked_add_signed(TimeDelta::minutes(15 * quarters))?;
            self.0.from_local_datetime(&local).earliest()
        });
        first_moment.map_or_else(|| midnight.and_utc(), |moment| moment.to_utc())
    }

    /// The beginning of the next day there: always later than `at`.
    pub fn next_midnight(self, at: Timestamp) -> Timestamp {
        let today = self.day_of(at);
        let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        self.start_of(tomorrow)
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::MEXICO_CITY
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name).map_err(serde::de::Error::custom)
    }
}
