//! What Java's regular expressions answer, recorded from the real ones, is answered here too, or handed on.

use gatecloak::authz::JavaRegex;
use serde::Deserialize;

#[derive(Deserialize)]
struct Recording {
    patterns: Vec<Recorded>,
}

#[derive(Deserialize)]
struct Recorded {
    pattern: String,
    plain: bool,
    /// None: Java refuses the pattern. A text without an answer made its matcher fail.
    answers: Option<Vec<(String, Option<bool>)>>,
}

#[test]
fn every_recorded_answer_of_java_is_given_or_handed_on() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/regex/java_regex.json");
    let recording = std::fs::read_to_string(path).expect("the recording is there");
    let Recording { patterns } = serde_json::from_str(&recording).expect("the recording is JSON");
    let (mut pairs, mut plain, mut portable_plain, mut portable) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    for Recorded { pattern, plain: is_plain, answers } in &patterns {
        let compiled = JavaRegex::compile(pattern);
        let Some(answers) = answers else {
            if compiled.is_ok() {
                wrong.push(format!("{pattern:?} is compiled, but java refuses it"));
            }
            continue;
        };
        plain += usize::from(*is_plain);
        portable_plain += usize::from(*is_plain && compiled.is_ok());
        portable += usize::from(compiled.is_ok());
        let Ok(regex) = compiled else { continue };
        for (text, answer) in answers {
            pairs += 1;
            if Some(regex.matches(text)) != *answer {
                wrong.push(format!("{pattern:?} on {text:?}: java says {answer:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(portable_plain * 10 >= plain * 9, "only {portable_plain} of {plain} plain patterns are portable");
    assert!(
        portable * 3 >= patterns.len() * 2,
        "only {portable} of {} patterns are portable",
        patterns.len()
    );
    assert!(pairs > 2_000, "only {pairs} answers");
}
