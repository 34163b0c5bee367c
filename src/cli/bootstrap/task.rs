//! Files of tasks of the module `keycloak_client`.

use std::process::ExitCode;

use serde_json::Value;

use super::{StateArgs, Terminal};
use crate::bootstrap::{Outcome, document};

pub(super) async fn run(args: &StateArgs, write: bool, terminal: Terminal) -> ExitCode {
    let mut outcomes = Vec::new();
    for file in &args.files {
        match document::read(file).and_then(|content| document::tasks(file, &content)) {
            Ok(tasks) => {
                for task in tasks {
                    outcomes.push(if write { task.apply().await } else { task.plan().await });
                }
            }
            Err(error) => outcomes.push(Outcome::failure(error.to_string())),
        }
    }
    report(&outcomes, args.json, terminal);
    if outcomes.iter().any(|outcome| outcome.failed) {
        return ExitCode::FAILURE;
    }
    let is_due = !write && outcomes.iter().any(|outcome| outcome.changed);
    if is_due { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

fn report(outcomes: &[Outcome], json: bool, terminal: Terminal) {
    if json {
        let all = match outcomes {
            [one] => one.to_json(),
            all => Value::Array(all.iter().map(Outcome::to_json).collect()),
        };
        terminal.print(&all.to_string());
        return;
    }
    for outcome in outcomes {
        terminal.print(&outcome.msg);
        outcome.changes.iter().for_each(|change| terminal.print(&format!("  {change}")));
        outcome.warnings.iter().for_each(|warning| terminal.say(&format!("note: {warning}")));
    }
}
