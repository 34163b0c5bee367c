//! A range for one part of the date.

use super::Met;
use crate::authz::verdict::Cause;

/// What one part of the date must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Any,
    /// Not an integer: Keycloak fails when it gets here.
    Broken,
    /// From, to; both inclusive, without wrapping around.
    Range(i32, i32),
    /// Perhaps an integer to Java: its digits are not ASCII.
    Unreadable,
}

impl Field {
    /// `X` and `XEnd`; an end without a beginning is ignored.
    pub(super) fn parse(start: Option<&str>, end: Option<&str>) -> Self {
        let Some(start) = start else { return Self::Any };
        match (integer(start), end.map(integer)) {
            (Integer::Good(start), None) => Self::Range(start, start),
            (Integer::Good(start), Some(Integer::Good(end))) => Self::Range(start, end),
            (Integer::Unsure, _) | (_, Some(Integer::Unsure)) => Self::Unreadable,
            (Integer::Bad, _) | (_, Some(Integer::Bad)) => Self::Broken,
        }
    }

    pub(super) fn holds(self, part: i32) -> Met {
        match self {
            Self::Any => Met::Yes,
            Self::Broken => Met::Fails,
            Self::Range(from, to) => (from <= part && part <= to).into(),
            Self::Unreadable => Met::Risky(Cause::DateUnreadable),
        }
    }

    pub(super) fn is_broken(&self) -> bool {
        matches!(self, Self::Broken | Self::Unreadable)
    }
}

enum Integer {
    Good(i32),
    Bad,
    Unsure,
}

/// As `Integer.parseInt`.
fn integer(text: &str) -> Integer {
    match text.parse() {
        Ok(number) => Integer::Good(number),
        Err(_) if text.is_ascii() => Integer::Bad,
        Err(_) => Integer::Unsure,
    }
}
