use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::TimeRule;
use crate::authz::identity::Identity;
use crate::authz::policy::{Facts, Met};
use crate::authz::pushed::PushedClaims;
use crate::authz::surroundings::Surroundings;
use crate::authz::verdict::Cause;

fn rule(config: &[(&str, &str)], zone: Option<&TimeZone>) -> TimeRule {
    let config: BTreeMap<String, String> =
        config.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    TimeRule::compile(&config, zone)
}

/// What a policy says at a time in this zone.
fn at(now: &str, zone: &str, config: &[(&str, &str)]) -> Met {
    let now: jiff::Timestamp = now.parse().unwrap();
    judge(now.as_second(), Some(&TimeZone::get(zone).unwrap()), config)
}

fn judge(now: i64, zone: Option<&TimeZone>, config: &[(&str, &str)]) -> Met {
    let identity = Identity::from_claims(b"{}").unwrap();
    let (surroundings, pushed) = (Surroundings::default(), PushedClaims::default());
    let subject = identity.subject(&surroundings);
    let facts = Facts { identity: &identity, subject, pushed: &pushed, now, surroundings: &surroundings };
    rule(config, zone).judge(&facts)
}

/// 2026-11-25 was a Wednesday.
const NOON: &str = "2026-11-25T12:00:00Z";

#[test]
fn both_ends_are_inclusive() {
    for (config, met) in [
        (("nbf", "2026-11-25 12:00:00"), Met::Yes),
        (("nbf", "2026-11-25 12:00:01"), Met::No),
        (("noa", "2026-11-25 12:00:00"), Met::Yes),
        (("noa", "2026-11-25 11:59:59"), Met::No),
        (("nbf", "2026-11-25"), Met::Yes),
        (("noa", "2026-11-25"), Met::No),
        (("noa", " 2026-11-26 "), Met::Yes),
        (("nbf", ""), Met::Yes),
    ] {
        assert_eq!(at(NOON, "UTC", &[config]), met, "{config:?}");
    }
    assert_eq!(at(NOON, "UTC", &[]), Met::Yes);
}

#[test]
fn dates_roll_over() {
    // 2020-13-45 25:61:61 is 2021-02-15 02:02:01.
    let lenient = [("nbf", "2020-13-45 25:61:61")];
    assert_eq!(at("2021-02-15T02:02:01Z", "UTC", &lenient), Met::Yes);
    assert_eq!(at("2021-02-15T02:02:00Z", "UTC", &lenient), Met::No);
    // 2024-03-00 is the last of February, in a leap year; month 0 is December before.
    assert_eq!(at("2024-02-29T00:00:00Z", "UTC", &[("nbf", "2024-03-00")]), Met::Yes);
    assert_eq!(at("2024-02-28T23:59:59Z", "UTC", &[("nbf", "2024-03-00")]), Met::No);
    assert_eq!(at("2023-12-01T00:00:00Z", "UTC", &[("nbf", "2024-00-01")]), Met::Yes);
    assert_eq!(at("2023-11-30T23:59:59Z", "UTC", &[("nbf", "2024-00-01")]), Met::No);
    assert_eq!(at(NOON, "UTC", &[("noa", "9999-99-99 99:99:99")]), Met::Yes);
    assert_eq!(at(NOON, "UTC", &[("nbf", "0000-00-00")]), Met::Yes);
}

#[test]
fn other_spellings_may_fail_once_they_are_reached() {
    let risky = Met::Risky(Cause::DateUnreadable);
    for text in [
        "tomorrow",
        "2020-01-01T00:00:00",
        "2020-1-1",
        "2020-01-01 00:00:00 x",
        "20-01-01 00:00:00",
        " ",
        "2020-01-01 00:00",
        "2020-01-01  00:00:00",
        "2020-01-01-01 0",
        " 2020-01-01 00:00:00",
        "+020-01-01",
    ] {
        assert_eq!(at(NOON, "UTC", &[("nbf", text)]), risky, "{text:?}");
        // What comes before decides already.
        assert_eq!(at(NOON, "UTC", &[("nbf", "2030-01-01"), ("noa", text)]), Met::No, "{text:?}");
        assert_eq!(rule(&[("noa", text)], None).always_remote(), Some(Cause::DateUnreadable));
    }
}

