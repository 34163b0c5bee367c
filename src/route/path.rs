//! The one reading of a path.

use http::Uri;
use http::uri::PathAndQuery;

use super::PathError;

/// What is done with a path that can be read in two ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PathRules {
    /// Merge double slashes and resolve plain dot segments, in place of refusing them.
    pub normalize: bool,
    /// Let `;` pass as an ordinary character of a segment.
    pub semicolons: bool,
}

/// A path in its one form: what is matched, decided on and forwarded are these bytes.
///
/// Percent-encodings of unreserved characters are decoded, the others are in upper case; the query is untouched. Cheap to
/// clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanonicalPath {
    path_and_query: PathAndQuery,
    has_encoded_slash: bool,
}

impl CanonicalPath {
    /// Reads the path of a request target in origin or absolute form. Encoded slashes are always let through here and
    /// reported by [`CanonicalPath::has_encoded_slash`]: whether they are refused is the route's matter.
    pub fn parse(uri: &Uri, rules: PathRules) -> Result<Self, PathError> {
        let _ = (uri, rules);
        todo!()
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

    /// The same without a prefix of whole segments; `None` if it does not start with it.
    pub fn strip_prefix(&self, prefix: &str) -> Option<Self> {
        let _ = prefix;
        todo!()
    }
}
