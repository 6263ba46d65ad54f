use chrono::Offset;
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn mexico_city_has_had_no_summer_time_since_2022() {
    for month in 1..=12 {
        let noon = at(&format!("2026-{month:02}-15T12:00:00Z"));
        let offset = Zone::default().local(noon).offset().fix();
        assert_eq!(offset.local_minus_utc(), -6 * 3_600, "month {month}");
    }
    // The last summer, for comparison.
    let offset = Zone::MEXICO_CITY.local(at("2022-07-15T12:00:00Z")).offset().fix();
    assert_eq!(offset.local_minus_utc(), -5 * 3_600);
}

#[test]
fn the_day_in_mexico_ends_at_six_in_the_morning_utc() {
    let zone = Zone::MEXICO_CITY;
    assert_eq!(zone.day_of(at("2026-04-02T05:59:59Z")).to_string(), "2026-04-01");
    assert_eq!(zone.next_midnight(at("2026-04-02T05:59:59Z")), at("2026-04-02T06:00:00Z"));
    assert_eq!(zone.next_midnight(at("2026-04-02T06:00:00Z")), at("2026-04-03T06:00:00Z"));
}

#[test]
fn a_day_begins_at_its_first_moment_where_midnight_is_skipped_or_missing() {
    // Santiago jumps from 24:00 to 01:00; Apia left out the 30th of December 2011.
    let santiago = Zone::parse("America/Santiago").unwrap();
    assert_eq!(santiago.next_midnight(at("2025-09-06T12:00:00Z")), at("2025-09-07T04:00:00Z"));
    let apia = Zone::parse("Pacific/Apia").unwrap();
    assert_eq!(apia.next_midnight(at("2011-12-30T09:00:00Z")), at("2011-12-30T10:00:00Z"));
}

#[test]
fn a_zone_is_its_name_in_json_and_only_the_iana_name() {
    let json = serde_json::to_string(&Zone::default()).unwrap();
    assert_eq!(json, r#""America/Mexico_City""#);
    assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), Zone::MEXICO_CITY);
    assert_eq!(Zone::parse("Mexico City"), Err(UnknownZone));
}

proptest! {
    #[test]
    fn the_next_midnight_is_later_and_begins_a_later_day(
        zone in proptest::sample::select(&chrono_tz::TZ_VARIANTS[..]),
        seconds in 0..4_000_000_000_i64,
    ) {
        let (zone, now) = (Zone(zone), DateTime::from_timestamp(seconds, 0).unwrap());
        let next = zone.next_midnight(now);
        prop_assert!(next > now && next - now <= TimeDelta::hours(49), "{zone} {now} {next}");
        prop_assert!(zone.day_of(next) > zone.day_of(now), "{zone} {now} {next}");
        prop_assert!(zone.day_of(next - TimeDelta::seconds(1)) <= zone.day_of(now), "{zone} {now}");
    }
}
