//! Keycloak's own path matcher (26.7.3, the server's variant), for finding a resource by URI.

/// Keycloak's matcher over an ordered list of patterns.
///
/// It has quirks that a route must not have (`/docs/*.html` covers any `.html`, `/api*` covers `/ap`); they are ported
/// exactly, because Keycloak finds resources so.
#[derive(Clone, Debug, Default)]
pub struct PathMatcher {
    patterns: Vec<String>,
}

impl PathMatcher {
    /// From patterns, in the order in which they are tried.
    pub fn new(patterns: impl IntoIterator<Item = String>) -> Self {
        Self { patterns: patterns.into_iter().collect() }
    }

    /// The pattern that covers a raw (still encoded) request path, as its index in the list.
    pub fn find(&self, path: &str) -> Option<usize> {
        let _ = path;
        todo!()
    }
}
