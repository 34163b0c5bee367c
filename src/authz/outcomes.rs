//! The three values of a condition, and sets of them.

/// What a condition can still come to: a set, never empty, of
///
/// - *met*,
/// - *unmet*,
/// - *stuck*: it cannot be judged, and no question will change that.
///
/// Conditions are combined as in Kleene's logic, where a stuck one is neither. What is not *met* at the end is refused,
/// so that a `not` over something unknown opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcomes(u8);

impl Outcomes {
    pub(super) const MET: Self = Self(1);
    pub(super) const UNMET: Self = Self(2);
    pub(super) const STUCK: Self = Self(4);
    /// An open question.
    pub(super) const OPEN: Self = Self(Self::MET.0 | Self::UNMET.0);
    /// Nothing is known.
    pub(super) const ANY: Self = Self(Self::OPEN.0 | Self::STUCK.0);

    pub(super) const fn of(met: bool) -> Self {
        if met { Self::MET } else { Self::UNMET }
    }

    /// Whether this outcome is among them.
    pub(super) const fn may_be(self, outcome: Self) -> bool {
        self.0 & outcome.0 != 0
    }

    /// Whether there is more than one.
    pub(super) const fn is_open(self) -> bool {
        self.0.count_ones() > 1
    }

    /// Of a condition and another one.
    pub(super) const fn and(self, other: Self) -> Self {
        let met = self.0 & other.0 & Self::MET.0;
        let unmet = (self.0 | other.0) & Self::UNMET.0;
        Self(met | unmet | Self::stuck_and(self, other))
    }

    /// Of a condition or another one.
    pub(super) const fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// Of the opposite.
    pub(super) const fn not(self) -> Self {
        Self((self.0 & Self::STUCK.0) | ((self.0 & Self::MET.0) << 1) | ((self.0 & Self::UNMET.0) >> 1))
    }

    /// *Stuck*, if one can be stuck while the other is not unmet.
    const fn stuck_and(one: Self, other: Self) -> u8 {
        let first = one.may_be(Self::STUCK) && other.0 != Self::UNMET.0;
        let second = other.may_be(Self::STUCK) && one.0 != Self::UNMET.0;
        if first || second { Self::STUCK.0 } else { 0 }
    }
}

#[cfg(test)]
mod tests;
