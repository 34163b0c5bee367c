//! Files: wanted state of a realm, or tasks of the module `keycloak_client`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::Value;

use super::stop::{self, Stop};
use super::{StateArgs, Terminal, report, state};
use crate::admin::AdminClient;
use crate::bootstrap::document::{Document, StateFile};
use crate::bootstrap::{Failure, Outcome, Plan, Sessions, play};
use crate::cli::progress;

/// What came of a file, or of a task in it.
enum Done {
    Task(Box<Outcome>),
    State(Plan),
}

pub(super) async fn run(args: &StateArgs, write: bool, terminal: Terminal) -> ExitCode {
    let mut sessions = Sessions::default();
    let mut done = Vec::new();
    for file in &args.files {
        match one(file, write, &mut sessions).await {
            Ok(more) => done.extend(more),
            Err(stop) => {
                let failure = Some(stop.failure());
                done.push(Done::Task(Box::new(Outcome { failure, ..Outcome::failure(stop.text) })));
            }
        }
    }
    show(&done, write, args.json, terminal);
    if let Some(failure) = done.iter().find_map(Done::failure) {
        return stop::code(failure);
    }
    let is_due = !write && done.iter().any(Done::is_changed);
    if is_due { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

async fn one(file: &Path, write: bool, sessions: &mut Sessions) -> Result<Vec<Done>, Stop> {
    let mut done = Vec::new();
    match Document::open(file)? {
        Document::Tasks(tasks) => {
            let bar = progress::bar();
            let mut failed = 0;
            let outcomes = play(&tasks, sessions, write, |outcome| {
                failed += usize::from(outcome.failed);
                bar.inc(1);
                bar.set_message(format!("{failed} failed"));
            });
            done.extend(outcomes.await.into_iter().map(|outcome| Done::Task(Box::new(outcome))));
            bar.finish_and_clear();
        }
        Document::State(state) => done.push(Done::State(bring_about(*state, write).await?)),
    }
    Ok(done)
}

async fn bring_about(file: StateFile, write: bool) -> Result<Plan, Stop> {
    let access = file.access.or_from(|name| std::env::var(name).ok());
    let realm = AdminClient::new(access.open()?).realm(&file.desired.realm);
    let plan = if write {
        state::apply(&realm, &file.desired).await?
    } else {
        Plan::make(&realm, &file.desired).await?
    };
    Ok(plan)
}

impl Done {
    fn failure(&self) -> Option<Failure> {
        match self {
            Self::Task(outcome) => outcome.failure,
            Self::State(plan) => plan.failures.first().map(|(_, error)| error.failure()),
        }
    }

    fn is_changed(&self) -> bool {
        match self {
            Self::Task(outcome) => outcome.changed,
            Self::State(plan) => plan.is_changed(),
        }
    }

    fn to_json(&self, write: bool) -> Value {
        match self {
            Self::Task(outcome) => outcome.to_json(),
            Self::State(plan) => report::document(plan, write),
        }
    }
}

fn show(done: &[Done], write: bool, json: bool, terminal: Terminal) {
    if json {
        let all = match done {
            [one] => one.to_json(write),
            all => Value::Array(all.iter().map(|one| one.to_json(write)).collect()),
        };
        terminal.print(&all.to_string());
        return;
    }
    for one in done {
        match one {
            Done::State(plan) => report::plan(plan, write, false, terminal),
            Done::Task(outcome) if outcome.failed => {
                terminal.say(&format!("error: {}{}", whose(outcome), outcome.msg));
            }
            Done::Task(outcome) => {
                terminal.print(&outcome.msg);
                outcome.changes.iter().for_each(|change| terminal.print(&format!("  {change}")));
                outcome.warnings.iter().for_each(|warning| terminal.say(&format!("note: {warning}")));
            }
        }
    }
}

/// Which of many tasks it is that failed.
fn whose(outcome: &Outcome) -> String {
    let name = ["clientId", "id"].iter().find_map(|member| outcome.proposed.get(*member)?.as_str());
    name.map(|name| format!("client `{name}`: ")).unwrap_or_default()
}
