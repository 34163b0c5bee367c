//! Thousands of users, or members of a group, from a file.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use serde_json::Value;

use super::access::Access;
use crate::admin::{Bulk, Journal, Outcome, Realm, Report};
use crate::cli::{Terminal, progress};
use crate::connection::{CallError, ErrorClass};

/// The most errors that are printed; the others are counted.
const SHOWN: usize = 20;

/// Arguments of a bulk command.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct BulkArgs {
    /// What to do, one item a line; `-` is standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// The group: its path from `/` on, or its id
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    /// How many calls are under way at a time
    #[arg(long, value_name = "NUMBER", default_value_t = 16)]
    concurrency: usize,
    /// Keep in this file what is done, and leave out what it holds
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
}

/// What is done with each line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A user as JSON is made, if it is not there.
    ImportUsers,
    /// A user, by name or as `id:ID`, is put into a group.
    AddMembers,
}

impl Kind {
    pub(super) const ALL: [Self; 2] = [Self::ImportUsers, Self::AddMembers];

    pub(super) fn find(heading: &str, verb: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.heading() == heading && kind.verb() == verb)
    }

    pub(super) const fn heading(self) -> &'static str {
        match self {
            Self::ImportUsers => "users",
            Self::AddMembers => "groups",
        }
    }

    pub(super) const fn verb(self) -> &'static str {
        match self {
            Self::ImportUsers => "import",
            Self::AddMembers => "add-members",
        }
    }

    pub(super) const fn about(self) -> &'static str {
        match self {
            Self::ImportUsers => {
                "Make the users of a file, one as JSON a line; those that are there stay as they are"
            }
            Self::AddMembers => "Put the users of a file into `--group`, one a line by name or as `id:ID`",
        }
    }
}

/// Does it, with a progress bar on a terminal; says what failed, and how much was done.
pub(super) async fn run(
    access: &Access,
    kind: Kind,
    args: &BulkArgs,
    terminal: Terminal,
) -> Result<Report, String> {
    let realm = access.client.realm(&access.realm);
    let lines = lines(&args.file)?;
    let bar = progress::bar();
    let mut bulk = Bulk::new(args.concurrency).progress(|progress| {
        bar.set_position((progress.done + progress.skipped + progress.failed) as u64);
        bar.set_message(format!("{} skipped, {} failed", progress.skipped, progress.failed));
    });
    if let Some(path) = &args.journal {
        let journal = Journal::open(path).map_err(|error| format!("`{}`: {error}", path.display()))?;
        bulk = bulk.journal(journal);
    }
    let result = match (kind, &args.group) {
        (Kind::ImportUsers, None) => bulk.run(lines, key_of_user, |line| import(&realm, line)).await,
        (Kind::AddMembers, Some(group)) => {
            let group = group_id(&realm, group).await?;
            bulk.run(lines, key, |line| add(&realm, &group, line)).await
        }
        (Kind::ImportUsers, Some(_)) => return Err("`--group` is for `groups add-members`".to_owned()),
        (Kind::AddMembers, None) => {
            return Err("no group is named\nhint: `--group /path/of/group`".to_owned());
        }
    };
    bar.finish_and_clear();
    let report =
        result.map_err(|error| format!("the journal cannot be written, so it was stopped: {error}"))?;
    say(&report, terminal);
    Ok(report)
}

type Line = Result<String, String>;

/// The lines that say something. One that cannot be read is an item that fails.
fn lines(file: &str) -> Result<impl Iterator<Item = Line> + use<>, String> {
    let reader: Box<dyn BufRead> = match file {
        "-" => Box::new(BufReader::new(std::io::stdin())),
        path => Box::new(BufReader::new(
            File::open(path).map_err(|error| format!("`{path}` cannot be read: {error}"))?,
        )),
    };
    // A file that cannot be read any further gives its error for ever.
    let mut is_broken = false;
    let lines = reader.lines().take_while(move |line| !std::mem::replace(&mut is_broken, line.is_err()));
    let lines = lines.map(|line| line.map_err(|error| format!("the file cannot be read: {error}")));
    Ok(lines.filter(|line| line.as_ref().map_or(true, |line| !line.trim().is_empty())))
}

/// The name of a user in report and journal.
fn key_of_user(line: &Line) -> String {
    let user = line.as_ref().ok().and_then(|line| serde_json::from_str::<Value>(line).ok());
    let name = user.as_ref().and_then(|user| user.get("username")?.as_str());
    name.map_or_else(|| "a line that is not a user".to_owned(), str::to_owned)
}

fn key(line: &Line) -> String {
    line.as_ref().map_or_else(|_| "a line that cannot be read".to_owned(), |line| line.trim().to_owned())
}

async fn import(realm: &Realm, line: Line) -> Result<Outcome, CallError> {
    let line = line.map_err(wrong)?;
    // The line can hold a password, and an error of the reader can hold a part of the line.
    let user: Value = serde_json::from_str(&line).map_err(|_| wrong("the line is not JSON".to_owned()))?;
    if user.get("username").is_none() {
        return Err(wrong("the line is no user with a `username`".to_owned()));
    }
    match realm.users().create(&user).await {
        Err(error) if error.is_conflict() => Ok(Outcome::Skipped),
        result => result.map(|_| Outcome::Done),
    }
}

async fn add(realm: &Realm, group: &str, line: Line) -> Result<Outcome, CallError> {
    let line = line.map_err(wrong)?;
    let id = match line.trim().strip_prefix("id:") {
        Some(id) => id.to_owned(),
        None => realm
            .users()
            .id(line.trim())
            .await?
            .ok_or_else(|| CallError::local(ErrorClass::Get, "there is no such user"))?,
    };
    realm.users().join(&id, group).await.map(|()| Outcome::Done)
}

async fn group_id(realm: &Realm, group: &str) -> Result<String, String> {
    if !group.starts_with('/') {
        return Ok(group.to_owned());
    }
    let found = realm.groups().by_path(group).await.map_err(|error| error.to_string())?;
    let id = found.as_ref().and_then(|group| group.get("id")?.as_str()).map(str::to_owned);
    id.ok_or_else(|| format!("there is no group `{group}`"))
}

fn wrong(message: String) -> CallError {
    CallError::local(ErrorClass::Post, message)
}

fn say(report: &Report, terminal: Terminal) {
    for (key, error) in report.failed.iter().take(SHOWN) {
        terminal.say(&format!("error: `{}`: {error}", key.escape_debug()));
    }
    if report.failed.len() > SHOWN {
        terminal.say(&format!("... and {} more", report.failed.len() - SHOWN));
    }
    if report.given_up {
        terminal.say("error: given up, as nothing goes through any more; what is left was not tried");
    }
    terminal.say(&format!(
        "{} done, {} skipped, {} failed",
        report.done,
        report.skipped,
        report.failed.len()
    ));
}
