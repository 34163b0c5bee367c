//! The answers of Keycloak's own path matcher, recorded from the real class, are ours too.

use gatecloak::route::PathMatcher;
use serde::Deserialize;

#[derive(Deserialize)]
struct Recording {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: u32,
    patterns: Vec<String>,
    path: String,
    expect: Answer,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "match")]
    pattern: Option<String>,
}

#[test]
fn every_recorded_answer_of_keycloak_is_given() {
    let recording = include_str!("data/paths/path-matcher-cases.json");
    let Recording { cases } = serde_json::from_str(recording).expect("the recording is JSON");
    assert_eq!(cases.len(), 530);
    let mut wrong = Vec::new();
    for case in &cases {
        let matcher = PathMatcher::new(case.patterns.iter().cloned());
        let found = matcher.find(&case.path).map(|index| &case.patterns[index]);
        if found != case.expect.pattern.as_ref() {
            wrong.push(format!(
                "{}: {:?} on {:?}: {found:?}, but Keycloak says {:?}",
                case.id, case.path, case.patterns, case.expect.pattern
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
