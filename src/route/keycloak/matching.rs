//! Which URI covers a path: Keycloak's rules, on UTF-16.

/// A pattern, prepared.
#[derive(Clone, Debug)]
pub(super) struct Uri {
    units: Vec<u16>,
    parts: usize,
    braces: usize,
    /// Where the first `{` stands.
    first_brace: Option<usize>,
    ends_in_star: bool,
    /// The part before the first `/*` and the first `{`.
    stem: Vec<u16>,
    /// What follows the star of the first `/*.`, if the pattern does not end in a star.
    covered_ending: Option<Vec<u16>>,
    /// What follows the star of the first `*.`.
    ending: Option<Vec<u16>>,
}

/// What a pattern has to say of a path. What is chosen among several depends on nothing else.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    index: usize,
    /// The pattern's.
    parts: usize,
    braces: usize,
    /// As it stands, without its parameters filled: whether it is the path itself or its stem is; its parts.
    plain: Option<Seen>,
    /// With its parameters filled from the path.
    filled: Option<Seen>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    exact: bool,
    parts: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Ends in a star.
    Wildcard,
    /// Has `*.` and the path ends so.
    Suffix,
    Other,
}

impl Uri {
    pub(super) fn new(pattern: &str) -> Self {
        let units: Vec<u16> = pattern.encode_utf16().collect();
        let ends_in_star = pattern.ends_with('*');
        let stem = pattern.split("/*").next().unwrap_or_default();
        let stem = stem.split('{').next().unwrap_or_default();
        let after = |mark: &str| {
            let (_, after) = pattern.split_once(mark)?;
            Some(format!(".{after}").encode_utf16().collect())
        };
        Self {
            parts: parts(&units, SLASH),
            braces: parts(&units, OPEN),
            first_brace: position(&units, OPEN, 0),
            ends_in_star,
            stem: if stem.is_empty() { vec![SLASH] } else { stem.encode_utf16().collect() },
            covered_ending: if ends_in_star { None } else { after("/*.") },
            ending: after("*."),
            units,
        }
    }

    /// What it has to say of a normalized path, if it covers it.
    pub(super) fn hit(&self, index: usize, path: &[u16]) -> Option<Hit> {
        if self.units.is_empty() {
            return None;
        }
        let stem_is_path = self.stem == path;
        let seen = |text: &[u16], parts| Seen { exact: stem_is_path || text == path, parts };
        let plain = self.covers(&self.units, path).then(|| seen(&self.units, self.parts));
        let filled = self.fill(path).filter(|filled| self.covers(filled, path));
        let filled = filled.map(|filled| seen(&filled, parts(&filled, SLASH)));
        if plain.is_none() && filled.is_none() {
            return None;
        }
        let kind = if self.ends_in_star {
            Kind::Wildcard
        } else if self.ending.as_ref().is_some_and(|ending| path.ends_with(ending)) {
            Kind::Suffix
        } else {
            Kind::Other
        };
        Some(Hit { index, parts: self.parts, braces: self.braces, plain, filled, kind })
    }

    /// Whether `text`, which is the pattern or the pattern with its parameters filled, covers the path.
    fn covers(&self, text: &[u16], path: &[u16]) -> bool {
        if text == path {
            return true;
        }
        match text.split_last() {
            Some((&STAR, before)) => {
                path.starts_with(before) || before.split_last().is_some_and(|(_, shorter)| shorter == path)
            }
            _ if text == self.units => {
                self.covered_ending.as_ref().is_some_and(|ending| path.ends_with(ending))
            }
            _ => {
                let star = text.windows(3).position(|three| three == [SLASH, STAR, DOT]);
                star.and_then(|at| text.get(at + 2..)).is_some_and(|ending| path.ends_with(ending))
            }
        }
    }

