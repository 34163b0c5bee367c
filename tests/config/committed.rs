//! The files in `config/` are fresh and load.

use std::path::Path;

use gatecloak::cli;
use gatecloak::config::load_text;

use crate::{config, load_as};

fn committed(name: &str) -> (std::path::PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    (path, text)
}

#[test]
fn the_committed_schema_and_example_are_fresh() {
    assert_eq!(
        committed("gateway.schema.json").1,
        cli::schema(),
        "run `gatecloak schema > config/gateway.schema.json`"
    );
    assert_eq!(
        committed("gateway.toml").1,
        cli::example(),
        "run `gatecloak schema --example > config/gateway.toml`"
    );
}

#[test]
fn the_committed_examples_load() {
    for name in ["gateway.toml", "minimal.toml"] {
        let (path, text) = committed(name);
        if let Err(error) = load_text(&path, text, [], &[]) {
            panic!("{}", error.render(false));
        }
    }
}

#[test]
fn the_example_is_the_defaults() {
    let (path, text) = committed("gateway.toml");
    let example = load_text(&path, text, [], &[]).unwrap().config;
    let least = r#"
[providers.main]
issuer = "https://sso.example.com/realms/main"
client_id = "gateway"
[upstreams.orders]
endpoints = ["http://127.0.0.1:3000"]
[routes.orders]
path = "/orders/*"
"#;
    let least = config(least, &[], &[]);
    assert_eq!(serde_json::to_value(example).unwrap(), serde_json::to_value(least).unwrap());
}

#[test]
fn every_key_that_is_commented_out_in_the_example_is_a_key() {
    let (_, text) = committed("gateway.toml");
    // `equals` and its alternatives exclude each other, and so do a word and a table for `require`.
    let clashing = ["require = ", "#contains", "#matches", "#present", "#all = ", "#any = ", "#not = "];
    let lines = text.lines().filter(|line| !clashing.iter().any(|start| line.starts_with(start)));
    let whole: Vec<&str> =
        lines.map(|line| if line.starts_with("# ") { "" } else { line.trim_start_matches('#') }).collect();
    let whole = format!("{}\n", whole.join("\n"));
    if let Err(error) = load_as("gateway.toml", &whole, &[], &[]) {
        let unknown = error.problems.iter().any(|problem| problem.message.contains("unknown"));
        assert!(
            !unknown && error.problems.iter().all(|problem| problem.key.starts_with("routes")),
            "{}",
            error.render(false)
        );
    }
}
