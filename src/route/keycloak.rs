//! Keycloak's own path matcher (26.7.3, the server's variant), for finding a resource by URI; and its policy enforcer's.

mod enforcer;
mod matching;
mod normalize;

use std::convert::Infallible;

pub use self::enforcer::{Covered, EnforcerMatcher, Instance, InvalidPattern};
use self::matching::{Hit, Uri, Variant};

/// Keycloak's matcher over an ordered list of patterns.
///
/// It has quirks that a route must not have (`/docs/*.html` covers any `.html`, `/api*` covers `/ap`); they are ported
/// exactly, because Keycloak finds resources so. Lengths and positions are those of UTF-16, as in Java.
#[derive(Clone, Debug, Default)]
pub struct PathMatcher {
    patterns: Vec<Uri>,
}

/// Whose pattern covers a path depends on the order of the patterns, or more of them cover it than can be compared in
/// every order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than one pattern could be meant")]
pub struct OrderMatters;

impl PathMatcher {
    /// From patterns, in the order in which they are tried.
    pub fn new(patterns: impl IntoIterator<Item = String>) -> Self {
        Self { patterns: patterns.into_iter().map(|pattern| Uri::new(&pattern)).collect() }
    }

    /// The pattern that covers a raw (still encoded) request path, as its index in the list.
    pub fn find(&self, path: &str) -> Option<usize> {
        first_choice(&self.hits(path))
    }

    /// The same where the order of the list means nothing, as with the resources of a realm: Keycloak tries their URIs
    /// in the order of a hash map. The answer is whom the pattern belongs to; it matters only between owners.
    pub fn find_in_any_order<O: PartialEq>(
        &self,
        path: &str,
        owner: impl Fn(usize) -> O,
    ) -> Result<Option<O>, OrderMatters> {
        let mut hits = self.hits(path);
        matching::drop_outdone(&mut hits);
        let Some(found) = first_choice(&hits).map(&owner) else { return Ok(None) };
        if hits.iter().all(|hit| owner(hit.index()) == found) {
            return Ok(Some(found));
        }
        let is_found = |hits: &[Hit]| first_choice(hits).is_some_and(|index| owner(index) == found);
        if hits.len() > MAX_COMPARED || !every_order(&mut hits, 0, &is_found) {
            return Err(OrderMatters);
        }
        Ok(Some(found))
    }

    /// What each pattern has to say, in their order; those that have nothing to say have no part in the choice.
    fn hits(&self, path: &str) -> Vec<Hit> {
        let Some(path) = normalize::normalize(path) else { return Vec::new() };
        let path: Vec<u16> = path.encode_utf16().collect();
        let hit = |(index, uri): (usize, &Uri)| uri.hit(index, &path, Variant::Server).ok().flatten();
        self.patterns.iter().enumerate().filter_map(hit).collect()
    }
}

fn first_choice(hits: &[Hit]) -> Option<usize> {
    let Ok(choice) = matching::select(hits.iter().copied().map(Ok::<_, Infallible>), |_| None);
    choice
}

/// Whether something holds for every order of the hits from `fixed` on.
fn every_order(hits: &mut [Hit], fixed: usize, holds: &impl Fn(&[Hit]) -> bool) -> bool {
    if fixed >= hits.len() {
        return holds(hits);
    }
    (fixed..hits.len()).all(|next| {
        hits.swap(fixed, next);
        let all = every_order(hits, fixed + 1, holds);
        hits.swap(fixed, next);
        all
    })
}

/// Of so many hits every order is tried: 120.
const MAX_COMPARED: usize = 5;

#[cfg(test)]
mod tests;
