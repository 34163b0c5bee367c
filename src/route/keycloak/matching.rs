//! Which URI covers a path: Keycloak's rules, on UTF-16.

use super::InvalidPattern;

/// Whose copy of the matcher: they differ in what they make of a broken template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variant {
    /// 26.7.3's. A template that cannot be filled covers nothing, and an empty pattern is left out.
    Server,
    /// The policy enforcer's, 26.0.8. An empty value or unbalanced braces throw.
    Enforcer,
}

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
#[derive(Clone, Copy, Debug)]
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

    /// What it has to say of a path, if it covers it.
    pub(super) fn hit(
        &self,
        index: usize,
        path: &[u16],
        variant: Variant,
    ) -> Result<Option<Hit>, InvalidPattern> {
        if self.units.is_empty() && variant == Variant::Server {
            return Ok(None);
        }
        let stem_is_path = self.stem == path;
        let seen = |text: &[u16], parts| Seen { exact: stem_is_path || text == path, parts };
        let plain = self.covers(&self.units, path).then(|| seen(&self.units, self.parts));
        let filled = self.fill(path, variant, Extent::Whole)?.filter(|filled| self.covers(filled, path));
        let filled = filled.map(|filled| seen(&filled, parts(&filled, SLASH)));
        if plain.is_none() && filled.is_none() {
            return Ok(None);
        }
        let kind = if self.ends_in_star {
            Kind::Wildcard
        } else if self.ending.as_ref().is_some_and(|ending| path.ends_with(ending)) {
            Kind::Suffix
        } else {
            Kind::Other
        };
        Ok(Some(Hit { index, parts: self.parts, braces: self.braces, plain, filled, kind }))
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

    /// The pattern with its parameters filled from the path, or the beginning of the path up to the last parameter.
    pub(super) fn fill(
        &self,
        path: &[u16],
        variant: Variant,
        extent: Extent,
    ) -> Result<Option<Vec<u16>>, InvalidPattern> {
        let Some(start) = self.first_brace else { return Ok(None) };
        let expected = self.units.strip_suffix(&[SLASH, STAR]).unwrap_or(&self.units);
        let Some(rest) = path.get(start..).filter(|rest| !rest.is_empty()) else { return Ok(None) };
        if parts(expected, SLASH) > parts(path, SLASH) || path.get(..start) != self.units.get(..start) {
            return Ok(None);
        }
        let last_close = expected.iter().rposition(|unit| *unit == CLOSE);
        let mut filling =
            Filling::new(&self.units, path.get(..start).unwrap_or_default(), path.len(), variant);
        let pieces: Vec<&[u16]> = pieces(rest, SLASH);
        let (mut piece, mut at) = (0, start);
        while filling.has_room() {
            let Some(&unit) = expected.get(at) else { break };
            match unit {
                OPEN => {
                    let value = pieces.get(piece);
                    if let Some(text) = value
                        && (!filling.take(text) || !filling.replace_next(text)?)
                    {
                        return Ok(None);
                    }
                    let close = position(expected, CLOSE, at);
                    if extent == Extent::LastParameter && close == last_close {
                        return Ok(Some(filling.taken));
                    }
                    at = match (close, variant) {
                        (Some(close), _) => close + 1,
                        (None, Variant::Server) => return Ok(None),
                        // It starts over, with the same value; without one it would never end.
                        (None, Variant::Enforcer) => value.map(|_| 0).ok_or(InvalidPattern)?,
                    };
                }
                STAR => {
                    for text in pieces.iter().skip(piece) {
                        if !filling.take(text) || !filling.pass(text)? {
                            return Ok(None);
                        }
                        if filling.has_room() {
                            filling.taken.push(SLASH);
                        }
                    }
                    at += 1;
                }
                _ => {
                    piece += usize::from(unit == SLASH);
                    filling.taken.push(unit);
                    at += 1;
                }
            }
        }
        Ok(Some(filling.text))
    }
}

/// How much of a filled template is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Whole,
    LastParameter,
}

/// A template that is being filled.
struct Filling {
    /// The pattern, with the values put in so far.
    text: Vec<u16>,
    /// Where the next parameter is looked for in the text.
    mark: usize,
    /// What was taken of the path so far, or of the pattern in its place.
    taken: Vec<u16>,
    /// The length of the path.
    room: usize,
    variant: Variant,
}

