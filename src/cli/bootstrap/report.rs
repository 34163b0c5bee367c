//! A plan, for people and for programs.

use serde_json::{Value, json};

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

fn item(item: &Item) -> Value {
    json!({
        "kind": item.kind.name(),
        "name": item.name,
        "action": item.action.name(),
        "changes": item.changes.iter().map(change).collect::<Vec<_>>(),
        "notes": item.notes,
    })
}

fn change(change: &Change) -> Value {
    let show =
        |value: &Option<Value>| value.as_ref().map(|value| shown(&change.path, value)).unwrap_or_default();
    json!({"path": change.path, "before": show(&change.before), "after": show(&change.after)})
}