#[test]
fn parts_of_the_date_are_equal_or_in_their_range() {
    for (config, met) in [
        (&[("dayMonth", "25")][..], Met::Yes),
        (&[("dayMonth", "24")], Met::No),
        (&[("dayMonth", "24"), ("dayMonthEnd", "26")], Met::Yes),
        (&[("month", "11")], Met::Yes),
        (&[("month", "10")], Met::No),
        (&[("year", "2026"), ("yearEnd", "2026")], Met::Yes),
        (&[("year", "2027"), ("yearEnd", "2030")], Met::No),
        (&[("hour", "12")], Met::Yes),
        (&[("hour", "+12")], Met::Yes),
        (&[("minute", "0"), ("minuteEnd", "59")], Met::Yes),
        (&[("minute", "1"), ("minuteEnd", "59")], Met::No),
        // No wrapping around.
        (&[("hour", "11"), ("hourEnd", "0")], Met::No),
        // An end alone is ignored.
        (&[("hourEnd", "3")], Met::Yes),
        (&[("hourEnd", "x")], Met::Yes),
        (&[("hour", "12"), ("minute", "5")], Met::No),
    ] {
        assert_eq!(at(NOON, "UTC", config), met, "{config:?}");
    }
}

#[test]
fn what_is_no_integer_fails_once_it_is_reached() {
    for text in ["", "x", "1.5", " 12", "99999999999"] {
        assert_eq!(at(NOON, "UTC", &[("hour", text)]), Met::Fails, "{text:?}");
        assert_eq!(at(NOON, "UTC", &[("hour", "12"), ("hourEnd", text)]), Met::Fails, "{text:?}");
        // The month is looked at before the hour, the minute after it.
        assert_eq!(at(NOON, "UTC", &[("month", "1"), ("hour", text)]), Met::No);
        assert_eq!(at(NOON, "UTC", &[("minute", "1"), ("hour", text)]), Met::Fails);
        assert_eq!(at(NOON, "UTC", &[("noa", "2020-01-01"), ("hour", text)]), Met::No);
    }
    assert_eq!(at(NOON, "UTC", &[("hour", "١٢")]), Met::Risky(Cause::DateUnreadable));
}

#[test]
fn time_is_that_of_the_servers_zone() {
    assert_eq!(at(NOON, "Europe/Berlin", &[("hour", "13")]), Met::Yes);
    assert_eq!(at(NOON, "Asia/Kolkata", &[("hour", "17"), ("minute", "30")]), Met::Yes);
    assert_eq!(at("2026-12-31T23:30:00Z", "Europe/Berlin", &[("year", "2027"), ("month", "1")]), Met::Yes);
    let midnight = [("nbf", "2026-11-26")];
    assert_eq!(at("2026-11-25T23:00:00Z", "Europe/Berlin", &midnight), Met::Yes);
    assert_eq!(at("2026-11-25T22:59:59Z", "Europe/Berlin", &midnight), Met::No);
}

#[test]
fn where_clocks_change_it_is_as_in_java() {
    // 02:30 does not exist on that day: it is 03:30 summer time.
    let spring = [("nbf", "2026-03-29 02:30:00")];
    assert_eq!(at("2026-03-29T01:30:00Z", "Europe/Berlin", &spring), Met::Yes);
    assert_eq!(at("2026-03-29T01:29:59Z", "Europe/Berlin", &spring), Met::No);
    // 02:30 exists twice: it is the later one, in winter time.
    let autumn = [("nbf", "2026-10-25 02:30:00")];
    assert_eq!(at("2026-10-25T01:30:00Z", "Europe/Berlin", &autumn), Met::Yes);
    assert_eq!(at("2026-10-25T01:29:59Z", "Europe/Berlin", &autumn), Met::No);
}

#[test]
fn without_a_zone_only_an_empty_policy_is_known() {
    let unknown = Met::Unknown(Cause::TimeZoneUnknown);
    assert_eq!(judge(0, None, &[]), Met::Yes);
    assert_eq!(judge(0, None, &[("nbf", "2020-01-01")]), unknown);
    assert_eq!(judge(0, None, &[("hour", "1")]), unknown);
    assert_eq!(judge(0, None, &[("hour", "x")]), Met::Risky(Cause::TimeZoneUnknown));
    assert_eq!(judge(0, None, &[("nbf", "tomorrow")]), Met::Risky(Cause::DateUnreadable));
    assert_eq!(rule(&[("hour", "1")], None).always_remote(), Some(Cause::TimeZoneUnknown));
    assert_eq!(rule(&[("hour", "1")], Some(&TimeZone::UTC)).always_remote(), None);
    assert_eq!(rule(&[], None).always_remote(), None);
}
