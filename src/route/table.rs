//! The compiled routes.

mod conflict;
mod index;

use http::Method;

use self::index::{Index, Leaf};
use super::precedence::{HostRank, Precedence};
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
    /// Empty: any. `GET` serves `HEAD` too (RFC 9110, 9.3.2); nothing serves `OPTIONS` but itself. Names are compared
    /// exactly and have no lower-case letters.
    pub methods: Vec<Method>,
}

/// The compiled, immutable routes. Host decides before path, path before method: a method that the most specific
/// pattern does not have is refused, not handed to a broader one.
///
/// The precedence among the routes whose host and path match: an exact host, the longest wildcard, any host; then the
/// path, segment by segment: a literal, `{id}`, `*.ext` (the longest first), `*`. The order in which routes are given
/// has no part in it.
#[derive(Debug)]
pub struct RouteTable<T> {
    /// Most specific first.
    routes: Vec<(RouteKey, T)>,
    index: Index,
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

impl<T> RouteTable<T> {
    /// Compiles. Routes that tie (equal hosts and patterns, methods in common) or that can never be in charge are
    /// problems, one text each, with the names of the routes: `(route, message)`.
    pub fn compile(mut routes: Vec<(RouteKey, T)>) -> Result<Self, Vec<(String, String)>> {
        routes.sort_by(|(left, _), (right, _)| {
            left.precedence().cmp(&right.precedence()).then_with(|| left.name.cmp(&right.name))
        });
        let keys: Vec<&RouteKey> = routes.iter().map(|(key, _)| key).collect();
        let mut problems = conflict::unusable_methods(&keys);
        let index = Index::build(&keys);
        problems.extend(conflict::ties(&keys, &index));
        if problems.is_empty() {
            problems.extend(conflict::never_in_charge(&keys, &index));
        }
        if problems.is_empty() { Ok(Self { routes, index }) } else { Err(problems) }
    }

    /// The route in charge. `host` without port, any case.
    ///
    /// Where an upstream that decodes `%3A` and its like before it looks would see a path of another route, nothing is
    /// found: which route is meant cannot be said.
    pub fn find(&self, host: &str, method: &Method, path: &CanonicalPath) -> Found<'_, T> {
        let leaf = self.index.find(host, path.as_str());
        if let Some(decoded) = path.decoded_reading()
            && !same(leaf, self.index.find(host, &decoded))
        {
            return Found::Nothing;
        }
        let Some(leaf) = leaf else { return Found::Nothing };
        match leaf.route(method).and_then(|route| self.routes.get(route)) {
            Some((_, route)) => Found::Route(route),
            None => Found::OtherMethods(leaf.methods()),
        }
    }

    /// All routes, most specific first.
    pub fn iter(&self) -> impl Iterator<Item = (&RouteKey, &T)> {
        self.routes.iter().map(|(key, route)| (key, route))
    }
}

impl RouteKey {
    /// The hosts it is filed under: one of `any` if it has none.
    fn ranks(&self) -> impl Iterator<Item = HostRank<'_>> {
        let any = self.hosts.is_empty().then_some(HostRank::Any);
        self.hosts.iter().map(HostRank::Named).chain(any)
    }

    fn precedence(&self) -> Option<Precedence<'_>> {
        self.ranks().min().map(|host| Precedence { host, pattern: &self.pattern })
    }
}

/// Whether two readings of a path lead to one and the same place.
fn same(left: Option<&Leaf>, right: Option<&Leaf>) -> bool {
    match (left, right) {
        (None, None) => true,
        (Some(left), Some(right)) => std::ptr::eq(left, right),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
