//! Regular expressions as Java reads them, for Keycloak's regex policies.

mod class;
mod code_points;
mod emit;
mod escape;
mod parse;
mod token;

use regex::{Regex, RegexBuilder};

/// The longest pattern that is looked at, in characters.
const LONGEST_PATTERN: usize = 2_000;

/// The longest text that is judged, in UTF-16 units.
const LONGEST_TEXT: usize = 4_000;

/// The same where a group is repeated, divided by how deep groups are nested in it: Java's matcher recurses for every
/// character then, and overflows a stack of 512 KiB at about twice that length.
const LONGEST_TEXT_OF_GROUPS: usize = 300;

/// Memory for a compiled pattern, and for the automaton that it may build while it runs.
const MOST_BYTES: usize = 256 * 1024;

/// A pattern of `java.util.regex` (Java 9 and later, as Keycloak's servers run on) that is certain to mean here what it
/// means there.
///
/// The pattern is parsed as Java parses it and written anew for our own engine, with every character class spelled out as
/// code points. What Java decides by its version, by backtracking, or in ways that a linear matcher cannot follow is
/// [`NotPortable`]; nothing is guessed.
#[derive(Clone, Debug)]
pub struct JavaRegex {
    regex: Regex,
    longest_text: usize,
}

/// A pattern that only Java can be trusted with: Keycloak has to be asked. Java may refuse it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the pattern needs keycloak: {reason}")]
pub struct NotPortable {
    /// What it has that is not portable.
    pub reason: &'static str,
}

impl JavaRegex {
    /// Compiles, as `Pattern.compile(pattern)` without flags.
    pub fn compile(pattern: &str) -> Result<Self, NotPortable> {
        if pattern.chars().nth(LONGEST_PATTERN).is_some() {
            return Err(NotPortable::because("it is very long"));
        }
        let tokens = token::tokens(pattern);
        let node = parse::parse(&tokens)?;
        let regex = RegexBuilder::new(&emit::whole(&node)?)
            .size_limit(MOST_BYTES)
            .dfa_size_limit(MOST_BYTES)
            .build()
            .map_err(|_| NotPortable::because("it is very large"))?;
        let longest_text = match node.repeated_groups() {
            0 => LONGEST_TEXT,
            depth => LONGEST_TEXT_OF_GROUPS / depth,
        };
        Ok(Self { regex, longest_text })
    }

    /// Whether the text as a whole matches, as `matcher(text).matches()`.
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Whether Java is certain to come to the same answer for a text of this length; else Keycloak has to be asked, as its
    /// matcher may fail with an overflow of the stack.
    pub fn can_judge(&self, text: &str) -> bool {
        text.encode_utf16().nth(self.longest_text).is_none()
    }
}

impl NotPortable {
    const fn because(reason: &'static str) -> Self {
        Self { reason }
    }
}

#[cfg(test)]
mod tests;
