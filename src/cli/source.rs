//! Where a command's configuration comes from.

use std::path::PathBuf;

use crate::config::{self, LoadError, Loaded};
use crate::gateway::Gateway;

/// The file, and what goes on top of it.
#[derive(Clone, Debug, clap::Args)]
pub struct Source {
    /// The configuration file (TOML, or YAML by its extension)
    #[arg(long, short, env = "GATECLOAK_CONFIG", value_name = "FILE", default_value = "gatecloak.toml")]
    pub config: PathBuf,
    /// Set a key of the configuration, over file and environment: `--set listener.address=127.0.0.1:8080`
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_and_value)]
    pub overrides: Vec<(String, String)>,
}

impl Source {
    /// Loads the configuration. If something is wrong, what compiling it would find is told besides.
    pub fn load(&self) -> Result<Loaded, LoadError> {
        config::load_with(&self.config, &self.overrides, Gateway::problems_of)
    }
}

/// Splits at the first `=`. The value may be a secret of sorts, so an error does not repeat it.
fn key_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.to_owned())),
        _ => Err("expected `KEY=VALUE`".to_owned()),
    }
}
