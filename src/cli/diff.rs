//! `gatecloak diff`: which requests are answered otherwise by another configuration.

mod access_log;
mod changes;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use self::access_log::Requests;
use self::changes::Changes;
use super::matrix::{ask, users};
use super::offline::Offline;
use super::{Source, Terminal, explain};
use crate::config::LoadError;
use crate::gateway::{Gateway, NamedCaller};

/// The exit code for a difference; 1 is for what is wrong with a configuration.
const DIFFERENT: u8 = 2;

/// Arguments of `gatecloak diff`.
#[derive(Debug, clap::Args)]
pub struct DiffArgs {
    /// The configuration file of before
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The configuration file of after
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Ask with the requests of this access log, in place of one request for each route and method
    #[arg(long, value_name = "FILE")]
    access_log: Option<PathBuf>,
    /// Ask as the users with these claims (JSON files), in place of each role, scope and group
    #[arg(long, value_name = "FILE", num_args = 1..)]
    claims: Vec<PathBuf>,
}

/// Why there is no answer.
enum Unanswered {
    Config(LoadError),
    Call(String),
}

/// Exits with 0: nothing changes, 1: there is no answer, 2: something changes.
pub(super) fn run(args: DiffArgs, terminal: Terminal) -> ExitCode {
    match compare(&args, terminal) {
        Ok(changes) => {
            terminal.print(&changes.as_text());
            if changes.are_none() { ExitCode::SUCCESS } else { ExitCode::from(DIFFERENT) }
        }
        Err(Unanswered::Config(error)) => terminal.refuse(&error),
        Err(Unanswered::Call(error)) => {
            terminal.say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn compare(args: &DiffArgs, terminal: Terminal) -> Result<Changes, Unanswered> {
    let load = |file: &PathBuf| {
        let source = Source { config: file.clone(), overrides: Vec::new() };
        Offline::load(&source).map_err(Unanswered::Config)
    };
    let (old, new) = (load(&args.old)?, load(&args.new)?);
    let (old, new) = (&old.gateway, &new.gateway);
    let callers = if args.claims.is_empty() { Ok(callers(old, new)) } else { users(&args.claims) };
    let callers = callers.map_err(Unanswered::Call)?;
    let requests = match &args.access_log {
        None => Requests::of(probes(old, new)),
        Some(path) => Requests::read(path).map_err(Unanswered::Call)?,
    };
    terminal.say(&requests.remarks());
    let (mut changes, now) = (Changes::default(), explain::now());
    for request in requests.iter() {
        for caller in &callers {
            // What is no request for the one is none for the other: it is not the configuration that says so.
            if let (Ok(before), Ok(after)) = (ask(old, request, caller, now), ask(new, request, caller, now))
            {
                changes.add(request, &caller.name, &before, &after);
            }
        }
    }
    Ok(changes)
}

/// Those of both, each once.
fn callers(old: &Gateway, new: &Gateway) -> Vec<NamedCaller> {
    let mut callers = old.named_callers();
    for caller in new.named_callers() {
        if !callers.iter().any(|known| known.name == caller.name) {
            callers.push(caller);
        }
    }
    callers
}

/// A request for each route of either with each method that either names.
fn probes(old: &Gateway, new: &Gateway) -> BTreeSet<String> {
    let methods: BTreeSet<String> = old.named_methods().into_iter().chain(new.named_methods()).collect();
    let urls: BTreeSet<String> = old.surface().into_iter().chain(new.surface()).map(|row| row.url).collect();
    urls.iter().flat_map(|url| methods.iter().map(move |method| format!("{method} {url}"))).collect()
}
