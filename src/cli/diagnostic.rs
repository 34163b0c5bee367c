//! Problems as a person reads them: fact, file, line, caret, hint.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};

use crate::config::{LoadError, Loaded, Place, Problem, Spans};

/// Everything that is wrong, then how much that is.
pub fn render(error: &LoadError, color: bool) -> String {
    let spans = Spans::of(&error.file, &error.text);
    let file = error.file.display().to_string();
    let mut text = String::new();
    for problem in &error.problems {
        text.push_str(&report(problem, Level::ERROR, &spans, &file, &error.text, color));
        text.push_str("\n\n");
    }
    let count = match error.problems.len() {
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    };
    text.push_str(&format!("{count} in {file}\n"));
    text
}

/// What is allowed but deserves a look.
pub fn render_warnings(loaded: &Loaded, warnings: &[Problem], color: bool) -> String {
    let spans = Spans::of(&loaded.file, &loaded.text);
    let file = loaded.file.display().to_string();
    let reports = warnings.iter().map(|warning| {
        let warning = loaded.origins.place(warning.clone(), &spans);
        report(&warning, Level::WARNING, &spans, &file, &loaded.text, color) + "\n\n"
    });
    reports.collect()
}

fn report(problem: &Problem, level: Level<'_>, spans: &Spans, file: &str, text: &str, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let title = level.primary_title(normalize_untrusted_str(&problem.message));
    let place = match (&problem.place, spans.locate(problem)) {
        (Place::Outside(origin), _) => Group::with_title(title).element(Origin::path(origin.as_str())),
        (_, Some(range)) if text.get(range.clone()).is_some() => Group::with_title(title).element(
            Snippet::source(text).path(file).annotation(AnnotationKind::Primary.span(one_line(range, text))),
        ),
        _ => Group::with_title(title).element(Origin::path(file)),
    };
    let group = match &problem.hint {
        Some(hint) => place.element(Level::HELP.message(normalize_untrusted_str(hint))),
        None => place,
    };
    renderer.render(&[group])
}

/// A range that ends with its first line: a caret under each line of a long list says no more.
fn one_line(range: std::ops::Range<usize>, text: &str) -> std::ops::Range<usize> {
    let first = text.get(range.clone()).and_then(|text| text.find('\n'));
    range.start..first.map_or(range.end, |length| range.start + length)
}
