//! A pattern for a whole text, with what it looks ahead for.

use crate::authz::java_regex::{JavaRegex, NotPortable};

/// Lookaheads at the beginning are conditions of their own for the same text, which has no line breaks: `(?!red).*` is
/// met by what matches `.*` and not `(?:red).*`.
#[derive(Debug)]
pub(super) struct Pattern {
    lookaheads: Vec<Lookahead>,
    rest: JavaRegex,
}

#[derive(Debug)]
struct Lookahead {
    positive: bool,
    regex: JavaRegex,
}

impl Pattern {
    pub(super) fn compile(pattern: &str) -> Result<Self, NotPortable> {
        if has_escape(pattern, &['Q', 'p', 'P']) {
            return Err(NotPortable { reason: "it quotes, or names a class of characters" });
        }
        let (flags, mut rest) = match pattern.strip_prefix("(?i)") {
            Some(rest) => ("(?i)", rest),
            None => ("", pattern),
        };
        let mut lookaheads = Vec::new();
        while let Some((positive, inside, after)) = leading_lookahead(rest) {
            let regex = JavaRegex::compile(&format!("{flags}(?:{inside}).*"))?;
            lookaheads.push(Lookahead { positive, regex });
            rest = after;
        }
        if lookaheads.is_empty() {
            return Ok(Self { lookaheads, rest: JavaRegex::compile(pattern)? });
        }
        // With alternatives, the lookaheads belong to the first one only.
        let rest = if has_alternatives(rest) {
            // Handed on as it is, which is refused.
            JavaRegex::compile(pattern)?
        } else {
            JavaRegex::compile(&format!("{flags}{rest}"))?
        };
        Ok(Self { lookaheads, rest })
    }

    /// Whether it is certain what Java says of a text of this length.
    pub(super) fn can_judge(&self, text: &str) -> bool {
        self.rest.can_judge(text) && self.lookaheads.iter().all(|lookahead| lookahead.regex.can_judge(text))
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.lookaheads.iter().all(|lookahead| lookahead.regex.matches(text) == lookahead.positive)
            && self.rest.matches(text)
    }
}

/// Whether it wants what it looks for, what that is, and what follows it.
fn leading_lookahead(pattern: &str) -> Option<(bool, &str, &str)> {
    let (positive, rest) = match pattern.strip_prefix("(?=") {
        Some(rest) => (true, rest),
        None => (false, pattern.strip_prefix("(?!")?),
    };
    let end = Outline::new(rest).find(|(depth, _, c)| *depth == 0 && *c == ')').map(|(_, at, _)| at)?;
    let (inside, after) = rest.split_at_checked(end)?;
    let after = after.strip_prefix(')')?;
    // A lookahead that is repeated is none of these.
    (!after.starts_with(['*', '+', '?', '{'])).then_some((positive, inside, after))
}

/// Whether one of these follows a backslash. Quoted text would not be seen as such here, and named classes depend on the
/// version of Java's Unicode tables.
fn has_escape(pattern: &str, escapes: &[char]) -> bool {
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.next().is_some_and(|escape| escapes.contains(&escape)) {
            return true;
        }
    }
    false
}

fn has_alternatives(pattern: &str) -> bool {
    Outline::new(pattern).any(|(depth, _, c)| depth == 0 && c == '|')
}

/// The brackets and bars of a pattern, each with its place and the depth of groups that it stands in; what is escaped or
/// in a class is left out.
struct Outline<'a> {
    chars: std::str::CharIndices<'a>,
    depth: usize,
    in_class: bool,
}

impl<'a> Outline<'a> {
    fn new(pattern: &'a str) -> Self {
        Self { chars: pattern.char_indices(), depth: 0, in_class: false }
    }
}

impl Iterator for Outline<'_> {
    type Item = (usize, usize, char);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (at, c) = self.chars.next()?;
            match c {
                '\\' => {
                    self.chars.next()?;
                }
                ']' => self.in_class = false,
                _ if self.in_class => {}
                '[' => self.in_class = true,
                '(' => self.depth += 1,
                ')' if self.depth > 0 => self.depth -= 1,
                ')' | '|' => return Some((self.depth, at, c)),
                _ => {}
            }
        }
    }
}
