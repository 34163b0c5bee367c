//! Paths on which the policy enforcer's matcher and the gateway's routes disagree.

use std::collections::BTreeSet;

use http::{Method, Uri};

use crate::config::EnforcerMode;
use crate::route::{CanonicalPath, EnforcerMatcher, Found, PathRules, Pattern, RouteKey, RouteTable};

/// No more paths are tried.
const MOST: usize = 20_000;

/// What the two read differently, in words.
#[derive(Debug, Default)]
pub(super) struct Differences {
    /// A route would let through what the enforcer guards.
    pub(super) weaker: Vec<String>,
    /// What the enforcer lets through is refused.
    pub(super) stricter: Vec<String>,
}

/// Compares them on paths made of the patterns themselves, one difference for each pair of patterns.
pub(super) fn compare(patterns: &[String], modes: &[EnforcerMode]) -> Differences {
    let mut differences = Differences::default();
    let keys = patterns.iter().enumerate().filter_map(|(index, pattern)| {
        let pattern = Pattern::parse(pattern).ok()?;
        Some((RouteKey { name: index.to_string(), hosts: Vec::new(), pattern, methods: Vec::new() }, index))
    });
    // Routes that tie are reported where all routes are compiled.
    let Ok(table) = RouteTable::compile(keys.collect()) else { return differences };
    let matcher = EnforcerMatcher::new(patterns.iter().cloned());
    let mut seen = BTreeSet::new();
    for path in probes(patterns) {
        let Some(canonical) =
            path.parse::<Uri>().ok().and_then(|uri| CanonicalPath::parse(&uri, PathRules::default()).ok())
        else {
            continue;
        };
        let ours = match table.find("", &Method::GET, &canonical) {
            Found::Route(index) => Some(*index),
            _ => None,
        };
        // Where it throws, its application fails.
        let Ok(theirs) = matcher.find(&path) else { continue };
        if ours == theirs || !seen.insert((ours, theirs)) {
            continue;
        }
        let read = |index: Option<usize>| match index.and_then(|index| patterns.get(index)) {
            Some(pattern) => format!("as `{pattern}`"),
            None => "as none of them".to_owned(),
        };
        let fact = format!("the policy enforcer reads `{path}` {}, a route {}", read(theirs), read(ours));
        let is_guarded = |index: usize| modes.get(index) == Some(&EnforcerMode::Enforcing);
        match (ours, theirs) {
            (Some(ours), _) if !is_guarded(ours) => differences.weaker.push(fact),
            _ => differences.stricter.push(format!("{fact}; that is refused")),
        }
    }
    differences
}

/// Paths under every pattern, with the words of all patterns in the place of what is open in it.
fn probes(patterns: &[String]) -> BTreeSet<String> {
    let mut words: BTreeSet<&str> = BTreeSet::from(["x"]);
    let mut endings: BTreeSet<String> = BTreeSet::from([String::new(), "/x".to_owned(), "/x/y".to_owned()]);
    for pattern in patterns {
        words.extend(pattern.split('/').filter(|word| !word.is_empty() && !word.contains(['{', '*'])));
        endings.extend(pattern.split_once("/*.").map(|(_, extension)| format!("/x.{extension}")));
    }
    endings.extend(words.iter().map(|word| format!("/{word}")));
    let mut probes = BTreeSet::new();
    for pattern in patterns {
        for word in &words {
            let segments =
                pattern.split('/').map(|segment| if segment.contains('{') { *word } else { segment });
            let filled = segments.collect::<Vec<_>>().join("/");
            let stems = match filled.split_once("/*") {
                Some((stem, extension)) => {
                    let within = endings.iter().map(|ending| format!("{stem}{ending}"));
                    let suffixes = ["/x", "/x/y"].iter().map(|name| format!("{stem}{name}{extension}"));
                    within.chain(suffixes).collect()
                }
                None => vec![filled.clone(), format!("{filled}/x")],
            };
            probes.extend(stems.into_iter().map(|path| if path.is_empty() { "/".to_owned() } else { path }));
            if probes.len() >= MOST {
                return probes;
            }
        }
    }
    probes
}
