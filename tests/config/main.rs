//! Loading a configuration: layers, and every kind of error as it is printed.
#![cfg(all(feature = "cli", feature = "testing"))]
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod command;
mod committed;
mod layers;
mod printed;

use std::ffi::OsString;
use std::path::Path;

use gatecloak::config::{Config, LoadError, Loaded, load_text};

const WHOLE: &str = r#"
[providers.main]
issuer = "https://sso.example.com/realms/main"
client_id = "gateway"

[upstreams.app]
endpoints = ["http://127.0.0.1:3000"]

[routes.all]
path = "/*"
"#;

fn load_as(
    file: &str,
    text: &str,
    environment: &[(&str, &str)],
    flags: &[(&str, &str)],
) -> Result<Loaded, LoadError> {
    let environment = environment.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let flags: Vec<_> = flags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    load_text(Path::new(file), text.to_owned(), environment, &flags)
}

/// The printed text of what is wrong.
fn wrong(text: &str) -> String {
    wrong_with(text, &[], &[])
}

fn wrong_with(text: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> String {
    load_as("gatecloak.toml", text, environment, flags).unwrap_err().render(false)
}

fn config(text: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Config {
    load_as("gatecloak.toml", text, environment, flags)
        .unwrap_or_else(|error| panic!("{}", error.render(false)))
        .config
}
