//! Path patterns: exact, `{id}`, `/*`, `/*.ext`.

mod probe;

use super::PathError;
use super::path::literal;

/// A path pattern of a route.
///
/// Exact `/a/b`; `{id}` stands for one whole, non-empty segment; `/*` at the end for the rest (also for nothing:
/// `/a/*` matches `/a`); `/*.ext` at the end for any path under the prefix whose last segment ends in `.ext` (also for
/// `.ext` alone, as with Keycloak). Literals are compared in canonical form, with case; they may be written in UTF-8 or
/// percent-encoded. A trailing slash counts: `/a/` is another path than `/a`.
///
/// Patterns are equal if they match the same paths: the names in braces do not matter. Their order is the precedence.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: Box<str>,
    segments: Vec<Segment>,
    tail: Tail,
}

/// One segment of a pattern.
#[derive(Clone, Debug)]
pub(super) enum Segment {
    /// In canonical form; empty as the last one of a path with a trailing slash.
    Literal(Box<str>),
    /// `{id}`.
    Param,
}

/// How a pattern ends.
#[derive(Clone, Debug)]
pub(super) enum Tail {
    /// With its last segment.
    End,
    /// With `/*.ext`; the text from the dot on.
    Suffix(Box<str>),
    /// With `/*`.
    Rest,
}

impl Pattern {
    /// Parses; the error says what is wrong and what is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some(relative) = text.strip_prefix('/') else {
            return Err(format!("pattern `{text}` does not start with `/`"));
        };
        if text.contains(['?', '#']) {
            return Err(format!(
                "pattern `{text}` has a `?` or `#`; only paths are matched, without the query"
            ));
        }
        let mut segments = Vec::new();
        let mut tail = Tail::End;
        let mut rest = relative.split('/').peekable();
        while let Some(segment) = rest.next() {
            let last = rest.peek().is_none();
            if let Some(after) = segment.strip_prefix('*') {
                tail = parse_tail(text, after, last)?;
            } else {
                segments.push(parse_segment(text, segment, last)?);
            }
        }
        Ok(Self { text: text.into(), segments, tail })
    }

    /// Whether the pattern covers a canonical path.
    pub fn matches(&self, path: &str) -> bool {
        let mut rest = path.strip_prefix('/');
        for segment in &self.segments {
            let Some(remaining) = rest else { return false };
            let (found, after) = next_segment(remaining);
            let matches = match segment {
                Segment::Literal(literal) => **literal == *found,
                Segment::Param => !found.is_empty(),
            };
            if !matches {
                return false;
            }
            rest = after;
        }
        match &self.tail {
            Tail::End => rest.is_none(),
            Tail::Suffix(suffix) => rest.is_some_and(|rest| last_segment(rest).ends_with(&**suffix)),
            Tail::Rest => true,
        }
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Paths that the pattern covers, the plainest first; never none.
    pub fn examples(&self) -> Vec<String> {
        probe::examples(self)
    }

    /// A path for which Keycloak's own matcher, given just this pattern, would answer otherwise than this one does:
    /// for the lint.
    ///
    /// That Keycloak's matcher drops a trailing slash of the path, cuts matrix parameters off and decodes `%2F` is not
    /// counted: it does so for every pattern.
    pub fn differs_from_keycloak(&self) -> Option<String> {
        probe::difference(self)
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    pub(super) fn tail(&self) -> &Tail {
        &self.tail
    }
}

/// The first segment of a path without its first slash, and what comes after the slash behind it.
pub(super) fn next_segment(rest: &str) -> (&str, Option<&str>) {
    match rest.split_once('/') {
        Some((segment, after)) => (segment, Some(after)),
        None => (rest, None),
    }
}

/// The last segment of a path.
pub(super) fn last_segment(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, last)| last)
}

fn parse_segment(pattern: &str, segment: &str, last: bool) -> Result<Segment, String> {
    if segment.is_empty() && !last {
        return Err(format!("pattern `{pattern}` has an empty segment (`//`)"));
    }
    if let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))
        && !name.contains(['{', '}'])
    {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        return if !name.is_empty() && name.bytes().all(good) {
            Ok(Segment::Param)
        } else {
            Err(format!("pattern `{pattern}`: `{segment}` has no name of letters, digits, `_`, `-` and `.`"))
        };
    }
    if segment.contains(['{', '}']) {
        return Err(format!(
            "pattern `{pattern}`: `{segment}` mixes braces with text; braces stand for a whole segment, as in `/files/{{name}}`"
        ));
    }
    if segment.contains('*') {
        return Err(format!(
            "pattern `{pattern}`: `{segment}` has a `*` inside; a `*` stands at the end, as `/*` or `/*.ext`"
        ));
    }
    canonical(pattern, segment).map(|literal| Segment::Literal(literal.into()))
}

fn parse_tail(pattern: &str, after: &str, last: bool) -> Result<Tail, String> {
    let expected = "a `*` stands at the end, as `/*` or `/*.ext`";
    if !last {
        return Err(format!("pattern `{pattern}` goes on after its `*`; {expected}"));
    }
    if after.is_empty() {
        return Ok(Tail::Rest);
    }
    if !after.starts_with('.') || after.len() < 2 || after.contains(['*', '{', '}']) {
        return Err(format!("pattern `{pattern}`: `*{after}` is no ending; {expected}"));
    }
    // As part of a segment, so that an ending of dots alone is no dot segment.
    let name = canonical(pattern, &format!("x{after}"))?;
    Ok(Tail::Suffix(name.strip_prefix('x').unwrap_or(&name).into()))
}

fn canonical(pattern: &str, segment: &str) -> Result<String, String> {
    literal(segment).map_err(|error| match error {
        PathError::ForbiddenCharacter => {
            format!("pattern `{pattern}`: `{segment}` has a character that no path has; percent-encode it")
        }
        PathError::DotSegment => {
            format!("pattern `{pattern}` has a dot segment; such paths never get this far")
        }
        _ => format!("pattern `{pattern}`: {error}, in `{segment}`"),
    })
}

#[cfg(test)]
mod tests;
