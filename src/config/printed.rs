//! Problems as a person reads them: fact, file, line, caret, hint.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};

use super::{LoadError, Loaded, Place, Problem, Spans};

impl LoadError {
    /// Everything that is wrong, each with line, caret and hint, then how much that is.
    pub fn render(&self, color: bool) -> String {
        let spans = Spans::of(&self.file, &self.text);
        let file = self.file.display().to_string();
        let mut text = String::new();
        for problem in &self.problems {
            text.push_str(&report(problem, Level::ERROR, &spans, &file, &self.text, color));
            text.push_str("\n\n");
        }
        let count = match self.problems.len() {
            1 => "1 problem".to_owned(),
            count => format!("{count} problems"),
        };
        text.push_str(&format!("{count} in {file}\n"));
        text
    }
}

impl Loaded {
    /// What is allowed but deserves a look, printed like what is wrong.
    pub fn render_warnings(&self, warnings: &[Problem], color: bool) -> String {
        let spans = Spans::of(&self.file, &self.text);
        let file = self.file.display().to_string();
        let reports = warnings.iter().map(|warning| {
            let warning = self.origins.place(warning.clone(), &spans);
            report(&warning, Level::WARNING, &spans, &file, &self.text, color) + "\n\n"
        });
        reports.collect()
    }
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
