//! An answer as a person reads it: a table, or JSON.

use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr as _;

/// The members that tell things apart, those that say most first.
const COLUMNS: [&str; 17] = [
    "id",
    "username",
    "realm",
    "clientId",
    "alias",
    "name",
    "path",
    "email",
    "firstName",
    "lastName",
    "displayName",
    "enabled",
    "protocol",
    "providerId",
    "type",
    "time",
    "description",
];

/// The most columns that a table has.
const WIDTH: usize = 7;

/// The longest a cell is.
const CELL: usize = 48;

/// The text of an answer; nothing for one that says nothing.
pub(super) fn render(value: &Value, as_json: bool) -> String {
    match value {
        _ if as_json => pretty(value),
        Value::Object(members) if members.is_empty() => String::new(),
        Value::Null => String::new(),
        Value::String(text) => text.lines().map(plain).collect::<Vec<_>>().join("\n"),
        Value::Array(items) => {
            let rows: Option<Vec<_>> = items.iter().map(Value::as_object).collect();
            match rows {
                Some(rows) if !rows.is_empty() => table(&rows),
                _ => items.iter().map(cell).collect::<Vec<_>>().join("\n"),
            }
        }
        _ => pretty(value),
    }
}

fn table(rows: &[&Map<String, Value>]) -> String {
    let has = |column: &str| rows.iter().any(|row| row.get(column).is_some_and(|value| !value.is_null()));
    let mut columns: Vec<&str> = COLUMNS.into_iter().filter(|column| has(column)).take(WIDTH).collect();
    if columns.is_empty() {
        columns =
            rows.first().into_iter().flat_map(|row| row.keys()).map(String::as_str).take(WIDTH).collect();
    }
    let head = columns.iter().map(|column| column.to_uppercase()).collect::<Vec<_>>();
    let body = rows.iter().map(|row| {
        let cells = columns.iter().map(|column| row.get(*column).map(cell).unwrap_or_default());
        cells.collect::<Vec<_>>()
    });
    let lines: Vec<Vec<String>> = std::iter::once(head).chain(body).collect();
    let widths: Vec<usize> = (0..columns.len())
        .map(|at| lines.iter().filter_map(|line| line.get(at)).map(|cell| cell.width()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for line in lines {
        let mut written = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            written.push_str(cell);
            written.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 2));
        }
        text.push_str(written.trim_end());
        text.push('\n');
    }
    text
}

/// One line, not too long.
fn cell(value: &Value) -> String {
    let text = plain(&value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    if text.chars().count() <= CELL {
        return text;
    }
    text.chars().take(CELL - 1).chain(['…']).collect()
}

/// Without what a terminal would take for a command: names in a realm are not always harmless.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

fn pretty(value: &Value) -> String {
    // A JSON value always has a text.
    serde_json::to_string_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod tests;
