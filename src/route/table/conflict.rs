//! What makes a list of routes no table: ties, and routes that can never be in charge.

use std::collections::BTreeSet;

use http::Method;

use super::RouteKey;
use super::index::{Index, Leaf};
use crate::route::Pattern;
use crate::route::pattern::{Segment, Tail};

/// Method names are case-sensitive (RFC 9110, 9.1), and those of HTTP have no lower-case letters.
pub(super) fn has_lower_case(method: &Method) -> bool {
    method.as_str().bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Methods that no request is matched with.
pub(super) fn unusable_methods(keys: &[&RouteKey]) -> Vec<(String, String)> {
    let mut problems = Vec::new();
    for key in keys {
        for method in key.methods.iter().filter(|method| has_lower_case(method)) {
            problems.push((key.name.clone(), format!("method `{method}` is not in upper case")));
        }
    }
    problems
}

/// Routes of one host and pattern that have a method in common.
pub(super) fn ties(keys: &[&RouteKey], index: &Index) -> Vec<(String, String)> {
    let mut problems = BTreeSet::new();
    for leaf in index.leaves() {
        let here: Vec<&RouteKey> = leaf.routes().filter_map(|route| keys.get(route).copied()).collect();
        for (at, right) in here.iter().enumerate() {
            for left in here.iter().take(at) {
                if let Some(common) = common(&left.methods, &right.methods) {
                    problems.insert((right.name.clone(), tie(left, right, &common)));
                }
            }
        }
    }
    problems.into_iter().collect()
}

/// Routes all of whose paths belong to more specific ones, on each of their hosts.
///
/// A route loses a path only to routes of the same host pattern: there are always hosts that no other pattern names. And
/// whether it has a path left shows in a few witnesses, as every segment that no literal and no ending names is alike.
pub(super) fn never_in_charge(keys: &[&RouteKey], index: &Index) -> Vec<(String, String)> {
    let fresh = Fresh::of(keys);
    let mut problems = Vec::new();
    for (route, key) in keys.iter().enumerate() {
        let witnesses = fresh.witnesses(&key.pattern);
        let mut winners = BTreeSet::new();
        let in_charge = key.ranks().any(|rank| {
            witnesses.iter().filter_map(|path| index.find_within(rank, path)).any(|leaf: &Leaf| {
                let in_charge = leaf.routes().any(|here| here == route);
                winners.extend(leaf.routes().filter_map(|route| keys.get(route)).map(|key| &key.name));
                in_charge
            })
        });
        if !in_charge {
            let names: Vec<String> = winners.iter().map(|name| format!("`{name}`")).collect();
            let message = format!(
                "can never be in charge: all paths of `{}` belong to {}",
                key.pattern.as_str(),
                names.join(", ")
            );
            problems.push((key.name.clone(), message));
        }
    }
    problems
}

fn tie(left: &RouteKey, right: &RouteKey, common: &str) -> String {
    let (one, other) = (left.pattern.as_str(), right.pattern.as_str());
    let paths = if one == other { format!("`{one}`") } else { format!("`{one}` and `{other}`") };
    format!("ties with `{}`: {paths} cover the same paths, with {common} in common", left.name)
}

/// The methods two lists have in common, in words.
fn common(left: &[Method], right: &[Method]) -> Option<String> {
    let has = |methods: &[Method], method: &Method| {
        methods.is_empty()
            || methods.contains(method)
            || (*method == Method::HEAD && methods.contains(&Method::GET))
    };
    if left.is_empty() && right.is_empty() {
        return Some("every method".to_owned());
    }
    let head = Method::HEAD;
    let candidates = left.iter().chain(right).chain([&head]);
    let common: BTreeSet<String> = candidates
        .filter(|method| has(left, method) && has(right, method))
        .map(|method| format!("`{method}`"))
        .collect();
    (!common.is_empty()).then(|| common.into_iter().collect::<Vec<_>>().join(", "))
}

/// Segments that no route names.
struct Fresh {
    segment: String,
    depth: usize,
}

impl Fresh {
    fn of(keys: &[&RouteKey]) -> Self {
        let lengths = keys.iter().flat_map(|key| key.pattern.segments()).map(|segment| match segment {
            Segment::Literal(literal) => literal.len(),
            Segment::Param => 0,
        });
        let depth = keys.iter().map(|key| key.pattern.segments().len()).max().unwrap_or(0) + 1;
        // Longer than every literal, and without the dot of every ending.
        Self { segment: "~".repeat(lengths.max().unwrap_or(0) + 1), depth }
    }

    /// Paths of a pattern, such that it is in charge of one of these or of none at all.
    fn witnesses(&self, pattern: &Pattern) -> Vec<String> {
        let mut prefix = String::new();
        for segment in pattern.segments() {
            prefix.push('/');
            prefix.push_str(match segment {
                Segment::Literal(literal) => literal,
                Segment::Param => &self.segment,
            });
        }
        let deeper = |depth| format!("{prefix}{}", format!("/{}", self.segment).repeat(depth));
        match pattern.tail() {
            Tail::End => vec![prefix],
            Tail::Suffix(suffix) => (1..=self.depth).map(|depth| deeper(depth) + suffix).collect(),
            Tail::Rest => (0..=self.depth).flat_map(|depth| [deeper(depth), deeper(depth) + "/"]).collect(),
        }
    }
}
