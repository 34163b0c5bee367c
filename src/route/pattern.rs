//! Path patterns: exact, `{id}`, `/*`, `/*.ext`.

/// A path pattern of a route.
///
/// Exact `/a/b`; `{id}` stands for one whole, non-empty segment; `/*` at the end for the rest (also for nothing:
/// `/a/*` matches `/a`); `/*.ext` at the end for any path under the prefix whose last segment ends in `.ext`.
/// Literals are compared in canonical form, with case. A trailing slash counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    _doors_only: (),
}

#[expect(unused_variables, reason = "door")]
impl Pattern {
    /// Parses; the error says what is wrong and what is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        todo!()
    }

    /// Whether the pattern covers a canonical path.
    pub fn matches(&self, path: &str) -> bool {
        todo!()
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        todo!()
    }

    /// A path for which Keycloak's own matcher, given just this pattern, would answer otherwise than this one does:
    /// for the lint.
    pub fn differs_from_keycloak(&self) -> Option<String> {
        todo!()
    }
}
