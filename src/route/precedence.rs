//! Which of several matching routes is in charge: one `Ord`, nothing else.
//!
//! The host decides first, then the path, segment by segment from the left; what comes first in this order is in
//! charge. Two patterns that cover one path are never equal in it, unless they cover the very same paths.

use std::cmp::{Ordering, Reverse};

use super::pattern::{Segment, Tail};
use super::{HostPattern, Pattern};

/// The place of a route among those that match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Precedence<'a> {
    pub(super) host: HostRank<'a>,
    pub(super) pattern: &'a Pattern,
}

/// The order of the variants is the precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HostRank<'a> {
    Named(&'a HostPattern),
    Any,
}

/// One place in a pattern. The order of the variants is the precedence.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place<'a> {
    Literal(&'a str),
    Param,
    /// Nothing more: before `Rest`, which covers nothing more too.
    End,
    /// Longer endings first.
    Suffix(Reverse<usize>, &'a str),
    Rest,
}

fn places(pattern: &Pattern) -> impl Iterator<Item = Place<'_>> {
    let segments = pattern.segments().iter().map(|segment| match segment {
        Segment::Literal(literal) => Place::Literal(literal),
        Segment::Param => Place::Param,
    });
    segments.chain(std::iter::once(match pattern.tail() {
        Tail::End => Place::End,
        Tail::Suffix(suffix) => Place::Suffix(Reverse(suffix.len()), suffix),
        Tail::Rest => Place::Rest,
    }))
}

impl Ord for Pattern {
    fn cmp(&self, other: &Self) -> Ordering {
        places(self).cmp(places(other))
    }
}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Pattern {}
