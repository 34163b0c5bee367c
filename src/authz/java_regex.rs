//! The part of Java's regular expressions that means the same here.

use regex::Regex;

/// A pattern for a whole text.
#[derive(Debug)]
pub struct JavaRegex(Regex);

/// Why a pattern is not understood here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotPortable(pub String);

impl JavaRegex {
    /// Compiles a pattern.
    pub fn compile(pattern: &str) -> Result<Self, NotPortable> {
        let mut out = String::new();
        let mut rest = pattern;
        let mut flags = "";
        if let Some(after) = rest.strip_prefix("(?i)") {
            flags = "i";
            rest = after;
        }
        if rest.replace("(?:", "(").contains("(?")
            || ["(?=", "(?!", "&&", "*+", "++", "?+", "}+"].iter().any(|odd| rest.contains(odd))
        {
            return Err(NotPortable("not portable".to_owned()));
        }
        let mut chars = rest.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some('d') => out.push_str("[0-9]"),
                    Some('D') => out.push_str("[^0-9]"),
                    Some('w') => out.push_str("[0-9A-Za-z_]"),
                    Some('W') => out.push_str("[^0-9A-Za-z_]"),
                    Some('s') => out.push_str("[ \\t\\n\\x0B\\f\\r]"),
                    Some('S') => out.push_str("[^ \\t\\n\\x0B\\f\\r]"),
                    Some(c) if !c.is_alphanumeric() => {
                        out.push('\\');
                        out.push(c);
                    }
                    _ => return Err(NotPortable("not portable".to_owned())),
                },
                c => out.push(c),
            }
        }
        Regex::new(&format!("^(?{flags}:{out})$"))
            .map(Self)
            .map_err(|error| NotPortable(error.to_string()))
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}