impl Filling {
    fn new(pattern: &[u16], taken: &[u16], room: usize, variant: Variant) -> Self {
        Self { text: pattern.to_vec(), mark: 0, taken: taken.to_vec(), room, variant }
    }

    fn has_room(&self) -> bool {
        self.taken.len() < self.room
    }

    /// Whether there was room for it.
    fn take(&mut self, piece: &[u16]) -> bool {
        self.taken.extend_from_slice(piece);
        self.taken.len() <= self.room
    }

    /// Replaces the first `{...}` at or after the mark; whether there was one.
    fn replace_next(&mut self, piece: &[u16]) -> Result<bool, InvalidPattern> {
        let open = position(&self.text, OPEN, self.mark);
        let end = match self.variant {
            Variant::Server => {
                let name = open.and_then(|open| {
                    let close = position(&self.text, CLOSE, open)?;
                    self.text.get(open..close).filter(|name| !name.contains(&SLASH)).map(|_| close + 1)
                });
                let Some(end) = name else { return Ok(false) };
                end
            }
            // It looks for the `}` from the mark too, which may be one before the `{`.
            Variant::Enforcer => position(&self.text, CLOSE, self.mark).map_or(0, |close| close + 1),
        };
        let open = open.filter(|open| *open <= end).ok_or(InvalidPattern)?;
        self.text.splice(open..end, piece.iter().copied());
        self.move_mark(piece)
    }

    /// A piece that a star stands for; the star stays.
    fn pass(&mut self, piece: &[u16]) -> Result<bool, InvalidPattern> {
        match self.variant {
            Variant::Server => Ok(true),
            Variant::Enforcer => self.move_mark(piece),
        }
    }

    fn move_mark(&mut self, piece: &[u16]) -> Result<bool, InvalidPattern> {
        match piece.last() {
            None if self.variant == Variant::Enforcer => return Err(InvalidPattern),
            Some(&CLOSE) => {
                let first = self.text.windows(piece.len()).position(|window| window == piece);
                self.mark = first.map_or(piece.len() - 1, |first| first + piece.len());
            }
            _ => {}
        }
        Ok(true)
    }
}

impl Hit {
    /// The place of the pattern.
    pub(super) fn index(&self) -> usize {
        self.index
    }
}

/// The pattern that Keycloak chooses, given its hits in their order; what comes after the choice is not looked at.
///
/// A template that is the best so far may be resolved to something else, with a path of its own: the number of that one's
/// parts counts from then on.
pub(super) fn select<E>(
    hits: impl IntoIterator<Item = Result<Hit, E>>,
    mut resolve: impl FnMut(usize) -> Option<usize>,
) -> Result<Option<usize>, E> {
    let (mut template_parts, mut template_braces) = (0, 0);
    let mut exact = None;
    let mut suffix = None;
    let mut wildcard: Option<(usize, usize)> = None;
    for hit in hits {
        let hit = hit?;
        let mut own_parts = hit.parts;
        let better = template_parts == 0 || hit.parts > template_parts || hit.braces < template_braces;
        let seen = match hit.filled.filter(|_| better) {
            Some(filled) => {
                own_parts = resolve(hit.index).unwrap_or(own_parts);
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
                return Ok(Some(hit.index));
            }
            exact = Some(hit.index);
        }
        match hit.kind {
            Kind::Wildcard if wildcard.is_none_or(|(_, parts)| parts < seen.parts) => {
                wildcard = Some((hit.index, own_parts));
            }
            Kind::Suffix => suffix = Some(hit.index),
            _ => {}
        }
    }
    Ok(exact.or(suffix).or(wildcard.map(|(index, _)| index)))
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
pub(super) fn parts(text: &[u16], at: u16) -> usize {
    match text.iter().rposition(|unit| *unit != at) {
        Some(last) => 1 + text.iter().take(last).filter(|unit| **unit == at).count(),
        None => usize::from(text.is_empty()),
    }
}

pub(super) const SLASH: u16 = b'/' as u16;
const STAR: u16 = b'*' as u16;
const DOT: u16 = b'.' as u16;
const OPEN: u16 = b'{' as u16;
const CLOSE: u16 = b'}' as u16;
