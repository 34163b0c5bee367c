//! Decisions recorded from a real Keycloak, asked again: every one that settings and token determine is equal, and what
//! they do not determine is handed on.

#![cfg(feature = "cli")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gatecloak::cli::api::{decide, load_authorization};
use serde_json::{Value, json};

/// What the recordings are known to hold; none may get lost.
const DETERMINED: usize = 3097;
const HANDED_ON: usize = 332;

/// One line of the table of what went wrong.
struct Difference {
    place: String,
    asked: String,
    expected: String,
    got: String,
}

#[test]
fn determined_decisions_are_keycloaks_and_others_are_handed_on() {
    let mut differences = Vec::new();
    let (mut determined, mut handed_on) = (0, 0);
    for (file, case) in cases() {
        let replay = Replay::load(&case, &json!({}));
        for decision in list(&case, "decisions") {
            let got = replay.decide(decision);
            match decision.get("remote") {
                None => {
                    determined += 1;
                    if normal(&got["response"]) != normal(&decision["response"]) {
                        differences.push(Difference::new(&file, decision, &decision["response"], &got));
                    }
                }
                Some(reason) => {
                    handed_on += 1;
                    if got["source"] != "remote" {
                        differences.push(Difference::new(&file, decision, reason, &got));
                    }
                }
            }
        }
    }
    report(&differences);
    assert_eq!((determined, handed_on), (DETERMINED, HANDED_ON));
}

#[test]
fn with_the_promise_that_groups_are_complete_more_is_decided_and_all_of_it_is_keycloaks() {
    let mut differences = Vec::new();
    let mut more = 0;
    for (file, case) in cases().into_iter().filter(|(file, _)| file.starts_with("rand-")) {
        let replay = Replay::load(&case, &json!({"groups_claim_complete": true}));
        for decision in list(&case, "decisions") {
            let got = replay.decide(decision);
            let is_local = got["source"] == "local";
            let is_equal = is_local && normal(&got["response"]) == normal(&decision["response"]);
            let is_remote = decision.get("remote").is_some();
            if (is_local || !is_remote) && !is_equal {
                differences.push(Difference::new(&file, decision, &decision["response"], &got));
            }
            more += usize::from(is_remote && is_local);
        }
    }
    report(&differences);
    assert!(more > 100, "{more}");
}

/// One recorded model.
struct Replay {
    decisions: gatecloak::cli::api::Decisions,
    tokens: BTreeMap<String, Value>,
}

impl Replay {
    fn load(case: &Value, promises: &Value) -> Self {
        let mut args = json!({"promises": promises});
        for member in
            ["settings", "resource_server", "resource_ids", "user_ids", "clients", "jwks", "server_timezone"]
        {
            args[member] = case[member].clone();
        }
        let (decisions, loaded) = load_authorization(&args).expect("the settings compile");
        let settings = &case["settings"];
        assert_eq!(loaded["resources"], list(settings, "resources").len());
        let all = loaded["policies"].as_u64().zip(loaded["permissions"].as_u64());
        assert_eq!(all.map(|(some, more)| some + more), u64::try_from(list(settings, "policies").len()).ok());
        let tokens = list(case, "tokens").iter().map(|token| (text(&token["id"]), token["raw"].clone()));
        Self { decisions, tokens: tokens.collect() }
    }

    fn decide(&self, decision: &Value) -> Value {
        let token = match &decision["token"] {
            Value::String(id) => self.tokens[id].clone(),
            _ => Value::Null,
        };
        let args = json!({"token": token, "now": decision["now"], "form": decision["form"], "trace": false});
        let answer = decide(&self.decisions, &args).expect("an answer");
        // Whatever is looked at must not change what is said.
        let args = json!({"token": token, "now": decision["now"], "form": decision["form"], "trace": true});
        let mut traced = decide(&self.decisions, &args).expect("an answer");
        traced.as_object_mut().expect("an object").remove("trace");
        assert_eq!(answer, traced);
        answer
    }
}

impl Difference {
    fn new(file: &str, decision: &Value, expected: &Value, got: &Value) -> Self {
        let form: Vec<String> = list(decision, "form")
            .iter()
            .filter(|field| field[0] != "audience")
            .map(|field| format!("{}={}", text(&field[0]), text(&field[1])))
            .collect();
        Self {
            place: format!("{file} {}", decision["id"]),
            asked: format!("{} {}", decision["token"], form.join(" ")),
            expected: expected.to_string(),
            got: got.to_string(),
        }
    }
}

fn report(differences: &[Difference]) {
    if differences.is_empty() {
        return;
    }
    let short = |text: &str| text.chars().take(300).collect::<String>();
    let mut table = String::new();
    for Difference { place, asked, expected, got } in differences.iter().take(30) {
        table += &format!(
            "{place}\n  asked    {}\n  expected {}\n  got      {}\n",
            short(asked),
            short(expected),
            short(got)
        );
    }
    panic!("{} decisions are other ones than keycloak's:\n{table}", differences.len());
}

/// Entries and scopes have no order.
fn normal(response: &Value) -> Value {
    let mut response = response.clone();
    let entries = match response.pointer("/rpt/permissions") {
        Some(_) => response.pointer_mut("/rpt/permissions"),
        None => response.pointer_mut("/permissions"),
    };
    if let Some(Value::Array(entries)) = entries {
        for entry in entries.iter_mut() {
            if let Some(Value::Array(scopes)) = entry.get_mut("scopes") {
                scopes.sort_by_key(text);
            }
            for texts in entry
                .get_mut("claims")
                .and_then(Value::as_object_mut)
                .into_iter()
                .flat_map(|c| c.values_mut())
            {
                if let Value::Array(texts) = texts {
                    texts.sort_by_key(text);
                }
            }
        }
        entries.sort_by_key(ToString::to_string);
    }
    response
}

fn cases() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/authz");
    let mut cases: Vec<(String, Value)> = fs::read_dir(folder)
        .expect("the recordings")
        .map(|entry| {
            let path = entry.expect("a file").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let content = fs::read(&path).expect("a recording");
            (name, serde_json::from_slice(&content).expect("JSON"))
        })
        .collect();
    cases.sort_by(|(one, _), (other, _)| one.cmp(other));
    assert!(cases.len() > 60, "{}", cases.len());
    cases
}

fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value[member].as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
