//! Policies of type `regex`.

mod pattern;
mod target;
mod walk;

use std::borrow::Cow;
use std::collections::BTreeMap;

use self::pattern::Pattern;
use self::target::Target;
use super::config::switch;
use super::{Facts, Met};
use crate::authz::java_regex::NotPortable;
use crate::authz::trace::Wanted;
use crate::authz::verdict::Cause;

/// A pattern for the whole of a claim's first text, or of what a path leads to inside it.
#[derive(Debug)]
pub(in crate::authz) struct RegexRule {
    written_target: String,
    target: Target,
    written_pattern: String,
    pattern: Result<Pattern, NotPortable>,
    /// Pushed claims are looked at, not the token's.
    context: bool,
}

/// The text to match.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    /// There is none, so the policy is not met.
    Nothing,
    Fails,
    Unsure,
}

impl RegexRule {
    pub(super) fn compile(config: &BTreeMap<String, String>) -> Result<Self, Cause> {
        let (Some(target), Some(pattern)) = (config.get("targetClaim"), config.get("pattern")) else {
            return Err(Cause::ConfigUnreadable);
        };
        Ok(Self {
            written_target: target.clone(),
            target: Target::parse(target),
            written_pattern: pattern.clone(),
            pattern: Pattern::compile(pattern),
            context: switch(config, "targetContextAttributes"),
        })
    }

    pub(super) fn judge(&self, facts: &Facts<'_>) -> Met {
        let claim = self.target.attribute();
        if self.context && claim.starts_with("kc.") {
            // Keycloak's own names are there, too: its address, its time.
            return Met::Risky(Cause::ValueUnsure);
        }
        let attribute = match self.context {
            true => facts.pushed.attribute(claim),
            false => facts.identity.attribute(claim),
        };
        match self.target.value(attribute) {
            Value::Nothing => Met::No,
            Value::Fails => Met::Fails,
            Value::Unsure => Met::Risky(Cause::ValueUnsure),
            Value::Text(text) => match &self.pattern {
                Err(_) => Met::Risky(Cause::PatternNotPortable),
                // Java's `.` and `$` know more line breaks than one.
                Ok(_) if text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) => {
                    Met::Risky(Cause::ValueUnsure)
                }
                Ok(pattern) if !pattern.can_judge(&text) => Met::Risky(Cause::ValueUnsure),
                Ok(pattern) => pattern.matches(&text).into(),
            },
        }
    }

    pub(super) fn wanted(&self) -> Wanted {
        Wanted::Match {
            target: self.written_target.clone(),
            pattern: self.written_pattern.clone(),
            pushed: self.context,
        }
    }

    pub(super) fn always_remote(&self) -> Option<Cause> {
        self.pattern.is_err().then_some(Cause::PatternNotPortable)
    }
}

#[cfg(test)]
mod tests;
