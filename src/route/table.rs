//! The compiled routes.

use http::Method;

use super::{CanonicalPath, HostPattern, Pattern};

/// What a route matches.
#[derive(Clone, Debug)]
pub struct RouteKey {
    /// The route's name.
    pub name: String,
    /// Empty: any.
    pub hosts: Vec<HostPattern>,
    /// The path.
    pub pattern: Pattern,
    /// Empty: any.
    pub methods: Vec<Method>,
}

/// The compiled, immutable routes. Host decides before path, path before method: a method that the most specific
/// pattern does not have is refused, not handed to a broader one.
#[derive(Debug)]
pub struct RouteTable<T> {
    _routes: Vec<(RouteKey, T)>,
}

/// The answer of a [`RouteTable`].
#[derive(Debug, PartialEq, Eq)]
pub enum Found<'a, T> {
    /// Nothing matches; 404.
    Nothing,
    /// The pattern in charge has other methods: these; 405.
    OtherMethods(Vec<Method>),
    /// The route in charge.
    Route(&'a T),
}

#[expect(unused_variables, reason = "door")]
impl<T> RouteTable<T> {
    /// Compiles. Routes that tie (equal hosts and patterns, methods in common) or that can never be in charge are
    /// problems, one text each, with the names of the routes: `(route, message)`.
    pub fn compile(routes: Vec<(RouteKey, T)>) -> Result<Self, Vec<(String, String)>> {
        todo!()
    }

    /// The route in charge. `host` without port, any case.
    pub fn find(&self, host: &str, method: &Method, path: &CanonicalPath) -> Found<'_, T> {
        todo!()
    }

    /// All routes, most specific first.
    pub fn iter(&self) -> impl Iterator<Item = (&RouteKey, &T)> {
        std::iter::empty()
    }
}
