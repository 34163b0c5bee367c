//! Sets of characters, as ranges of code points.

const LAST: u32 = 0x10_FFFF;

/// A set of characters: sorted ranges, both ends included, that do not touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CodePoints {
    ranges: Vec<(u32, u32)>,
}

impl CodePoints {
    pub(super) fn single(character: char) -> Self {
        Self::range(character, character)
    }

    pub(super) fn range(first: char, last: char) -> Self {
        Self { ranges: vec![(u32::from(first), u32::from(last))] }
    }

    /// From ranges in any order.
    pub(super) fn of(ranges: &[(char, char)]) -> Self {
        let ranges = ranges.iter().map(|(first, last)| (u32::from(*first), u32::from(*last))).collect();
        Self::normal(ranges)
    }

    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    pub(super) fn union(mut self, other: Self) -> Self {
        self.ranges.extend(other.ranges);
        Self::normal(self.ranges)
    }

    pub(super) fn complement(&self) -> Self {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut next = 0;
        for (first, last) in &self.ranges {
            if *first > next {
                ranges.push((next, first - 1));
            }
            next = last + 1;
        }
        if next <= LAST {
            ranges.push((next, LAST));
        }
        Self { ranges }
    }

    pub(super) fn intersection(&self, other: &Self) -> Self {
        self.complement().union(other.complement()).complement()
    }

    /// With the other case of every ASCII letter: what Java's `(?i)` adds without `(?u)`.
    pub(super) fn with_other_case(self) -> Self {
        let swapped = ('a'..='z').chain('A'..='Z').filter(|letter| {
            let other = if letter.is_ascii_lowercase() {
                letter.to_ascii_uppercase()
            } else {
                letter.to_ascii_lowercase()
            };
            self.contains(other)
        });
        let swapped: Vec<(char, char)> = swapped.map(|letter| (letter, letter)).collect();
        self.union(Self::of(&swapped))
    }

    fn contains(&self, character: char) -> bool {
        let point = u32::from(character);
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&point))
    }

    fn normal(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.sort_unstable();
        let mut normal: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match normal.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => normal.push((first, last)),
            }
        }
        Self { ranges: normal }
    }
}
