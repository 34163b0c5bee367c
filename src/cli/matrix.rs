//! `gatecloak matrix`: who may do what, for a review.

mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use self::table::Table;
use http::HeaderMap;

use super::offline::Offline;
use super::{Source, Terminal, claims_file, explain};
use crate::config::file_error;
use crate::gateway::{Explanation, Gateway, NamedCaller, Probe, ProbeAnswer, SurfaceRow};

/// Arguments of `gatecloak matrix`.
#[derive(Debug, clap::Args)]
pub struct MatrixArgs {
    /// Whose routes and settings judge.
    #[command(flatten)]
    source: Source,
    /// Across: each role, scope and group that the configuration names; this is the default
    #[arg(long, conflicts_with = "users")]
    roles: bool,
    /// Across: the users with these claims (JSON files; a user's name is the file's)
    #[arg(long, value_name = "FILE", num_args = 1..)]
    users: Vec<PathBuf>,
    /// How it is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write to this file in place of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How a matrix is printed.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// Columns of text
    Text,
    /// Comma-separated values (RFC 4180)
    Csv,
    /// One page, with the reasons as titles
    Html,
}

pub(super) fn run(args: MatrixArgs, terminal: Terminal) -> ExitCode {
    let offline = match Offline::load(&args.source) {
        Ok(offline) => offline,
        Err(error) => return terminal.refuse(&error),
    };
    let callers =
        if args.users.is_empty() { Ok(offline.gateway.named_callers()) } else { users(&args.users) };
    let table = match callers.and_then(|callers| fill(&offline.gateway, &callers, explain::now())) {
        Ok(table) => table,
        Err(error) => {
            terminal.say(&format!("error: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let text = match args.format {
        Format::Text => table.as_text(),
        Format::Csv => table.as_csv(),
        Format::Html => table.as_html(),
    };
    match &args.output {
        None => terminal.print(&text),
        Some(path) => {
            if let Err(error) = std::fs::write(path, text) {
                terminal.say(&format!(
                    "error: `{}` cannot be written: {}",
                    path.display(),
                    file_error(&error)
                ));
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// The owners of claims, each named as its file.
pub(super) fn users(files: &[PathBuf]) -> Result<Vec<NamedCaller>, String> {
    let named = |file: &PathBuf| {
        let name = file.file_stem().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
        Ok(NamedCaller { name, claims: Some(claims_file::read(file)?), open_ended: false })
    };
    files.iter().map(named).collect()
}

fn fill(gateway: &Gateway, callers: &[NamedCaller], now: i64) -> Result<Table, String> {
    let mut table =
        Table { callers: callers.iter().map(|caller| caller.name.clone()).collect(), rows: Vec::new() };
    for row in gateway.surface() {
        let request = row.request();
        let cell = |caller: &NamedCaller| ask(gateway, &request, caller, now).map(Cell::from);
        let cells = callers.iter().map(cell).collect::<Result<_, _>>()?;
        table.rows.push((row, cells));
    }
    Ok(table)
}

/// How a request of a caller would be answered.
pub(super) fn ask(
    gateway: &Gateway,
    request: &str,
    caller: &NamedCaller,
    now: i64,
) -> Result<Explanation, String> {
    let (caller, open_ended) = (caller.as_probe_caller(), caller.open_ended);
    let probe = Probe { request, caller, headers: &HeaderMap::new(), client: None, now, open_ended };
    gateway.explain(&probe)
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    word: &'static str,
    reason: String,
}

impl From<Explanation> for Cell {
    fn from(explanation: Explanation) -> Self {
        Self { word: word(explanation.answer), reason: explanation.reason }
    }
}

/// An answer in a word.
pub(super) const fn word(answer: ProbeAnswer) -> &'static str {
    match answer {
        ProbeAnswer::Allowed => "yes",
        ProbeAnswer::AsksKeycloak => "asks",
        ProbeAnswer::Depends => "depends",
        _ => "no",
    }
}
