//! The matrix as text, CSV and HTML.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::{Cell, SurfaceRow};

/// The columns that say what a row is about.
const ABOUT: [&str; 4] = ["route", "method", "host", "path"];

/// What the words mean.
const LEGEND: &str =
    "yes: forwarded; no: refused; asks: keycloak would be asked; depends: on more than the column says";

/// Rows of answers, one for each caller.
pub(super) struct Table {
    pub(super) callers: Vec<String>,
    pub(super) rows: Vec<(SurfaceRow, Vec<Cell>)>,
}

impl Table {
    /// Columns, padded, and the legend.
    pub(super) fn as_text(&self) -> String {
        let lines: Vec<Vec<String>> =
            self.lines().map(|line| line.into_iter().map(printable).collect()).collect();
        let columns = ABOUT.len() + self.callers.len();
        let width = |column: usize| {
            lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut text = String::new();
        for line in &lines {
            let mut padded = String::new();
            for (cell, width) in line.iter().zip(&widths) {
                padded.push_str(cell);
                padded.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
            }
            text.push_str(padded.trim_end());
            text.push('\n');
        }
        text + "\n" + LEGEND + "\n"
    }

    /// RFC 4180.
    pub(super) fn as_csv(&self) -> String {
        let mut text = String::new();
        for line in self.lines() {
            let cells: Vec<String> = line.iter().map(|cell| csv_cell(cell)).collect();
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        }
        text
    }

    /// One page without scripts, and nothing that is fetched.
    pub(super) fn as_html(&self) -> String {
        let mut html = String::from(HEAD);
        for name in ABOUT.into_iter().chain(self.callers.iter().map(String::as_str)) {
            // Writing to a string does not fail; nor does it below.
            let _ = write!(html, "<th scope=\"col\">{}</th>", escaped(name));
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        for (row, cells) in &self.rows {
            html.push_str("<tr>");
            for about in about(row) {
                let _ = write!(html, "<th scope=\"row\">{}</th>", escaped(about));
            }
            for Cell { word, reason } in cells {
                let _ = write!(html, "<td class=\"{word}\" title=\"{}\">{word}</td>", escaped(reason));
            }
            html.push_str("</tr>\n");
        }
        let _ = write!(html, "</tbody>\n</table>\n<p>{LEGEND}</p>\n</body>\n</html>\n");
        html
    }

    fn lines(&self) -> impl Iterator<Item = Vec<String>> + '_ {
        let head = ABOUT.iter().map(|name| (*name).to_owned()).chain(self.callers.iter().cloned()).collect();
        let rows = self.rows.iter().map(|(row, cells)| {
            let words = cells.iter().map(|cell| cell.word.to_owned());
            about(row).into_iter().map(str::to_owned).chain(words).collect()
        });
        std::iter::once(head).chain(rows)
    }
}

fn about(row: &SurfaceRow) -> [&str; 4] {
    let host = if row.host.is_empty() { "*" } else { &row.host };
    [&row.route, &row.method, host, &row.pattern]
}

fn printable(text: String) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}

/// Quoted where it must be; and a text that a spreadsheet would take for a formula is marked as a text.
fn csv_cell(text: &str) -> String {
    let text =
        if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>gatecloak: who may do what</title>
<style>
body { font: 14px/1.4 system-ui, sans-serif; margin: 2em; color: #222; background: #fff }
table { border-collapse: collapse }
th, td { border: 1px solid #ccc; padding: .25em .6em; text-align: left; white-space: nowrap }
thead th { position: sticky; top: 0; background: #eee }
tbody th { font-weight: normal; font-family: ui-monospace, monospace }
td { text-align: center; cursor: help }
.yes { background: #d7f0d7 } .no { background: #f5d9d9 } .asks { background: #dce6f7 } .depends { background: #f8efc9 }
</style>
</head>
<body>
<h1>Who may do what</h1>
<table>
<thead><tr>"#;

#[cfg(test)]
mod tests;
