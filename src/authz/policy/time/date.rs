//! Moments as Keycloak's policies write them: `yyyy-MM-dd HH:mm:ss`, or the date alone.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// One end of a time.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bound {
    None,
    /// Seconds since 1970.
    At(i64),
    /// It is good, but of an unknown zone.
    WithoutZone,
    /// Keycloak may understand it, or fail.
    Unreadable,
}

impl Bound {
    /// Fields out of range roll over, as in Java's lenient calendars: month 13 is January of the next year.
    pub(super) fn parse(text: Option<&str>, zone: Option<&TimeZone>) -> Self {
        let text = match text {
            None | Some("") => return Self::None,
            Some(text) => text,
        };
        let trimmed = text.trim_matches(|c| c <= ' ');
        let fields = if trimmed.encode_utf16().count() == 10 {
            date(trimmed).map(|[year, month, day]| [year, month, day, 0, 0, 0])
        } else {
            text.split_once(' ').and_then(|(day, time)| {
                let ([year, month, day], [hour, minute, second]) =
                    (date(day)?, numbers(time, ':', [2, 2, 2])?);
                Some([year, month, day, hour, minute, second])
            })
        };
        match (fields, zone) {
            (None, _) => Self::Unreadable,
            (Some(_), None) => Self::WithoutZone,
            (Some(fields), Some(zone)) => Self::At(seconds(fields, zone)),
        }
    }
}

fn date(text: &str) -> Option<[i64; 3]> {
    numbers(text, '-', [4, 2, 2])
}

/// Three numbers of just so many ASCII digits.
fn numbers(text: &str, separator: char, digits: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; 3];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next()?;
        if part.len() != digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// Where clocks are set back, the later of two moments; where they are set forward, as much later as they skip. So does
/// Java's calendar.
fn seconds([year, month, day, hour, minute, second]: [i64; 6], zone: &TimeZone) -> i64 {
    let months = year * 12 + month - 1;
    let days = days_before(months.div_euclid(12), months.rem_euclid(12) + 1) + day - 1;
    let local = days * 86_400 + hour * 3600 + minute * 60 + second;
    let civil = jiff::Timestamp::from_second(local).map(|moment| TimeZone::UTC.to_datetime(moment));
    let moment = civil.and_then(|civil: DateTime| zone.to_ambiguous_timestamp(civil).later());
    // Beyond the year 9999, where a day more or less is no matter.
    moment.map_or(local, |moment| moment.as_second())
}

/// Days from 1970-01-01 to the first of a month (1 to 12), in the Gregorian calendar.
fn days_before(year: i64, month: i64) -> i64 {
    // Years that begin in March have their leap day at the end.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (month * 153 + 2) / 5 - 719_468
}
