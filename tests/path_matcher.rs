//! The answers of Keycloak's own path matchers, recorded from the real classes, are ours too.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail")]

use std::collections::BTreeMap;

use gatecloak::route::{Covered, EnforcerMatcher, Instance, PathMatcher};
use serde::Deserialize;

#[derive(Deserialize)]
struct Recording {
    cases: Vec<Case>,
    enforcer_cases: EnforcerCases,
}

#[derive(Deserialize)]
struct Case {
    id: u32,
    patterns: Vec<String>,
    path: String,
    expect: Answer,
    expect_legacy: Answer,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Answer {
    #[serde(rename = "match", default)]
    pattern: Option<String>,
    #[serde(default)]
    error: bool,
}

#[derive(Deserialize)]
struct EnforcerCases {
    resources: BTreeMap<String, Vec<String>>,
    sets: Vec<EnforcerSet>,
}

#[derive(Deserialize)]
struct EnforcerSet {
    name: String,
    paths_config: Vec<EnforcerPath>,
    cases: Vec<EnforcerCase>,
}

#[derive(Deserialize)]
struct EnforcerPath {
    path: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct EnforcerCase {
    path: String,
    #[serde(rename = "match")]
    pattern: Option<String>,
    resource: Option<String>,
    #[serde(default)]
    instance: bool,
    parent: Option<String>,
    error: Option<String>,
}

fn recording() -> Recording {
    serde_json::from_str(include_str!("data/paths/path-matcher-cases.json")).expect("the recording is JSON")
}

fn differing(mut answer: impl FnMut(&Case) -> (Answer, Answer)) -> Vec<String> {
    let Recording { cases, .. } = recording();
    assert_eq!(cases.len(), 530);
    let mut wrong = Vec::new();
    for case in &cases {
        let (found, expected) = answer(case);
        if found != expected {
            let Case { id, patterns, path, .. } = case;
            wrong.push(format!("{id}: {path:?} on {patterns:?}: {found:?}, but Keycloak says {expected:?}"));
        }
    }
    wrong
}

#[test]
fn every_recorded_answer_of_the_server_is_given() {
    let wrong = differing(|case| {
        let matcher = PathMatcher::new(case.patterns.iter().cloned());
        let pattern = matcher.find(&case.path).map(|index| case.patterns[index].clone());
        (Answer { pattern, error: false }, Answer { pattern: case.expect.pattern.clone(), ..case.expect })
    });
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_recorded_answer_of_the_policy_enforcer_is_given() {
    let wrong = differing(|case| {
        let matcher = EnforcerMatcher::new(case.patterns.iter().cloned());
        let answer = match matcher.find(&case.path) {
            Ok(found) => Answer { pattern: found.map(|index| case.patterns[index].clone()), error: false },
            Err(_) => Answer { pattern: None, error: true },
        };
        (answer, Answer { pattern: case.expect_legacy.pattern.clone(), ..case.expect_legacy })
    });
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The resource server of the recording: what the enforcer asks Keycloak about a path.
struct Resources {
    by_uri: BTreeMap<String, String>,
    first_uri: BTreeMap<String, String>,
    uris: Vec<String>,
    matcher: PathMatcher,
}

impl Resources {
    fn new(resources: &BTreeMap<String, Vec<String>>) -> Self {
        let pairs = resources.iter().flat_map(|(name, uris)| uris.iter().map(move |uri| (uri, name)));
        let by_uri: BTreeMap<String, String> = pairs.map(|(uri, name)| (uri.clone(), name.clone())).collect();
        let firsts = resources.iter().filter_map(|(name, uris)| Some((name.clone(), uris.first()?.clone())));
        let uris: Vec<String> = by_uri.keys().cloned().collect();
        Self { first_uri: firsts.collect(), matcher: PathMatcher::new(uris.clone()), by_uri, uris }
    }

    fn instance(&self, path: &str, parent: Option<String>) -> Option<Instance<String>> {
        let by_uri = |uri: &str| self.by_uri.get(uri);
        let by_pattern = || by_uri(&self.uris[self.matcher.find(path)?]);
        let resource = by_uri(path).or_else(|| by_uri(&parent?)).or_else(by_pattern)?.clone();
        Some(Instance { path: self.first_uri[&resource].clone(), resource })
    }
}

#[test]
fn every_recorded_answer_of_the_policy_enforcer_with_resources_is_given() {
    let Recording { enforcer_cases, .. } = recording();
    let resources = Resources::new(&enforcer_cases.resources);
    let mut seen = 0;
    for set in enforcer_cases.sets {
        let paths = match set.paths_config {
            paths if paths.is_empty() => {
                let paths = resources.by_uri.clone().into_iter();
                paths.map(|(path, name)| EnforcerPath { path, name: Some(name) }).collect()
            }
            paths => paths,
        };
        let matcher = EnforcerMatcher::new(paths.iter().map(|path| path.path.clone()));
        for case in set.cases {
            seen += 1;
            let what = format!("{}: {}", set.name, case.path);
            let look_up = |index: usize| {
                let has_parameter = paths[index].path.contains('{');
                assert!(has_parameter, "{what}: only templates are looked up");
                resources.instance(&case.path, matcher.parent_path(index, &case.path))
            };
            let found = matcher.find_instance(&case.path, look_up);
            if case.error.is_some() {
                assert!(found.is_err(), "{what}");
                continue;
            }
            let found = found.unwrap_or_else(|error| panic!("{what}: {error}"));
            let pattern = found.as_ref().map(|Covered { index, instance }| match instance {
                Some(instance) => instance.path.clone(),
                None => paths[*index].path.clone(),
            });
            assert_eq!(pattern, case.pattern, "{what}");
            let Some(Covered { index, instance }) = found else { continue };
            assert_eq!(instance.is_some(), case.instance, "{what}");
            let parent = instance.is_some().then(|| paths[index].path.clone());
            assert_eq!(parent, case.parent, "{what}");
            let resource = instance.map(|instance| instance.resource).or(paths[index].name.clone());
            assert_eq!(resource, case.resource, "{what}");
        }
    }
    assert_eq!(seen, 38);
}

#[derive(Deserialize)]
struct RandomRecording {
    cases: Vec<RandomCase>,
}

#[derive(Deserialize)]
struct RandomCase {
    patterns: Vec<String>,
    path: String,
    expect_legacy: Answer,
    parent_of: Option<usize>,
    parent: Option<String>,
}

#[test]
fn random_answers_of_the_policy_enforcer_are_given() {
    let recording = include_str!("data/paths/enforcer-random.json");
    let RandomRecording { cases } = serde_json::from_str(recording).expect("the recording is JSON");
    assert_eq!(cases.len(), 1200);
    let mut wrong = Vec::new();
    for RandomCase { patterns, path, expect_legacy, parent_of, parent } in cases {
        let matcher = EnforcerMatcher::new(patterns.iter().cloned());
        let found = match matcher.find(&path) {
            Ok(found) => Answer { pattern: found.map(|index| patterns[index].clone()), error: false },
            Err(_) => Answer { pattern: None, error: true },
        };
        if found != expect_legacy {
            wrong.push(format!("{path:?} on {patterns:?}: {found:?}, but it says {expect_legacy:?}"));
        }
        let parent_path = parent_of.and_then(|index| matcher.parent_path(index, &path));
        if parent_path != parent {
            wrong.push(format!("{path:?} on {patterns:?}: parent {parent_path:?}, but it says {parent:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
