//! The one reading of a path.

mod segment;

use std::borrow::Cow;

use bytes::Bytes;
use http::Uri;
use http::uri::PathAndQuery;

pub(super) use self::segment::literal;
use self::segment::{Marks, decode_reserved, is_plain, read};
use super::PathError;

/// What is done with a path that can be read in two ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PathRules {
    /// Merge double slashes and resolve plain dot segments, in place of refusing them. A `..` that would leave the root
    /// and a dot that is percent-encoded are refused all the same.
    pub normalize: bool,
    /// Let `;` pass as an ordinary character of a segment. Only for upstreams that take it so: one that cuts matrix
    /// parameters off reads `/admin;x` as `/admin`, which is another path than the one that was decided on.
    pub semicolons: bool,
}

/// A path in its one form: what is matched, decided on and forwarded are these bytes.
///
/// Percent-encodings of unreserved characters are decoded, the others are in upper case (RFC 3986, 6.2.2); the query is
/// untouched and takes no part in any decision. Cheap to clone.
///
/// A fragment never gets here: [`Uri`] cuts `#...` off when it is parsed, so decision and upstream see the same rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanonicalPath {
    path_and_query: PathAndQuery,
    has_encoded_slash: bool,
    has_encoded_reserved: bool,
}

impl CanonicalPath {
    /// Reads the path of a request target in origin or absolute form (RFC 9112, 3.2); the other two forms have none and
    /// are [`PathError::NotAbsolute`].
    ///
    /// Encoded slashes are always let through here and reported by [`CanonicalPath::has_encoded_slash`]: whether they
    /// are refused is the route's matter. Dot segments beside them (`..%2F`) are refused. A path in which nothing is
    /// encoded costs one pass and no allocation.
    pub fn parse(uri: &Uri, rules: PathRules) -> Result<Self, PathError> {
        let Some(received) = uri.path_and_query() else {
            return Err(PathError::NotAbsolute);
        };
        let path = received.path();
        if path.len() > MAX_PATH_BYTES {
            return Err(PathError::TooLong);
        }
        let Some(relative) = path.strip_prefix('/') else {
            return Err(PathError::NotAbsolute);
        };
        // `http://host?query` has a path of `/` that is not among its bytes.
        if is_plain(relative) && received.as_str().starts_with('/') {
            return Ok(Self::unmarked(received.clone()));
        }
        Self::parse_slowly(received, relative, rules)
    }

    /// The path, without the query.
    pub fn as_str(&self) -> &str {
        self.path_and_query.path()
    }

    /// Path and query, as forwarded.
    pub fn path_and_query(&self) -> &PathAndQuery {
        &self.path_and_query
    }

    /// Whether a segment holds `%2F`.
    pub fn has_encoded_slash(&self) -> bool {
        self.has_encoded_slash
    }

    /// The same without a prefix of whole segments (`/api` of `/api/x` leaves `/x`, of `/api` leaves `/`); `None` if it
    /// does not start with it. The prefix is in canonical form; a slash at its end makes no difference.
    pub fn strip_prefix(&self, prefix: &str) -> Option<Self> {
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        if prefix.is_empty() {
            return Some(self.clone());
        }
        if !self.as_str().strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            return None;
        }
        let rest = self.path_and_query.as_str().strip_prefix(prefix)?;
        // What is left of whole segments is canonical: it starts at a slash and no segment has changed.
        let target = if rest.starts_with('/') { Cow::Borrowed(rest) } else { Cow::Owned(format!("/{rest}")) };
        let path_and_query = PathAndQuery::try_from(target.as_ref()).ok()?;
        let marks = Marks::of(path_and_query.path());
        Some(Self::marked(path_and_query, marks))
    }

    /// The path with its encoded reserved characters (`%3A`, but not `%2F`) decoded, if it has any: how an upstream may
    /// read it that decodes before it looks.
    pub(super) fn decoded_reading(&self) -> Option<String> {
        self.has_encoded_reserved.then(|| decode_reserved(self.as_str()))
    }

    fn unmarked(path_and_query: PathAndQuery) -> Self {
        Self { path_and_query, has_encoded_slash: false, has_encoded_reserved: false }
    }

    fn marked(path_and_query: PathAndQuery, marks: Marks) -> Self {
        Self {
            path_and_query,
            has_encoded_slash: marks.encoded_slash,
            has_encoded_reserved: marks.encoded_reserved,
        }
    }

    #[cold]
    fn parse_slowly(received: &PathAndQuery, relative: &str, rules: PathRules) -> Result<Self, PathError> {
        let (mut target, marks) = read_path(relative, rules)?;
        if let Some(query) = received.query() {
            target.push('?');
            target.push_str(query);
        }
        let path_and_query = if received.as_str() == target {
            received.clone()
        } else {
            PathAndQuery::from_maybe_shared(Bytes::from(target)).map_err(|_| PathError::ForbiddenCharacter)?
        };
        Ok(Self::marked(path_and_query, marks))
    }
}

/// The canonical form of a path, given without its first slash.
fn read_path(relative: &str, rules: PathRules) -> Result<(String, Marks), PathError> {
    let mut segments: Vec<Cow<'_, str>> = Vec::new();
    let mut rest = Some(relative);
    while let Some(text) = rest {
        let (raw, after) = match text.split_once('/') {
            Some((raw, after)) => (raw, Some(after)),
            None => (text, None),
        };
        rest = after;
        let last = after.is_none();
        match raw {
            "" if last => segments.push(Cow::Borrowed("")),
            "" if rules.normalize => {}
            "" => return Err(PathError::EmptySegment),
            "." | ".." if rules.normalize => {
                if raw == ".." && segments.pop().is_none() {
                    return Err(PathError::DotSegment);
                }
                if last {
                    segments.push(Cow::Borrowed(""));
                }
            }
            _ => segments.push(read(raw, rules.semicolons)?),
        }
    }
    let mut path = String::with_capacity(relative.len() + 1);
    for segment in &segments {
        path.push('/');
        path.push_str(segment);
    }
    let marks = Marks::of(&path);
    Ok((path, marks))
}

/// Longer paths are refused. Queries are bounded by the size of the request's head.
const MAX_PATH_BYTES: usize = 8192;

#[cfg(test)]
mod tests;
