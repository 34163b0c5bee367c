//! python-keycloak's methods and ours: every name has a method, a test and an arm of the scriptable API, and the table of
//! them in the documents is what the sources say. `UPDATE=1 cargo test --test parity` writes the table.

#![expect(clippy::expect_used, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The lists of names, with the heading of each.
const LISTS: [(&str, &str); 3] = [
    ("KeycloakAdmin, as in python-keycloak 2.8.0", include_str!("data/parity/admin.txt")),
    ("KeycloakAdmin, added up to 7.1.1", include_str!("data/parity/admin-new.txt")),
    ("KeycloakOpenID, ConnectionManager, KeycloakUMA", include_str!("data/parity/openid.txt")),
];

/// Where the arms of a class are.
const ARMS: [(&str, &[&str]); 4] = [
    ("KeycloakAdmin", &["src/cli/api/admin/", "src/cli/api/keycloak_admin.rs", "src/cli/api/raw.rs"]),
    ("KeycloakOpenID", &["src/cli/api/openid"]),
    ("KeycloakUMA", &["src/cli/api/keycloak_uma.rs"]),
    ("ConnectionManager", &["src/cli/api/connection.rs", "src/cli/api/raw.rs"]),
];

const TABLE: &str = "docs/PARITY.md";

/// What stands for a name in the library.
struct Method {
    ours: String,
    call: String,
}

#[test]
fn every_name_has_a_method_a_test_and_an_arm() {
    let (methods, tests) = (methods(), tests());
    let arms: BTreeMap<&str, BTreeSet<String>> =
        ARMS.iter().map(|(class, places)| (*class, arms(places))).collect();
    let mut missing = Vec::new();
    for name in names() {
        let (class, method) = name.split_once('.').unwrap_or(("KeycloakAdmin", &name));
        let lacks: Vec<&str> = [
            ("a method", methods.contains_key(&name)),
            ("a test", tests.contains_key(&name)),
            ("an arm", arms[class].contains(method)),
        ]
        .into_iter()
        .filter_map(|(what, there)| (!there).then_some(what))
        .collect();
        if !lacks.is_empty() {
            missing.push(format!("`{name}` has not {}", lacks.join(", not ")));
        }
    }
    assert!(missing.is_empty(), "{} names lack something:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn no_name_is_claimed_that_does_not_exist() {
    let known: BTreeSet<String> = names().collect();
    let claimed = methods().into_keys().map(|name| (name, "a method's documentation"));
    let covered = tests().into_keys().map(|name| (name, "a test's `Covers`"));
    let unknown: Vec<String> = claimed
        .chain(covered)
        .filter(|(name, _)| !known.contains(name))
        .map(|(name, place)| format!("`{name}` in {place}"))
        .collect();
    assert!(unknown.is_empty(), "python-keycloak has no such method:\n{}", unknown.join("\n"));
}

#[test]
fn the_table_in_the_documents_is_fresh() {
    let table = table();
    let path = root().join(TABLE);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &table).expect("written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == table, "`{TABLE}` is stale; `UPDATE=1 cargo test --test parity` writes it");
}

#[test]
fn the_sources_are_read_as_they_are_meant() {
    let methods = methods();
    let method = &methods["clear_bruteforce_attempts_for_user"];
    assert_eq!(method.ours, "AttackDetection::clear");
    assert_eq!(method.call, "DELETE /admin/realms/{realm}/attack-detection/brute-force/users/{user}");
    assert!(tests()["get_current_realm"].iter().any(|test| test.starts_with("cli::api::a_script_of")));
    assert!(arms(&["src/cli/api/raw.rs"]).contains("raw_delete"));
    assert!(!arms(&["src/cli/api/raw.rs"]).contains("path"));
}

fn table() -> String {
    let (methods, tests) = (methods(), tests());
    let mut text = "# python-keycloak's methods and ours\n\n\
        Generated from the sources by `UPDATE=1 cargo test --test parity`. Each method is called by its own name in\n\
        `gatecloak api`, and by the test named here against a real Keycloak.\n"
        .to_owned();
    for (heading, list) in LISTS {
        text.push_str(&format!(
            "\n## {heading}\n\n| Theirs | Ours | HTTP | Tested by |\n| --- | --- | --- | --- |\n"
        ));
        for name in list.lines() {
            let (ours, call) = methods.get(name).map_or(("-".to_owned(), "-".to_owned()), |method| {
                (format!("`{}`", method.ours), method.call.clone())
            });
            let call = if call.contains('/') { format!("`{call}`") } else { call };
            let test =
                tests.get(name).and_then(BTreeSet::first).map_or("-".to_owned(), |test| format!("`{test}`"));
            text.push_str(&format!("| `{name}` | {ours} | {call} | {test} |\n"));
        }
    }
    text
}

fn names() -> impl Iterator<Item = String> {
    LISTS.iter().flat_map(|(_, list)| list.lines()).map(str::to_owned)
}

/// The documentation lines `` `VERB PATH`; python-keycloak `name` `` and what they are on.
fn methods() -> BTreeMap<String, Method> {
    let mut found = BTreeMap::new();
    for (path, text) in sources("src").into_iter().filter(|(path, _)| !path.starts_with("src/cli/")) {
        let mut owner = String::new();
        let mut said: Option<(String, Vec<String>)> = None;
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("impl ").or_else(|| line.strip_prefix("pub struct ")) {
                owner = name.split([' ', '<', '{', '(', ';']).next().unwrap_or_default().to_owned();
            }
            let code = line.trim_start();
            if let Some((call, names)) =
                code.strip_prefix("/// ").and_then(|doc| doc.split_once("; python-keycloak `"))
            {
                let names = spans(&format!("`{names}"));
                let call = spans(call).pop().unwrap_or_else(|| call.to_owned());
                said.get_or_insert_with(|| (call, Vec::new())).1.extend(names);
            } else if let Some(item) = item(code)
                && let Some((call, names)) = said.take()
            {
                let separator = if code.contains("fn ") { "::" } else { "." };
                let ours = if line.starts_with("pub fn ") || line.starts_with("pub async fn ") {
                    format!(
                        "{}::{item}",
                        path.trim_start_matches("src/").trim_end_matches(".rs").replace('/', "::")
                    )
                } else {
                    format!("{owner}{separator}{item}")
                };
                for name in names {
                    found.entry(name).or_insert_with(|| Method { ours: ours.clone(), call: call.clone() });
                }
            }
        }
    }
    found
}

