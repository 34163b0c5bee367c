//! What the documents say is so: commands, links, metrics, log fields, codes, examples.
#![cfg(all(feature = "cli", feature = "yaml"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clap::CommandFactory as _;
use clap::error::ErrorKind;
use gatecloak::cli::Cli;
use gatecloak::config::{AccessLogConfig, load_text};
use gatecloak::telemetry::{AccessLog, AccessRecord, Readiness, metrics};

/// Where codes are made: a file, and the function that names them.
const CODES: [(&str, &str); 6] = [
    ("src/gateway/rejection.rs", "fn code("),
    ("src/gateway/cors.rs", "fn code("),
    ("src/token/error.rs", "fn code("),
    ("src/route/error.rs", "fn code("),
    ("src/proxy/error.rs", "fn code("),
    ("src/authz/decision.rs", "impl RefusalCode"),
];

#[test]
fn every_command_in_the_documents_is_accepted() {
    let mut seen = 0;
    for (file, text) in documents() {
        for line in commands(&text) {
            let words = line.split(" #").next().unwrap_or_default().split_whitespace();
            let refused = Cli::command().try_get_matches_from(words).err();
            // A command that is only named, without what it needs, is not a call.
            let good = refused.as_ref().is_none_or(|error| {
                matches!(
                    error.kind(),
                    ErrorKind::MissingRequiredArgument | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                )
            });
            assert!(good, "{file}: `{line}`: {}", refused.expect("an error"));
            seen += 1;
        }
    }
    assert!(seen > 10, "only {seen} commands were found");
}

#[test]
fn every_link_leads_to_a_file() {
    let mut seen = 0;
    for (file, text) in documents() {
        let folder = root().join(&file).parent().expect("a folder").to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            assert!(folder.join(path).exists(), "{file}: `{link}` leads nowhere");
            seen += 1;
        }
    }
    assert!(seen > 10, "only {seen} links were found");
}

#[test]
fn every_file_and_room_on_the_map_is_there() {
    let map = read("ARCHITECTURE.md");
    let rows =
        map.lines().filter_map(|line| line.strip_prefix("| `")).filter(|row| row.matches('|').count() == 3);
    let mut rooms = BTreeSet::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').collect();
        let room = cells[0].trim().trim_end_matches('`');
        rooms.insert(room.to_owned());
        for name in spans(cells[2]) {
            let path = root().join("src").join(room).join(&name);
            assert!(
                path.with_extension("rs").exists() || path.join("mod.rs").exists(),
                "ARCHITECTURE.md: `{room}` has no `{name}`"
            );
        }
    }
    let there = fs::read_dir(root().join("src")).expect("the sources").filter_map(|entry| {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        path.is_dir().then_some(name)
    });
    assert_eq!(rooms, there.collect());
    for path in spans(&map).into_iter().filter(|span| span.contains('/')) {
        let (whole, in_src) = (root().join(&path), root().join("src").join(&path));
        let exists = [whole, in_src].iter().any(|path| path.exists() || path.with_extension("rs").exists());
        assert!(exists || path.starts_with('/'), "ARCHITECTURE.md: there is no `{path}`");
    }
}

#[test]
fn every_test_that_a_document_names_is_there() {
    let sources = ["src", "tests"].map(|folder| sources(&root().join(folder))).concat();
    let mut seen = 0;
    for document in ["docs/POLICY-ENFORCER.md", "docs/SECURITY.md"] {
        // The name of a test is a sentence.
        let is_sentence = |span: &String| {
            span.matches('_').count() >= 4
                && span.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        };
        for name in spans(&read(document)).into_iter().filter(is_sentence) {
            assert!(sources.contains(&format!("fn {name}(")), "{document} names `{name}`");
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn every_metric_is_documented_and_every_documented_one_is_there() {
    let scraped = metrics().encode(Readiness { ready: true, providers: vec![("realm".into(), true)] });
    let mut exported = BTreeSet::new();
    for line in scraped.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let (name, kind) = line.split_once(' ').expect("name and kind");
        exported.insert(match kind {
            "counter" => format!("{name}_total"),
            "info" => format!("{name}_info"),
            _ => name.to_owned(),
        });
    }
    let text = read("docs/DEPLOYING.md");
    let documented: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(is_metric)
        .map(str::to_owned)
        .collect();
    assert_eq!(documented, exported, "the table in docs/DEPLOYING.md");
    for (file, text) in documents() {
        for word in text.split(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')) {
            let base = ["_bucket", "_count", "_sum"].iter().find_map(|end| word.strip_suffix(end));
            let known = exported.contains(word) || base.is_some_and(|base| exported.contains(base));
            assert!(known || !is_metric(&word), "{file}: there is no metric `{word}`");
        }
    }
}

#[test]
fn every_code_is_documented_and_every_documented_one_is_there() {
    let mut codes: BTreeSet<String> = CODES.iter().flat_map(|(file, place)| codes_in(file, place)).collect();
    // Made where a client has left, which is no rejection.
    codes.insert("client_gone".to_owned());
    assert!(codes.len() > 50, "only {} codes were found", codes.len());
    let text = read("docs/CODES.md");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let documented: Vec<String> = rows.map(str::to_owned).collect();
    assert_eq!(documented.iter().cloned().collect::<BTreeSet<_>>(), codes, "the tables in docs/CODES.md");
    assert_eq!(documented.len(), codes.len(), "a code stands there twice");
}

#[test]
fn every_field_of_the_access_log_is_documented() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("access.log");
    let config = AccessLogConfig { file: Some(file.clone()), ..AccessLogConfig::default() };
    let log = AccessLog::start(&config, folder.path()).expect("a log").expect("it is on");
    log.write(AccessRecord {
        time: SystemTime::UNIX_EPOCH,
        id: "1".to_owned(),
        client: [127, 0, 0, 1].into(),
        method: http::Method::GET,
        host: "shop.example.com".to_owned(),
        path: Some("/".to_owned()),
        version: http::Version::HTTP_11,
        status: 403,
        route: Some("orders".into()),
        upstream: Some("orders".into()),
        decision: "refused",
        source: "claims",
        remote_reason: Some("why".to_owned()),
        code: "role_missing",
        reason: "the role is missing".into(),
        explanation: "policy `Managers` says no".to_owned(),
        subject: Some("alice".to_owned()),
        authorized_party: Some("web".to_owned()),
        provider: Some("main".to_owned()),
        head_after: Duration::ZERO,
        end_after: Duration::ZERO,
        bytes: 0,
        aborted: false,
    });
    assert!(log.flush(Duration::from_secs(20)));
    let line = fs::read_to_string(file).expect("a line");
    let line: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&line).expect("JSON");
    let text = read("docs/DEPLOYING.md");
    let (_, section) = text.split_once("## The access log").expect("the section");
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let documented = rows.flat_map(|row| spans(row.split('|').nth(1).unwrap_or_default()));
    assert_eq!(documented.collect::<BTreeSet<_>>(), line.keys().cloned().collect());
}

