//! The matcher of Keycloak's policy enforcer (26.0.8), for configurations that were written for it.

use super::matching::{self, Extent, SLASH, Uri, Variant};

/// The policy enforcer's matcher over an ordered list of patterns.
///
/// An older copy of the server's: it takes the path as it comes, without normalization, and throws where a value is empty
/// or braces are not balanced. Here that is an error; a request with it is refused, as the enforcer's application fails.
#[derive(Clone, Debug, Default)]
pub struct EnforcerMatcher {
    patterns: Vec<Uri>,
}

/// A pattern and a path at which the policy enforcer's matcher throws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a pattern cannot be matched with this path: an empty value, or braces that are not balanced")]
pub struct InvalidPattern;

/// A resource that stands in the place of a template for one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance<R> {
    /// The path of the resource itself.
    pub path: String,
    /// The resource.
    pub resource: R,
}

/// What the matcher makes of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered<R> {
    /// The pattern's place in the list.
    pub index: usize,
    /// The resource in its place, if it is a template and one was found.
    pub instance: Option<Instance<R>>,
}

impl EnforcerMatcher {
    /// From patterns, in the order in which they are tried.
    pub fn new(patterns: impl IntoIterator<Item = String>) -> Self {
        Self { patterns: patterns.into_iter().map(|pattern| Uri::new(&pattern)).collect() }
    }

    /// The pattern that covers a raw (still encoded) request path, as its index in the list.
    pub fn find(&self, path: &str) -> Result<Option<usize>, InvalidPattern> {
        let found = self.find_instance(path, |_| None::<Instance<()>>)?;
        Ok(found.map(|covered| covered.index))
    }

    /// The same where templates stand for resources: `look_up` is asked for every template that is the best so far, and
    /// may know a resource that the path belongs to (see [`parent_path`](Self::parent_path)).
    pub fn find_instance<R>(
        &self,
        path: &str,
        mut look_up: impl FnMut(usize) -> Option<Instance<R>>,
    ) -> Result<Option<Covered<R>>, InvalidPattern> {
        let path: Vec<u16> = path.encode_utf16().collect();
        let hits = self
            .patterns
            .iter()
            .enumerate()
            .filter_map(|(index, uri)| uri.hit(index, &path, Variant::Enforcer).transpose());
        let mut instances = Vec::new();
        let found = matching::select(hits, |index| {
            let instance = look_up(index)?;
            let parts = matching::parts(&instance.path.encode_utf16().collect::<Vec<_>>(), SLASH);
            instances.push((index, instance));
            Some(parts)
        })?;
        let Some(found) = found else { return Ok(None) };
        let instance = instances.into_iter().find(|(index, _)| *index == found);
        Ok(Some(Covered { index: found, instance: instance.map(|(_, instance)| instance) }))
    }

    /// The path up to the last parameter of a template: `/users/5` for `/users/{id}/orders/*` and `/users/5/orders/1`. A
    /// resource of this URI is the one that the enforcer takes for the path, if none has the path itself.
    pub fn parent_path(&self, index: usize, path: &str) -> Option<String> {
        let path: Vec<u16> = path.encode_utf16().collect();
        let filled = self.patterns.get(index)?.fill(&path, Variant::Enforcer, Extent::LastParameter);
        String::from_utf16(&filled.ok()??).ok()
    }
}
