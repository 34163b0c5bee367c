//! Paths that show where Keycloak's matcher has other ideas than ours.

use super::{Pattern, Segment, Tail, last_segment};
use crate::route::PathMatcher;

/// A path on which the two differ.
pub(super) fn difference(pattern: &Pattern) -> Option<String> {
    let keycloak = PathMatcher::new([pattern.as_str().to_owned()]);
    let differs = |path: &String| keycloak.find(path).is_some() != pattern.matches(path);
    candidates(pattern).into_iter().find(differs)
}

/// Paths on a pattern: several, since a more specific pattern may be in charge of some.
pub(super) fn examples(pattern: &Pattern) -> Vec<String> {
    let mut paths = Vec::new();
    for param in ["x", "xyz", "0", "x.y"] {
        let prefix = instance(pattern, param);
        match pattern.tail() {
            Tail::End => paths.push(prefix),
            Tail::Suffix(suffix) => paths.push(format!("{prefix}/{param}{suffix}")),
            Tail::Rest => {
                paths.push(format!("{prefix}/{param}"));
                paths.extend(
                    [format!("{prefix}/{param}/{param}"), prefix].into_iter().filter(|path| !path.is_empty()),
                );
            }
        }
    }
    paths.dedup();
    paths
}

/// Paths on and just beside a pattern.
fn candidates(pattern: &Pattern) -> Vec<String> {
    let prefix = instance(pattern, "x");
    let mut within = vec![prefix.clone(), instance(pattern, "xyz"), instance(pattern, "x.y")];
    match pattern.tail() {
        Tail::End => {}
        Tail::Suffix(suffix) => {
            within = within.iter().flat_map(|path| beneath(path)).map(|path| path + suffix).collect();
            within.extend([
                format!("{prefix}/{suffix}"),
                format!("/other{suffix}"),
                format!("/other/x{suffix}"),
            ]);
        }
        Tail::Rest => within.extend(beneath(&prefix)),
    }
    let mut paths = within.clone();
    for path in &within {
        // A sibling with a longer and one with a shorter name, the parent, and a child.
        paths.push(format!("{path}y"));
        if last_segment(path).len() > 1 && !path.ends_with(|last: char| last.is_ascii_hexdigit()) {
            paths.extend(path.char_indices().last().and_then(|(at, _)| path.get(..at)).map(str::to_owned));
        }
        paths.extend(path.rsplit_once('/').map(|(parent, _)| parent.to_owned()));
        paths.push(format!("{path}/y"));
    }
    paths.retain(|path| is_comparable(path, pattern));
    paths
}

/// The pattern's segments, with this in place of parameters.
fn instance(pattern: &Pattern, param: &str) -> String {
    let mut path = String::new();
    for segment in pattern.segments() {
        path.push('/');
        path.push_str(match segment {
            Segment::Literal(literal) => literal,
            Segment::Param => param,
        });
    }
    path
}

fn beneath(path: &str) -> [String; 2] {
    [format!("{path}/x"), format!("{path}/x/y")]
}

/// Keycloak drops a trailing slash whatever the pattern; it counts as a difference only for a pattern that has one.
fn is_comparable(path: &str, pattern: &Pattern) -> bool {
    path.starts_with('/')
        && !path.contains("//")
        && (path == "/" || !path.ends_with('/') || pattern.matches(path))
}
