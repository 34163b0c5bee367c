//! Merged values -> [`Config`], with everything that is wrong and not just the first of it.
//!
//! Serde stops at the first error. So an error is noted, the place where it arose is mended (the value removed, or
//! something put there that its type takes), and the whole is read again, until it reads.

use std::collections::BTreeMap;

use figment::error::{Error, Kind};
use figment::value::{Dict, Value};
use serde::Deserialize;

use super::setting::Setting;
use super::span::{dotted, is_at_or_under};
use super::{Config, Place, Problem, spelling, wording};

/// More problems than anyone reads; also the bound on the work.
const MOST_PROBLEMS: usize = 100;

/// What was read.
pub(super) struct Extracted {
    /// The configuration. With `problems` it holds stand-ins, and is good for further checks only.
    pub(super) config: Option<Config>,
    pub(super) problems: Vec<Problem>,
    /// Keys that stand-ins were put at, or whose absence was explained: what is said about them further is an echo.
    pub(super) spoiled: Vec<String>,
}

/// Reads the merged layers.
pub(super) fn extract(merged: Dict, settings: &[Setting]) -> Extracted {
    let mut mender = Mender {
        root: Value::from(merged),
        settings,
        problems: Vec::new(),
        spoiled: Vec::new(),
        meant: Vec::new(),
        tried: BTreeMap::new(),
    };
    let config = mender.read();
    mender.spoiled.append(&mut mender.meant);
    Extracted { config, problems: mender.problems, spoiled: mender.spoiled }
}

struct Mender<'a> {
    root: Value,
    settings: &'a [Setting],
    problems: Vec<Problem>,
    spoiled: Vec<String>,
    /// Keys that were meant by unknown ones: they are not missing.
    meant: Vec<String>,
    /// Keys already mended, with the number of stand-ins tried there.
    tried: BTreeMap<String, usize>,
}

impl Mender<'_> {
    fn read(&mut self) -> Option<Config> {
        while self.problems.len() <= MOST_PROBLEMS {
            let error = match Config::deserialize(&self.root) {
                Ok(config) => return Some(config),
                Err(error) => error,
            };
            if !self.mend(error) {
                return None;
            }
        }
        self.problems.truncate(MOST_PROBLEMS);
        self.problems.push(Problem::new("", "there are more problems, which are not shown"));
        None
    }

    /// Notes the error and mends its place; false if there is no way on.
    fn mend(&mut self, error: Error) -> bool {
        let path = error.path;
        let key = path.join(".");
        match error.kind {
            Kind::UnknownField(name, known) => self.unknown_key(&path, &name, known),
            Kind::MissingField(name) => self.missing_key(&path, &name),
            kind if self.is_spoiled(&key) => self.put_stand_in(&path, &kind),
            kind if self.take_as_text(&path, &kind) => true,
            kind => {
                self.problems.push(wording::wrong_value(&key, &kind));
                self.spoiled.push(key);
                self.remove(&path) || self.put_stand_in(&path, &kind)
            }
        }
    }

    fn unknown_key(&mut self, path: &[String], name: &str, known: &[&'static str]) -> bool {
        let key = path.join(".");
        let mut problem = Problem::new(&key, format!("unknown key `{name}`")).at(Place::Key);
        problem.hint = spelling::hint(name, known.iter().copied());
        self.problems.push(problem);
        if let (Some(meant), Some((_, parent))) =
            (spelling::nearest(name, known.iter().copied()), path.split_last())
        {
            self.meant.push(dotted(&parent.join("."), meant));
        }
        self.spoiled.push(key);
        self.remove(path)
    }

    fn missing_key(&mut self, parent: &[String], name: &str) -> bool {
        let path: Vec<String> = parent.iter().cloned().chain([name.to_owned()]).collect();
        let key = path.join(".");
        if !self.is_spoiled(&key) && !self.meant.contains(&key) {
            let table = parent.join(".");
            let mut problem = Problem::new(&key, format!("`{table}` lacks the key `{name}`")).at(Place::Key);
            problem.hint = wording::example_of(name);
            self.problems.push(problem);
        }
        self.spoiled.push(key);
        self.put_stand_in(&path, &Kind::MissingField(name.to_owned().into()))
    }

    /// A value from outside the file that reads as a number or so, where a text is wanted: it is a text.
    fn take_as_text(&mut self, path: &[String], kind: &Kind) -> bool {
        if !matches!(kind, Kind::InvalidType(..)) {
            return false;
        }
        let Some(setting) = self.settings.iter().rev().find(|setting| setting.path == path) else {
            return false;
        };
        match find(&mut self.root, path) {
            Some(value @ (Value::Num(..) | Value::Bool(..))) => {
                *value = Value::from(setting.text.as_str());
                true
            }
            _ => false,
        }
    }

    fn is_spoiled(&self, key: &str) -> bool {
        self.spoiled.iter().any(|spoiled| is_at_or_under(key, spoiled))
    }

    /// Removes a key of a table, so that its default counts. Not the entries of `providers` and the like, whose names
    /// others refer to, and not the items of a list, whose numbers tell them apart.
    fn remove(&mut self, path: &[String]) -> bool {
        let Some((name, parent)) = path.split_last() else { return false };
        if let [table] = parent
            && matches!(table.as_str(), "providers" | "upstreams" | "routes")
        {
            return false;
        }
        match find(&mut self.root, parent) {
            Some(Value::Dict(_, dict)) => dict.remove(name).is_some(),
            _ => false,
        }
    }

    /// Puts the next value that the type may take; when none is left, gives up what is around.
    fn put_stand_in(&mut self, path: &[String], kind: &Kind) -> bool {
        let tried = self.tried.entry(path.join(".")).or_default();
        let next = match kind {
            Kind::UnknownVariant(_, known) if *tried > 0 => known.first().map(|name| Value::from(*name)),
            _ => stand_in(*tried),
        };
        *tried += 1;
        let (Some((name, parent)), Some(value), true) = (path.split_last(), next, *tried < MOST_STAND_INS)
        else {
            return self.give_up_parent(path);
        };
        match find(&mut self.root, parent) {
            Some(Value::Dict(_, dict)) => {
                dict.insert(name.clone(), value);
                true
            }
            Some(Value::Array(_, items)) => {
                let item = name.parse().ok().and_then(|index: usize| items.get_mut(index));
                item.map(|item| *item = value).is_some()
            }
            _ => false,
        }
    }

    fn give_up_parent(&mut self, path: &[String]) -> bool {
        match path.split_last() {
            Some((_, parent)) if !parent.is_empty() => {
                self.spoiled.push(parent.join("."));
                self.remove(parent) || self.put_stand_in(parent, &Kind::Message(String::new()))
            }
            _ => false,
        }
    }
}

const MOST_STAND_INS: usize = 10;

/// Values of which each type of the configuration takes one.
fn stand_in(number: usize) -> Option<Value> {
    Some(match number {
        0 => Value::from(""),
        1 => Value::from(Vec::<Value>::new()),
        2 => Value::from(Dict::new()),
        3 => Value::from(0),
        4 => Value::from(false),
        5 => Value::from("127.0.0.1/32"),
        6 => Value::from("-"),
        _ => return None,
    })
}

fn find<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    let Some((name, rest)) = path.split_first() else { return Some(value) };
    let inner = match value {
        Value::Dict(_, dict) => dict.get_mut(name)?,
        Value::Array(_, items) => items.get_mut(name.parse::<usize>().ok()?)?,
        _ => return None,
    };
    find(inner, rest)
}