#[test]
fn the_configuration_in_the_readme_loads() {
    let text = blocks(&read("README.md"), "toml").concat();
    assert!(text.contains("[[tests]]"), "it was not found");
    assert_loads("gatecloak.toml", text);
}

#[test]
fn the_manifests_are_yaml_and_their_configuration_loads() {
    let mut configurations = 0;
    for block in blocks(&read("docs/DEPLOYING.md"), "yaml") {
        for manifest in block.split("---\n") {
            let manifest: serde_json::Value = serde_saphyr::from_str(manifest).expect("YAML");
            assert!(manifest.get("kind").or(manifest.get("groups")).is_some(), "{manifest}");
            if let Some(text) = manifest.pointer("/data/gateway.toml") {
                assert_loads("gateway.toml", text.as_str().expect("a text").to_owned());
                configurations += 1;
            }
        }
    }
    assert_eq!(configurations, 1);
}

#[test]
fn the_image_runs_a_command_that_there_is() {
    let text = read("Dockerfile");
    let line = text.lines().find_map(|line| line.strip_prefix("CMD ")).expect("a command");
    let words: Vec<String> = serde_json::from_str(line).expect("the form of an array");
    let words = ["gatecloak".to_owned()].into_iter().chain(words);
    assert!(Cli::command().try_get_matches_from(words).is_ok(), "{line}");
}

fn assert_loads(name: &str, text: String) {
    if let Err(error) = load_text(Path::new(name), text, [], &[]) {
        panic!("{}", error.render(false));
    }
}

/// Calls of `gatecloak` (also as `cargo run -- ...`): lines of shell blocks, and code spans.
fn commands(text: &str) -> Vec<String> {
    let shell = blocks(text, "sh").concat();
    let lines = shell.lines().map(str::to_owned);
    let calls = lines.chain(spans(text)).filter_map(|line| {
        let line = line.trim();
        let rest = line.strip_prefix("cargo run -- ").or_else(|| line.strip_prefix("gatecloak "))?;
        // Output redirected to a file is the shell's matter.
        Some(format!("gatecloak {}", rest.split(" > ").next().unwrap_or_default()))
    });
    calls.collect()
}

/// Everything in the sources below a folder.
fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all += &sources(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all += &fs::read_to_string(&path).expect("a source");
        }
    }
    all
}

/// The fenced blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let start = format!("```{language}\n");
    let rest = text.split(&start).skip(1);
    rest.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// The code spans outside of blocks.
fn spans(text: &str) -> Vec<String> {
    let outside = text.split("```").step_by(2);
    outside.flat_map(|text| text.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// The words between quotes in the body of a function or an `impl`.
fn codes_in(file: &str, place: &str) -> Vec<String> {
    let text = read(file);
    let (_, body) = text.split_once(place).unwrap_or_else(|| panic!("{file} has no `{place}`"));
    let end = if place.starts_with("fn") { "\n    }\n" } else { "\n}\n" };
    let body = body.split(end).next().unwrap_or_default();
    let quoted = body.lines().filter(|line| !line.trim_start().starts_with("//"));
    let words = quoted.flat_map(|line| line.split('"').skip(1).step_by(2));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn is_metric(name: &&str) -> bool {
    let ours = name.strip_prefix("gatecloak_").is_some_and(|rest| !rest.is_empty());
    ours || name.starts_with("process_")
}

/// Every Markdown file that is ours, by its path.
fn documents() -> Vec<(String, String)> {
    let mut names: Vec<String> =
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(String::from).into();
    for folder in ["docs", "benches"] {
        let files =
            fs::read_dir(root().join(folder)).expect("a folder").map(|entry| entry.expect("an entry").path());
        let pages = files.filter(|file| file.extension().is_some_and(|extension| extension == "md"));
        names.extend(pages.filter_map(|file| Some(format!("{folder}/{}", file.file_name()?.to_str()?))));
    }
    names.into_iter().map(|name| (name.clone(), read(&name))).collect()
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
