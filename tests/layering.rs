//! Who may import whom: the table of ARCHITECTURE.md, enforced by reading the sources.

#![expect(clippy::expect_used, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A room and the rooms it may name. Everyone may name `config` (plain data) and `telemetry` (names and numbers).
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("config", &[]),
    ("telemetry", &[]),
    ("route", &[]),
    ("proxy", &[]),
    ("connection", &[]),
    ("oidc", &["connection"]),
    ("admin", &["connection", "oidc"]),
    ("bootstrap", &["admin", "authz", "connection", "oidc"]),
    ("token", &["oidc"]),
    ("authz", &["oidc", "route", "token"]),
    ("gateway", &["authz", "oidc", "proxy", "route", "token"]),
    ("server", &["gateway", "proxy"]),
    ("testing", &["server"]),
    (
        "cli",
        &[
            "admin",
            "authz",
            "bootstrap",
            "connection",
            "gateway",
            "oidc",
            "proxy",
            "route",
            "server",
            "testing",
            "token",
        ],
    ),
];

/// A text that only the named files may contain, outside tests.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("aws_lc_rs::signature", &["src/token/signature.rs", "src/testing/"]),
    ("reqwest", &["src/connection/outbound.rs", "src/connection/transport.rs", "src/oidc/http.rs"]),
    ("Permit::grant(", &["src/authz/"]),
    // So that no way leads from a gateway that serves to the development issuer.
    ("crate::testing", &["src/testing/", "src/cli/demo/", "src/cli/dev_idp.rs"]),
    ("TcpListener", &["src/server/", "src/testing/", "src/cli/demo/stage.rs"]),
    ("TcpSocket", &["src/server/", "src/testing/"]),
    (
        "WWW_AUTHENTICATE",
        &[
            "src/gateway/answer.rs",
            "src/gateway/challenge.rs",
            "src/connection/transport.rs",
            "src/oidc/",
            "src/testing/",
            "src/cli/",
        ],
    ),
];

/// The longest a source file may be.
const LINES: usize = 500;

#[test]
fn imports_point_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(room) = room(&path) else { continue };
        let may = allowed.get(room.as_str()).unwrap_or_else(|| panic!("`{room}` is not in the table"));
        for (number, line) in code_lines(&text) {
            for named in rooms_named(line) {
                let free = named == room || named == "config" || named == "telemetry";
                if !free && !may.contains(&named.as_str()) {
                    wrong.push(format!("{path}:{number}: `{room}` may not import `{named}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_is_confined_stays_where_it_belongs() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if room(&path).is_none() {
            continue;
        }
        for (number, line) in code_lines(&text) {
            for (word, homes) in ONLY_IN {
                if line.contains(word) && !homes.iter().any(|home| path.starts_with(home)) {
                    wrong.push(format!("{path}:{number}: `{word}` belongs in {homes:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn files_are_short_and_rooms_have_nouns() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if text.lines().count() > LINES {
            wrong.push(format!("{path}: longer than {LINES} lines"));
        }
        let stem = Path::new(&path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if ["util", "utils", "common", "helper", "helpers", "misc", "types"].contains(&stem) {
            wrong.push(format!("{path}: a room needs a noun"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_tests_that_the_documents_name_are_there() {
    let pages = ["docs/SECURITY.md", "docs/POLICY-ENFORCER.md"].map(|page| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        fs::read_to_string(path).expect("the threat model, and what is said of enforcers")
    });
    let text = pages.concat();
    let sources = [sources_in("src"), sources_in("tests")].concat();
    let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase() || b"_:".contains(&byte));
    let named: Vec<&str> = text.split('`').skip(1).step_by(2).filter(|word| is_word(word)).collect();
    let (modules, words): (Vec<&str>, Vec<&str>) = named.into_iter().partition(|word| word.contains("::"));
    let tests: Vec<&str> = words.into_iter().filter(|word| word.matches('_').count() > 2).collect();
    assert!(tests.len() > 30 && modules.len() > 10, "{tests:?} {modules:?}");
    for test in tests {
        let function = format!("fn {test}(");
        assert!(sources.iter().any(|(_, text)| text.contains(&function)), "there is no test `{test}`");
    }
    for module in modules {
        let file = format!("/{}.rs", module.replace("::", "/"));
        assert!(sources.iter().any(|(path, _)| path.ends_with(&file)), "there is no `{module}`");
    }
}

#[test]
fn the_table_reads_what_it_must() {
    let named = |line: &str| rooms_named(line);
    assert_eq!(named("use crate::token::{Principal};"), ["token"]);
    assert_eq!(named("let x = crate::authz::Permit::grant();"), ["authz"]);
    assert_eq!(named("use crate::{config::Config, route::Pattern};"), ["config", "route"]);
    assert!(
        named("// crate::token is not named here").is_empty()
            || code_lines("// crate::token").next().is_none()
    );
    assert_eq!(room("src/token/verify/tests.rs"), None);
    assert_eq!(room("src/token/verify.rs").as_deref(), Some("token"));
}

/// The room of a source file; `None` for tests, and for `lib.rs` and `main.rs`, which name every room.
fn room(path: &str) -> Option<String> {
    let rest = path.strip_prefix("src/")?;
    let (room, file) = rest.split_once('/')?;
    let is_test =
        file.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "fake_realm.rs" | "fixture.rs"));
    (!is_test).then(|| room.to_owned())
}

/// The rooms that a line of code names through `crate::`.
fn rooms_named(line: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (_, rest) in line.match_indices("crate::").map(|(at, word)| line.split_at(at + word.len())) {
        let list = match rest.strip_prefix('{') {
            Some(group) => group.split(',').map(str::trim).collect(),
            None => vec![rest],
        };
        for item in list {
            let name: String = item.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if MAY_IMPORT.iter().any(|(room, _)| *room == name) {
                rooms.push(name);
            }
        }
    }
    rooms
}

/// The numbered lines that are code: no comments, and nothing after an inline test module begins. (A test module in a file of
/// its own does not hide what stands below its declaration.)
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .take_while(|(_, line)| !line.starts_with("mod tests {"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The sources, as paths from the crate's root, with their texts.
fn sources() -> Vec<(String, String)> {
    sources_in("src")
}

fn sources_in(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut found): (Vec<PathBuf>, Vec<_>) = (vec![root.join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).expect("under the root").to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).expect("text")));
            }
        }
    }
    assert!(found.len() > 20, "the sources were not found");
    found.sort();
    found
}
