//! Policies of type `time`.

mod date;
mod field;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::date::Bound;
use self::field::Field;
use super::{Facts, Met};
use crate::authz::verdict::Cause;

/// Between two moments, and when the parts of the date are in their ranges.
#[derive(Debug)]
pub(in crate::authz) struct TimeRule {
    not_before: Bound,
    not_after: Bound,
    /// Day of the month, month, year, hour, minute, in Keycloak's order.
    fields: [Field; 5],
    zone: Option<TimeZone>,
    written: Vec<(String, String)>,
}

/// The members of the configuration, in the order in which they are looked at.
const FIELDS: [&str; 5] = ["dayMonth", "month", "year", "hour", "minute"];

impl TimeRule {
    pub(super) fn compile(config: &BTreeMap<String, String>, zone: Option<&TimeZone>) -> Self {
        let bound = |name: &str| Bound::parse(config.get(name).map(String::as_str), zone);
        let field = |name: &str| {
            Field::parse(
                config.get(name).map(String::as_str),
                config.get(&format!("{name}End")).map(String::as_str),
            )
        };
        let (not_before, not_after) = (bound("nbf"), bound("noa"));
        Self {
            not_before,
            not_after,
            fields: FIELDS.map(field),
            zone: zone.cloned(),
            written: config.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        }
    }

    /// In order; the first that does not hold makes it not met, and what comes after it is not looked at.
    pub(super) fn judge(&self, facts: &Facts<'_>) -> Met {
        let mut without_zone = false;
        let bounds = [(&self.not_before, 1), (&self.not_after, -1)];
        for (bound, direction) in bounds {
            match bound {
                Bound::None => {}
                Bound::At(at) if (facts.now - at) * direction < 0 => return Met::No,
                Bound::At(_) => {}
                Bound::WithoutZone => without_zone = true,
                Bound::Unreadable => return Met::Risky(Cause::DateUnreadable),
            }
        }
        if self.fields.iter().all(|field| *field == Field::Any) {
            return if without_zone { Met::Unknown(Cause::TimeZoneUnknown) } else { Met::Yes };
        }
        let (Some(zone), Ok(now)) = (&self.zone, Timestamp::from_second(facts.now)) else {
            return match self.fields.iter().any(Field::is_broken) {
                true => Met::Risky(Cause::TimeZoneUnknown),
                false => Met::Unknown(Cause::TimeZoneUnknown),
            };
        };
        let now = zone.to_datetime(now);
        let parts: [i32; 5] =
            [now.day().into(), now.month().into(), now.year().into(), now.hour().into(), now.minute().into()];
        for (field, part) in self.fields.iter().zip(parts) {
            match field.holds(part) {
                Met::Yes => {}
                other => return other,
            }
        }
        Met::Yes
    }

    /// The window, as configured.
    pub(super) fn window(&self) -> Vec<(String, String)> {
        self.written.clone()
    }

    pub(super) fn always_remote(&self) -> Option<Cause> {
        let unreadable = |bound: &Bound| matches!(bound, Bound::Unreadable);
        if unreadable(&self.not_before)
            || unreadable(&self.not_after)
            || self.fields.contains(&Field::Unreadable)
        {
            return Some(Cause::DateUnreadable);
        }
        let is_empty = matches!((&self.not_before, &self.not_after), (Bound::None, Bound::None))
            && self.fields.iter().all(|field| *field == Field::Any);
        (self.zone.is_none() && !is_empty).then_some(Cause::TimeZoneUnknown)
    }
}

#[cfg(test)]
mod tests;
