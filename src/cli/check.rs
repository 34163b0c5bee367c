//! `gatecloak check`: says everything that is wrong, then asks the configuration's own `[[tests]]`.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::offline::Offline;
use super::{Source, Terminal};
use crate::config::{self, ConfigTest, Expectation, LoadError, Loaded, Place, Problem, Spans};
use crate::gateway::Judged;

/// Arguments of `gatecloak check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    #[command(flatten)]
    source: Source,
    /// Print one JSON object in place of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: CheckArgs, terminal: Terminal) -> ExitCode {
    let report = match look(&args.source) {
        Ok(report) => report,
        Err(error) if args.json => {
            terminal.print(&pretty(&error_as_json(&error)));
            return ExitCode::FAILURE;
        }
        Err(error) => return terminal.refuse(&error),
    };
    if args.json {
        terminal.print(&pretty(&report.as_json()));
    } else {
        report.print(terminal);
    }
    if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A configuration that compiles, with what was found about it.
struct Report {
    loaded: Loaded,
    warnings: Vec<Problem>,
    answers: Vec<Answer>,
}

/// A test of the configuration, asked.
struct Answer {
    test: ConfigTest,
    judged: Judged,
}

fn look(source: &Source) -> Result<Report, LoadError> {
    let offline = Offline::load(source)?;
    let gateway = &offline.gateway;
    let tests = offline.loaded.config.tests.iter();
    let answers = tests.map(|test| Answer { test: test.clone(), judged: gateway.judge(test) }).collect();
    Ok(Report { answers, warnings: gateway.warnings(), loaded: offline.loaded })
}

impl Report {
    fn is_good(&self) -> bool {
        self.answers.iter().all(Answer::is_as_expected)
    }

    fn print(&self, terminal: Terminal) {
        terminal.say(&self.loaded.render_warnings(&self.warnings, terminal.color));
        for answer in &self.answers {
            terminal.print(&answer.line());
        }
        let failed = self.answers.iter().filter(|answer| !answer.is_as_expected()).count();
        let tests = match self.answers.len() {
            0 => "no tests".to_owned(),
            count if failed == 0 => format!("{count} of {count} tests ok"),
            count => format!("{failed} of {count} tests failed"),
        };
        terminal.print(&format!("{}: the configuration is valid, {tests}", self.loaded.file.display()));
    }

    fn as_json(&self) -> Value {
        let spans = Spans::of(&self.loaded.file, &self.loaded.text);
        let warnings = self.warnings.iter().map(|warning| {
            problem_as_json(&self.loaded.origins.place(warning.clone(), &spans), &spans, &self.loaded.text)
        });
        json!({
            "file": self.loaded.file,
            "ok": self.is_good(),
            "problems": [],
            "warnings": warnings.collect::<Vec<_>>(),
            "tests": self.answers.iter().map(Answer::as_json).collect::<Vec<_>>(),
        })
    }
}

impl Answer {
    fn is_as_expected(&self) -> bool {
        self.judged.expectation == self.test.expect
            && (self.test.route.is_none() || self.test.route == self.judged.route)
    }

    fn line(&self) -> String {
        let Self { test, judged } = self;
        let outcome = outcome(judged.expectation, judged.route.as_deref());
        if self.is_as_expected() {
            return format!("ok      {}: {outcome}", test.request);
        }
        let expected = self::outcome(test.expect, test.route.as_deref());
        format!("FAILED  {}: expected {expected}, got {outcome}: {}", test.request, judged.reason)
    }

    fn as_json(&self) -> Value {
        json!({
            "request": self.test.request,
            "ok": self.is_as_expected(),
            "expected": { "expect": self.test.expect, "route": self.test.route },
            "got": { "expect": self.judged.expectation, "route": self.judged.route },
            "reason": self.judged.reason,
        })
    }
}

fn outcome(expectation: Expectation, route: Option<&str>) -> String {
    let word = match expectation {
        Expectation::Allow => "allow",
        Expectation::Deny => "deny",
        Expectation::Unauthenticated => "unauthenticated",
        Expectation::NoRoute => "no_route",
    };
    match route {
        Some(route) => format!("{word} by route `{route}`"),
        None => word.to_owned(),
    }
}

fn error_as_json(error: &LoadError) -> Value {
    let spans = Spans::of(&error.file, &error.text);
    let problems = error.problems.iter().map(|problem| problem_as_json(problem, &spans, &error.text));
    json!({
        "file": error.file,
        "ok": false,
        "problems": problems.collect::<Vec<_>>(),
        "warnings": [],
        "tests": [],
    })
}

fn problem_as_json(problem: &Problem, spans: &Spans, text: &str) -> Value {
    let place = spans.locate(problem).map(|range| config::line_and_column(text, range.start));
    let origin = match &problem.place {
        Place::Outside(origin) => Some(origin),
        _ => None,
    };
    json!({
        "key": problem.key,
        "message": problem.message,
        "hint": problem.hint,
        "line": place.map(|(line, _)| line),
        "column": place.map(|(_, column)| column),
        "origin": origin,
    })
}

fn pretty(value: &Value) -> String {
    // A JSON value always has a text.
    serde_json::to_string_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod tests;