    /// The pattern with its parameters filled from the path.
    fn fill(&self, path: &[u16]) -> Option<Vec<u16>> {
        let start = self.first_brace?;
        let expected = self.units.strip_suffix(&[SLASH, STAR]).unwrap_or(&self.units);
        let rest = path.get(start..).filter(|rest| !rest.is_empty())?;
        if parts(expected, SLASH) > parts(path, SLASH) || path.get(..start) != self.units.get(..start) {
            return None;
        }
        let pieces: Vec<&[u16]> = pieces(rest, SLASH);
        let mut filled = self.units.clone();
        let (mut mark, mut piece, mut width) = (0, 0, start);
        let mut at = start;
        while width < path.len() {
            let Some(&unit) = expected.get(at) else { break };
            at += 1;
            match unit {
                OPEN => {
                    if let Some(text) = pieces.get(piece) {
                        width += text.len();
                        if width > path.len() {
                            return None;
                        }
                        mark = fill_next(&mut filled, mark, text)?;
                    }
                    at = position(expected, CLOSE, at)? + 1;
                }
                STAR => {
                    for text in pieces.iter().skip(piece) {
                        width += text.len();
                        if width > path.len() {
                            return None;
                        }
                        width += usize::from(width < path.len());
                    }
                }
                SLASH => (piece, width) = (piece + 1, width + 1),
                _ => width += 1,
            }
        }
        Some(filled)
    }
}

impl Hit {
    /// The place of the pattern.
    pub(super) fn index(&self) -> usize {
        self.index
    }
}

/// The pattern that Keycloak chooses, given its hits in their order.
pub(super) fn select(hits: &[Hit]) -> Option<usize> {
    let (mut template_parts, mut template_braces) = (0, 0);
    let mut exact = None;
    let mut suffix = None;
    let mut wildcard: Option<&Hit> = None;
    for hit in hits {
        let better = template_parts == 0 || hit.parts > template_parts || hit.braces < template_braces;
        let seen = match hit.filled.filter(|_| better) {
            Some(filled) => {
                (template_parts, template_braces) = (hit.parts, hit.braces);
                filled
            }
            None => match hit.plain {
                Some(plain) => plain,
                None => continue,
            },
        };
        if seen.exact {
            if template_parts == 0 {
                return Some(hit.index);
            }
            exact = Some(hit.index);
        }
        match hit.kind {
            Kind::Wildcard if wildcard.is_none_or(|before| before.parts < seen.parts) => wildcard = Some(hit),
            Kind::Suffix => suffix = Some(hit.index),
            _ => {}
        }
    }
    exact.or(suffix).or(wildcard.map(|hit| hit.index))
}

/// Leaves out plain wildcards that a longer plain wildcard outdoes in every order.
pub(super) fn drop_outdone(hits: &mut Vec<Hit>) {
    let plain = |hit: &Hit| {
        let plain = hit.filled.is_none() && hit.kind == Kind::Wildcard;
        plain && hit.plain.is_some_and(|seen| !seen.exact)
    };
    let longest = hits.iter().filter(|hit| plain(hit)).map(|hit| hit.parts).max();
    hits.retain(|hit| !plain(hit) || Some(hit.parts) == longest);
}

/// Replaces the first `{...}` at or after the mark; returns the next mark.
fn fill_next(filled: &mut Vec<u16>, mark: usize, piece: &[u16]) -> Option<usize> {
    let open = position(filled, OPEN, mark)?;
    let close = position(filled, CLOSE, open)?;
    if filled.get(open..close)?.contains(&SLASH) {
        return None;
    }
    filled.splice(open..=close, piece.iter().copied());
    if piece.last() != Some(&CLOSE) {
        return Some(mark);
    }
    let first = filled.windows(piece.len()).position(|window| window == piece)?;
    Some(first + piece.len())
}

fn position(text: &[u16], unit: u16, from: usize) -> Option<usize> {
    let found = text.get(from..)?.iter().position(|candidate| *candidate == unit)?;
    Some(from + found)
}

/// The pieces between the units, as Java's `split` has them: trailing empty ones are dropped.
fn pieces(text: &[u16], at: u16) -> Vec<&[u16]> {
    let mut pieces: Vec<&[u16]> = text.split(|unit| *unit == at).collect();
    while pieces.len() > usize::from(text.is_empty()) && pieces.last().is_some_and(|piece| piece.is_empty()) {
        pieces.pop();
    }
    pieces
}

/// The number of [`pieces`].
fn parts(text: &[u16], at: u16) -> usize {
    match text.iter().rposition(|unit| *unit != at) {
        Some(last) => 1 + text.iter().take(last).filter(|unit| **unit == at).count(),
        None => usize::from(text.is_empty()),
    }
}

const SLASH: u16 = b'/' as u16;
const STAR: u16 = b'*' as u16;
const DOT: u16 = b'.' as u16;
const OPEN: u16 = b'{' as u16;
const CLOSE: u16 = b'}' as u16;
