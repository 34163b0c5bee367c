use std::cell::{Cell, RefCell};

use super::{Bulk, HOPELESS, Journal, Outcome, Progress};
use crate::connection::{CallError, ErrorClass};

fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

fn key(number: &usize) -> String {
    format!("item\n{number}")
}

fn fault(class: ErrorClass) -> CallError {
    CallError::local(class, "no")
}

#[test]
fn no_more_calls_than_allowed_are_under_way_and_all_are_made() {
    for (concurrency, most) in [(0, 1), (1, 1), (7, 7), (1000, 100)] {
        let (under_way, seen, made) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let work = async |_| {
            under_way.set(under_way.get() + 1);
            seen.set(seen.get().max(under_way.get()));
            tokio::task::yield_now().await;
            under_way.set(under_way.get() - 1);
            made.set(made.get() + 1);
            Ok(Outcome::Done)
        };
        let report = run(Bulk::new(concurrency).run(0..100, key, work)).expect("a report");
        assert_eq!((seen.get(), made.get(), report.done), (most, 100, 100));
        assert!(report.is_good());
    }
}

#[test]
fn one_that_fails_does_not_keep_the_others_and_is_named() {
    let steps = RefCell::new(Vec::new());
    let work = async |number| match number % 3 {
        0 => Ok(Outcome::Done),
        1 => Ok(Outcome::Skipped),
        _ => Err(fault(ErrorClass::Post)),
    };
    let bulk = Bulk::new(1).progress(|progress| steps.borrow_mut().push(progress));
    let report = run(bulk.run(0..90, key, work)).expect("a report");
    assert_eq!(report.progress(), Progress { done: 30, skipped: 30, failed: 30 });
    assert_eq!(report.failed.first().map(|(key, _)| key.as_str()), Some("item\n2"));
    assert!(!report.is_good() && !report.given_up);
    let steps = steps.into_inner();
    assert_eq!(steps.len(), 90);
    assert_eq!(steps.last(), Some(&report.progress()));
}

#[test]
fn a_run_without_a_server_or_a_login_is_given_up() {
    for class in [ErrorClass::Connection, ErrorClass::Authentication] {
        let made = Cell::new(0);
        let work = async |number: usize| {
            made.set(made.get() + 1);
            // One that goes well in between starts the count anew.
            if number == 10 { Ok(Outcome::Done) } else { Err(fault(class)) }
        };
        let report = run(Bulk::new(1).run(0.., key, work)).expect("a report");
        assert!(report.given_up && !report.is_good());
        assert_eq!((made.get(), report.failed.len()), (11 + HOPELESS, 10 + HOPELESS));
    }
}

#[test]
fn a_run_goes_on_where_it_was_broken_off() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal");
    let first = Bulk::new(4).journal(Journal::open(&path).expect("a journal"));
    let work = async |number| if number % 2 == 0 { Ok(Outcome::Done) } else { Err(fault(ErrorClass::Put)) };
    let report = run(first.run(0..10, key, work)).expect("a report");
    assert_eq!((report.done, report.failed.len()), (5, 5));

    // As after a crash in the middle of a line.
    let text = std::fs::read_to_string(&path).expect("text");
    std::fs::write(&path, format!("{text}\"item\\n1")).expect("written");
    let journal = Journal::open(&path).expect("a journal");
    assert_eq!(journal.len(), 5);
    let tried = RefCell::new(Vec::new());
    let work = async |number: usize| {
        tried.borrow_mut().push(number);
        Ok(Outcome::Done)
    };
    let report = run(Bulk::new(1).journal(journal).run(0..10, key, work)).expect("a report");
    assert_eq!((report.done, report.skipped), (5, 5));
    assert_eq!(tried.into_inner(), [1, 3, 5, 7, 9]);
    assert_eq!(Journal::open(&path).expect("a journal").len(), 10);
}

#[test]
fn a_file_that_is_no_journal_is_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    for text in ["{\"username\": \"ann\"}\n", "ann", "\"ann\"\nbob\n"] {
        let path = folder.path().join("users.jsonl");
        std::fs::write(&path, text).expect("written");
        assert!(Journal::open(&path).is_err(), "{text}");
        assert_eq!(std::fs::read_to_string(&path).expect("text"), text);
    }
}
