//! A plan, for people and for programs.

use serde_json::{Map, Value, json};

use super::Terminal;
use crate::bootstrap::{Action, Change, Item, Plan, shown};

pub(super) fn plan(plan: &Plan, write: bool, as_json: bool, terminal: Terminal) {
    if as_json {
        terminal.print(&document(plan, write).to_string());
        return;
    }
    for item in plan.items.iter().filter(|item| item.is_due()) {
        terminal.print(&item.to_string());
    }
    for note in plan.items.iter().flat_map(|item| &item.notes) {
        terminal.say(&format!("note: {note}"));
    }
    for (item, error) in &plan.failures {
        terminal.say(&format!("error: {} `{}`: {}", item.kind.name(), item.name, plan.said(error)));
    }
    terminal.print(&summary(plan, write));
}

fn summary(plan: &Plan, write: bool) -> String {
    let count = |action: Action| plan.items.iter().filter(|item| item.action == action).count();
    let (made, changed, deleted) = (count(Action::Create), count(Action::Update), count(Action::Delete));
    let kept = count(Action::Keep);
    if write {
        let failed = plan.failures.len();
        format!("{made} created, {changed} updated, {deleted} deleted, {kept} unchanged, {failed} failed")
    } else {
        format!("{made} to create, {changed} to update, {deleted} to delete, {kept} unchanged")
    }
}

pub(super) fn document(plan: &Plan, write: bool) -> Value {
    let failures = plan
        .failures
        .iter()
        .map(|(item, error)| json!({"kind": item.kind.name(), "name": item.name, "msg": plan.said(error)}));
    json!({
        "changed": plan.is_changed(),
        "failed": !plan.failures.is_empty(),
        "msg": summary(plan, write),
        "items": plan.items.iter().map(item).collect::<Vec<_>>(),
        "failures": failures.collect::<Vec<_>>(),
    })
}

/// As the module tells of its client, but of the members that differ alone, each by its path: what is there, what is
/// wanted, and what is there at the end, or would be.
fn item(item: &Item) -> Value {
    let side = |of: fn(&Change) -> Option<&Value>| -> Map<String, Value> {
        let told = |change: &Change| Some((change.path.clone(), shown(&change.path, of(change)?)));
        item.changes.iter().filter_map(told).collect()
    };
    let (existing, proposed) = (side(|change| change.before.as_ref()), side(|change| change.after.as_ref()));
    json!({
        "kind": item.kind.name(),
        "name": item.name,
        "action": item.action.name(),
        "changed": item.is_due(),
        "existing": existing,
        "end_state": proposed.clone(),
        "proposed": proposed,
        "notes": item.notes,
    })
}

#[cfg(test)]
mod tests;
