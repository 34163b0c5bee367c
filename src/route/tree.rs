//! Patterns as a tree of segments: how the pattern in charge of a path is found without trying every one.

use super::Pattern;
use super::pattern::{Segment, Tail, last_segment, next_segment};

/// A node: what can follow the segments that led here. Each kind of ending holds one `L`.
///
/// The walk tries the branches in the order of `precedence`, so the first hit is the one in charge. It visits a node at
/// most once, and has no more steps to go back than the patterns have segments.
#[derive(Debug)]
pub(super) struct Tree<L> {
    /// Sorted by the literal.
    literals: Vec<(Box<str>, Self)>,
    param: Option<Box<Self>>,
    end: Option<L>,
    /// Longest first.
    suffixes: Vec<(Box<str>, L)>,
    rest: Option<L>,
}

impl<L> Default for Tree<L> {
    fn default() -> Self {
        Self { literals: Vec::new(), param: None, end: None, suffixes: Vec::new(), rest: None }
    }
}

impl<L: Default> Tree<L> {
    /// The place of a pattern, made if it is new.
    pub(super) fn entry(&mut self, pattern: &Pattern) -> &mut L {
        let node = pattern.segments().iter().fold(self, |node, segment| match segment {
            Segment::Literal(literal) => node.literal(literal),
            Segment::Param => node.param.get_or_insert_default(),
        });
        match pattern.tail() {
            Tail::End => node.end.get_or_insert_default(),
            Tail::Suffix(suffix) => node.suffix(suffix),
            Tail::Rest => node.rest.get_or_insert_default(),
        }
    }

    fn literal(&mut self, literal: &str) -> &mut Self {
        let at = match self.literals.binary_search_by(|(known, _)| (**known).cmp(literal)) {
            Ok(at) => at,
            Err(at) => {
                self.literals.insert(at, (literal.into(), Self::default()));
                at
            }
        };
        #[expect(clippy::indexing_slicing, reason = "found or inserted there just now")]
        &mut self.literals[at].1
    }

    fn suffix(&mut self, suffix: &str) -> &mut L {
        let key = |text: &str| (std::cmp::Reverse(text.len()), text.to_owned());
        let at = match self.suffixes.binary_search_by_key(&key(suffix), |(known, _)| key(known)) {
            Ok(at) => at,
            Err(at) => {
                self.suffixes.insert(at, (suffix.into(), L::default()));
                at
            }
        };
        #[expect(clippy::indexing_slicing, reason = "found or inserted there just now")]
        &mut self.suffixes[at].1
    }
}

impl<L> Tree<L> {
    /// What stands at the pattern in charge of a canonical path.
    pub(super) fn find(&self, path: &str) -> Option<&L> {
        self.walk(Some(path.strip_prefix('/')?), last_segment(path))
    }

    /// What stands at all patterns.
    pub(super) fn leaves<'a>(&'a self, leaves: &mut Vec<&'a L>) {
        leaves.extend(self.end.iter().chain(self.suffixes.iter().map(|(_, leaf)| leaf)).chain(&self.rest));
        for node in self.literals.iter().map(|(_, node)| node).chain(self.param.as_deref()) {
            node.leaves(leaves);
        }
    }

    fn walk(&self, rest: Option<&str>, last: &str) -> Option<&L> {
        let Some(remaining) = rest else {
            return self.end.as_ref().or(self.rest.as_ref());
        };
        let (segment, after) = next_segment(remaining);
        if let Ok(at) = self.literals.binary_search_by(|(literal, _)| (**literal).cmp(segment))
            && let Some(found) = self.literals.get(at).and_then(|(_, node)| node.walk(after, last))
        {
            return Some(found);
        }
        if let Some(param) = &self.param
            && !segment.is_empty()
            && let Some(found) = param.walk(after, last)
        {
            return Some(found);
        }
        let suffix = self.suffixes.iter().find(|(suffix, _)| last.ends_with(&**suffix));
        suffix.map(|(_, leaf)| leaf).or(self.rest.as_ref())
    }
}
