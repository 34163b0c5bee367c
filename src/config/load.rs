//! Defaults < file (TOML, YAML) < environment (`GATECLOAK_ROUTES__ORDERS__UPSTREAM=...`) < flags, by figment.

use std::path::{Path, PathBuf};

use super::{Config, Problem};

/// A configuration as loaded, with what is needed to point at its lines.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// The file it came from.
    pub file: PathBuf,
    /// The file's text.
    pub text: String,
}

impl Loaded {
    /// The folder that relative paths in the file start at.
    pub fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new("."))
    }
}

/// What is wrong, with the text to point at.
#[derive(Clone, Debug)]
pub struct LoadError {
    /// The file.
    pub file: PathBuf,
    /// Its text, empty if it could not be read.
    pub text: String,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
}

/// Loads a file with environment and `overrides` (`key=value` from flags) on top.
///
/// Unknown keys and bad values are all reported at once. What needs more than the one value (unknown upstreams, routes
/// that tie) is reported by the rooms that compile the configuration, as [`Problem`]s too.
pub fn load(file: &Path, overrides: &[(String, String)]) -> Result<Loaded, LoadError> {
    let _ = (file, overrides);
    todo!()
}
