//! Hosts, then paths, then methods.

use std::borrow::Cow;

use ahash::AHashMap;
use http::Method;

use super::RouteKey;
use crate::route::HostPattern;
use crate::route::precedence::HostRank;
use crate::route::tree::Tree;

/// Finds the routes of a host and path.
#[derive(Debug, Default)]
pub(super) struct Index {
    exact: AHashMap<Box<str>, Tree<Leaf>>,
    /// Longest first.
    wildcards: Vec<(HostPattern, Tree<Leaf>)>,
    any: Tree<Leaf>,
}

/// The routes of one host and one pattern, which differ in their methods.
#[derive(Debug, Default)]
pub(super) struct Leaf {
    routes: Vec<(MethodSet, usize)>,
}

#[derive(Debug)]
enum MethodSet {
    Any,
    These(Vec<Method>),
}

impl Index {
    pub(super) fn build(keys: &[&RouteKey]) -> Self {
        let mut index = Self::default();
        for (route, key) in keys.iter().enumerate() {
            for rank in key.ranks() {
                let leaf = index.tree_mut(rank).entry(&key.pattern);
                // A host may be named twice.
                if !leaf.routes.iter().any(|(_, known)| *known == route) {
                    leaf.routes.push((MethodSet::of(&key.methods), route));
                }
            }
        }
        index.wildcards.sort_by(|(left, _), (right, _)| left.cmp(right));
        index
    }

    /// The place in charge.
    pub(super) fn find(&self, host: &str, path: &str) -> Option<&Leaf> {
        if !self.exact.is_empty() || !self.wildcards.is_empty() {
            let host = host.strip_suffix('.').unwrap_or(host);
            let host = if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
                Cow::Owned(host.to_ascii_lowercase())
            } else {
                Cow::Borrowed(host)
            };
            let exact = self.exact.get(&*host);
            let wildcards = self.wildcards.iter().filter(|(pattern, _)| pattern.matches(&host));
            let mut named = exact.into_iter().chain(wildcards.map(|(_, tree)| tree));
            if let Some(leaf) = named.find_map(|tree| tree.find(path)) {
                return Some(leaf);
            }
        }
        self.any.find(path)
    }

    /// The place in charge of a path among the routes of just this host pattern.
    pub(super) fn find_within(&self, rank: HostRank<'_>, path: &str) -> Option<&Leaf> {
        let tree = match rank {
            HostRank::Any => Some(&self.any),
            HostRank::Named(host) => match host.exact() {
                Some(exact) => self.exact.get(exact),
                None => self.wildcards.iter().find(|(known, _)| known == host).map(|(_, tree)| tree),
            },
        };
        tree?.find(path)
    }

    /// All places.
    pub(super) fn leaves(&self) -> Vec<&Leaf> {
        let trees = self.exact.values().chain(self.wildcards.iter().map(|(_, tree)| tree));
        let mut leaves = Vec::new();
        for tree in trees.chain([&self.any]) {
            tree.leaves(&mut leaves);
        }
        leaves
    }

    fn tree_mut(&mut self, rank: HostRank<'_>) -> &mut Tree<Leaf> {
        let host = match rank {
            HostRank::Any => return &mut self.any,
            HostRank::Named(host) => host,
        };
        if let Some(exact) = host.exact() {
            return self.exact.entry(exact.into()).or_default();
        }
        let at = self.wildcards.iter().position(|(known, _)| known == host).unwrap_or_else(|| {
            self.wildcards.push((host.clone(), Tree::default()));
            self.wildcards.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "found or pushed there just now")]
        &mut self.wildcards[at].1
    }
}

impl Leaf {
    /// The route that has the method.
    pub(super) fn route(&self, method: &Method) -> Option<usize> {
        self.routes.iter().find(|(methods, _)| methods.has(method)).map(|(_, route)| *route)
    }

    /// The routes here.
    pub(super) fn routes(&self) -> impl Iterator<Item = usize> {
        self.routes.iter().map(|(_, route)| *route)
    }

    /// All methods that have a route here, sorted; the usual ones where any has.
    pub(super) fn methods(&self) -> Vec<Method> {
        let mut methods: Vec<Method> = Vec::new();
        for (set, _) in &self.routes {
            match set {
                MethodSet::Any => methods.extend(USUAL),
                MethodSet::These(these) => methods.extend(these.iter().cloned()),
            }
        }
        methods.sort_by(|left, right| left.as_str().cmp(right.as_str()));
        methods.dedup();
        methods
    }
}

impl MethodSet {
    fn of(methods: &[Method]) -> Self {
        if methods.is_empty() {
            return Self::Any;
        }
        let mut these = methods.to_vec();
        if these.contains(&Method::GET) && !these.contains(&Method::HEAD) {
            these.push(Method::HEAD);
        }
        Self::These(these)
    }

    fn has(&self, method: &Method) -> bool {
        match self {
            // An upstream may take `get` for `GET`, where a rule for `GET` does not.
            Self::Any => !super::conflict::has_lower_case(method),
            Self::These(these) => these.contains(method),
        }
    }
}

const USUAL: [Method; 7] =
    [Method::DELETE, Method::GET, Method::HEAD, Method::OPTIONS, Method::PATCH, Method::POST, Method::PUT];
