//! Answers that changed.

use std::collections::BTreeSet;

use crate::gateway::{Explanation, ProbeAnswer};

/// What was compared, and what of it changed.
#[derive(Debug, Default)]
pub(super) struct Changes {
    changes: Vec<Change>,
    compared: usize,
    changed: usize,
    requests: BTreeSet<String>,
}

/// A change that is the same for some callers.
#[derive(Debug)]
struct Change {
    request: String,
    before: String,
    after: String,
    callers: Vec<String>,
}

impl Changes {
    /// Takes two answers to one request of one caller.
    pub(super) fn add(&mut self, request: &str, caller: &str, before: &Explanation, after: &Explanation) {
        self.compared += 1;
        if !self.requests.contains(request) {
            self.requests.insert(request.to_owned());
        }
        if before.answer == after.answer {
            return;
        }
        self.changed += 1;
        let (before, after) = (told(before), told(after));
        let same = self
            .changes
            .iter_mut()
            .rev()
            .take_while(|change| change.request == request)
            .find(|change| change.before == before && change.after == after);
        match same {
            Some(change) => change.callers.push(caller.to_owned()),
            None => self.changes.push(Change {
                request: request.to_owned(),
                before,
                after,
                callers: vec![caller.to_owned()],
            }),
        }
    }

    /// Whether nothing changed.
    pub(super) const fn are_none(&self) -> bool {
        self.changed == 0
    }

    /// The changes, then how many there are.
    pub(super) fn as_text(&self) -> String {
        let mut text = String::new();
        for Change { request, before, after, callers } in &self.changes {
            text += &format!("{request}\n  was {before}\n  is  {after}\n  for {}\n\n", callers.join(", "));
        }
        text.retain(|character| character == '\n' || !character.is_control());
        let requests: BTreeSet<&str> = self.changes.iter().map(|change| change.request.as_str()).collect();
        text + &format!(
            "{} of {} answers change, to {} of {} requests\n",
            self.changed,
            self.compared,
            requests.len(),
            self.requests.len()
        )
    }
}

/// An answer with its route, and why.
fn told(explanation: &Explanation) -> String {
    let answer = match explanation.answer {
        ProbeAnswer::Allowed => "yes".to_owned(),
        ProbeAnswer::AsksKeycloak => "for keycloak to decide".to_owned(),
        ProbeAnswer::Depends => "depending on the caller".to_owned(),
        answer => match answer.status() {
            Some(status) => format!("no, {status}"),
            None => "no".to_owned(),
        },
    };
    match &explanation.route {
        Some(route) => format!("{answer} (route `{}`: {})", route.name, explanation.reason),
        None => format!("{answer} ({})", explanation.reason),
    }
}
