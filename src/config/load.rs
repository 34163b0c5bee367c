//! Defaults < file (TOML, YAML) < environment (`GATECLOAK_ROUTES__ORDERS__UPSTREAM=...`) < flags, by figment.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::value::Dict;

use super::document::Document;
use super::extract::{self, Extracted};
use super::setting::{self, Layer, Origins};
use super::span::{Spans, is_at_or_under};
use super::{Config, LoadError, Problem, blot, consistency, environment, wording};

/// The largest file that is read.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// A configuration as loaded, with what is needed to point at its lines.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// The file it came from.
    pub file: PathBuf,
    /// The file's text.
    pub text: String,
    /// What came from the environment and from flags.
    pub origins: Origins,
}

impl Loaded {
    /// The folder that relative paths in the file start at.
    pub fn folder(&self) -> &Path {
        folder_of(&self.file)
    }

    /// The error for what was found wrong later, by the rooms that compile the configuration.
    pub fn refuse(&self, problems: Vec<Problem>) -> LoadError {
        let spans = Spans::of(&self.file, &self.text);
        LoadError {
            file: self.file.clone(),
            text: self.text.clone(),
            problems: in_order(
                problems.into_iter().map(|problem| self.origins.place(problem, &spans)).collect(),
            ),
        }
    }
}

/// What else is wrong with a configuration that has problems: told by the rooms that compile it, for a folder that relative
/// paths start at.
pub(crate) type Further = fn(&Config, &Path) -> Vec<Problem>;

/// Loads a file with environment and `overrides` (`key=value` from flags) on top.
///
/// Unknown keys, bad values and sections that contradict each other are all reported at once. What needs more than the
/// configuration (files, patterns, routes that tie) is reported by the rooms that compile it, as [`Problem`]s too.
pub fn load(file: &Path, overrides: &[(String, String)]) -> Result<Loaded, LoadError> {
    load_with(file, overrides, |_, _| Vec::new())
}

/// The same; if there are problems, with those that only compiling finds.
pub(crate) fn load_with(
    file: &Path,
    overrides: &[(String, String)],
    further: Further,
) -> Result<Loaded, LoadError> {
    match read(file) {
        Ok(text) => load_part(file, text, std::env::vars_os(), overrides, |_| (), further),
        Err(problem) => {
            Err(LoadError { file: file.to_owned(), text: String::new(), problems: vec![problem] })
        }
    }
}

/// Loads a text as if it stood in `file` (which says what format it has and where relative paths start), with these
/// environment variables and `overrides` on top.
pub fn load_text(
    file: &Path,
    text: String,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    overrides: &[(String, String)],
) -> Result<Loaded, LoadError> {
    load_part(file, text, environment, overrides, |_| (), |_, _| Vec::new())
}

/// Loads a text that is not the whole configuration: `complete` adds what the program has for itself, before it is looked
/// whether the sections agree with each other.
pub(crate) fn load_part(
    file: &Path,
    text: String,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    overrides: &[(String, String)],
    complete: impl FnOnce(&mut Config),
    further: Further,
) -> Result<Loaded, LoadError> {
    let document = match Document::parse(file, &text) {
        Ok(document) => document,
        Err(problems) => {
            let text = blot::blot(&text, None);
            return Err(LoadError { file: file.to_owned(), text, problems: in_order(problems) });
        }
    };
    let further = |config: &Config| further(config, folder_of(file));
    match assemble(&document, environment, overrides, complete, further) {
        Ok((config, origins)) => Ok(Loaded { config, file: file.to_owned(), text, origins }),
        Err(problems) => {
            Err(LoadError { file: file.to_owned(), text: blot::blot(&text, Some(&document)), problems })
        }
    }
}

/// The folder that relative paths in a file start at.
fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("."))
}

fn assemble(
    document: &Document,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    overrides: &[(String, String)],
    complete: impl FnOnce(&mut Config),
    further: impl FnOnce(&Config) -> Vec<Problem>,
) -> Result<(Config, Origins), Vec<Problem>> {
    let mut problems = Vec::new();
    let file = Figment::from(document);
    let names = merge(&file).map_err(|problem| vec![problem])?;
    let from_environment = environment::settings(environment, &names, &mut problems);
    let from_flags = setting::from_flags(overrides, &mut problems);
    let layers = file
        .merge(Layer { name: "environment", settings: &from_environment })
        .merge(Layer { name: "flags", settings: &from_flags });
    let merged = merge(&layers).map_err(|problem| vec![problem])?;

    let settings = [from_environment, from_flags].concat();
    let Extracted { mut config, problems: wrong, spoiled } = extract::extract(merged, &settings);
    problems.extend(wrong);
    if let Some(config) = &mut config {
        complete(config);
        let touches = |problem: &Problem, key: &str| {
            is_at_or_under(key, &problem.key) || is_at_or_under(&problem.key, key)
        };
        let is_echo = |problem: &Problem| spoiled.iter().any(|key| touches(problem, key));
        problems.extend(consistency::check(config).into_iter().filter(|problem| !is_echo(problem)));
        if !problems.is_empty() {
            // A route with stand-ins might tie with others that are as they are meant.
            config.routes.retain(|name, _| {
                let route = format!("routes.{name}");
                !spoiled.iter().any(|key| is_at_or_under(key, &route))
            });
            let mut more = further(config);
            more.retain(|found| !is_echo(found) && !problems.iter().any(|known| touches(found, &known.key)));
            problems.extend(more);
        }
    }
    let origins = Origins::of(&settings);
    match config {
        Some(config) if problems.is_empty() => Ok((config, origins)),
        _ => {
            let spans = Spans::in_document(document);
            Err(in_order(problems.into_iter().map(|problem| origins.place(problem, &spans)).collect()))
        }
    }
}

/// The layers made one. The defaults are those of the types, which fill in what is absent here.
fn merge(layers: &Figment) -> Result<Dict, Problem> {
    layers.extract().map_err(|error| Problem::new("", format!("cannot merge the layers: {error}")))
}

fn read(file: &Path) -> Result<String, Problem> {
    let cannot = |why: String| Problem::new("", format!("cannot read `{}`: {why}", file.display()));
    let mut text = String::new();
    File::open(file)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_string(&mut text))
        .map_err(|error| {
            let problem = cannot(wording::file_error(&error));
            if error.kind() != io::ErrorKind::NotFound {
                return problem;
            }
            problem.hint(
                "`--config` names another file; `gatecloak schema --example` prints one to start from, with every key",
            )
        })?;
    if text.len() as u64 > MOST_BYTES {
        return Err(cannot("larger than 8 MiB".to_owned()));
    }
    Ok(text)
}

/// In the order of the file; what is not in the file comes last.
fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| match &problem.place {
        super::Place::Bytes(range) => range.start,
        _ => usize::MAX,
    });
    problems
}