/// The name of a public function or field.
fn item(code: &str) -> Option<&str> {
    let rest = code.strip_prefix("pub ")?;
    let rest = rest.trim_start_matches("const ").trim_start_matches("async ").trim_start_matches("fn ");
    rest.split(['(', ':', '<']).next()
}

/// The lines `Covers ...` of tests, and the tests that they stand above.
fn tests() -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources("tests/it") {
        let module = path.trim_start_matches("tests/it/").trim_end_matches(".rs").replace('/', "::");
        let mut covered: Vec<String> = Vec::new();
        let mut is_list = false;
        for line in text.lines() {
            if let Some(doc) = line.strip_prefix("/// ") {
                is_list |= doc.starts_with("Covers ");
                if is_list {
                    covered.extend(spans(doc));
                    is_list = !doc.ends_with('.');
                }
            } else if let Some(test) = line.strip_prefix("fn ").and_then(|rest| rest.split('(').next()) {
                for name in covered.drain(..) {
                    found.entry(name).or_default().insert(format!("{module}::{test}"));
                }
            }
        }
    }
    found
}

/// The names that are matched for in these files.
fn arms(places: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, text) in sources("src/cli/api") {
        if !places.iter().any(|place| path.starts_with(place)) || path.ends_with("tests.rs") {
            continue;
        }
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (index, line) in lines.iter().enumerate() {
            let pattern = line.trim_start_matches("| ");
            // A pattern may go over several lines; its arrow follows before anything else ends.
            let rest = lines.iter().skip(index).take(4).copied().collect::<Vec<_>>().join(" ");
            let (before, is_arm) =
                rest.split_once("=>").map_or((rest.as_str(), false), |(before, _)| (before, true));
            if pattern.starts_with('"') && is_arm && !before.contains([';', '{']) {
                let names = line.split("=>").next().unwrap_or_default().split('"').skip(1).step_by(2);
                found.extend(names.map(str::to_owned));
            }
        }
    }
    found
}

/// What stands between backticks.
fn spans(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn sources(folder: &str) -> Vec<(String, String)> {
    let (mut folders, mut found) = (vec![root().join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).expect("under the root").to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).expect("text")));
            }
        }
    }
    assert!(!found.is_empty(), "`{folder}` has no sources");
    found.sort();
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
