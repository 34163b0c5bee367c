//! The trace in words.

use std::fmt;

use super::{Effect, Trace, TracedEntry, TracedOutcome, TracedPermission, TracedPolicy, Wanted};

/// A longer summary is cut off, in bytes: policies may list thousands of roles.
const LONGEST_SUMMARY: usize = 4096;

/// Whether a summary names the users that a policy lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserNames {
    /// In place of names it says how many there are.
    LeftOut,
    /// It does.
    Included,
}

impl Trace {
    /// What did not say yes, and what it wanted, in one line: for the log. Empty, if everything did.
    ///
    /// Names of permissions, policies, roles and the like are in it, nothing of the token.
    pub fn summary(&self, users: UserNames) -> String {
        let entries: Vec<String> = self.entries.iter().filter_map(|entry| entry.summary(users)).collect();
        let mut summary = entries.join("; ");
        if summary.len() > LONGEST_SUMMARY {
            summary.truncate(summary.floor_char_boundary(LONGEST_SUMMARY));
            summary.push_str(" ...");
        }
        summary
    }
}

impl TracedEntry {
    fn summary(&self, users: UserNames) -> Option<String> {
        let what = match (&self.resource, self.scopes.as_slice()) {
            (Some(resource), []) => format!("`{resource}`"),
            (Some(resource), scopes) => format!("`{resource}#{}`", scopes.join(",")),
            (None, scopes) => format!("`#{}`", scopes.join(",")),
        };
        let outcome = match &self.outcome {
            TracedOutcome::Granted(scopes) if scopes.len() == self.scopes.len() => return None,
            TracedOutcome::Granted(scopes) => format!("only `{}` is granted", scopes.join(",")),
            TracedOutcome::Refused => "refused".to_owned(),
            TracedOutcome::Fails => "keycloak fails at it".to_owned(),
            TracedOutcome::Unknown(text) => return Some(format!("{what}: keycloak answers: {text}")),
            TracedOutcome::NeedsKeycloak(reason) => format!("keycloak is asked, because {reason}"),
        };
        let summaries = self.in_the_way().filter_map(|permission| permission.summary(users));
        let unwilling: Vec<String> = summaries.collect();
        Some(match unwilling.as_slice() {
            [] if !self.permissions.iter().any(|permission| permission.has_say) => {
                format!("{what}: {outcome}; no permission is about it")
            }
            [] => format!("{what}: {outcome}"),
            unwilling => format!("{what}: {outcome}; {}", unwilling.join("; ")),
        })
    }
}

impl TracedPermission {
    fn summary(&self, users: UserNames) -> Option<String> {
        let effect = self.effect?;
        let policies: Vec<String> = self.policies.iter().filter_map(|policy| policy.summary(users)).collect();
        Some(format!("permission `{}` {}: {}", self.name, effect.verb(), policies.join(", ")))
    }
}

impl TracedPolicy {
    /// What would have to be so for it to say yes; `None` for an aggregate.
    pub fn condition(&self) -> Option<String> {
        self.condition_with(UserNames::Included)
    }

    fn condition_with(&self, users: UserNames) -> Option<String> {
        let wanted = match self.wanted.as_ref()? {
            Wanted::OneOfUsers(names) if users == UserNames::LeftOut => {
                format!("one of {} users", names.len())
            }
            wanted => wanted.to_string(),
        };
        Some(if self.negative { format!("anything but {wanted}") } else { wanted })
    }

    fn summary(&self, users: UserNames) -> Option<String> {
        if self.effect == Effect::Grant {
            return None;
        }
        let parts: Vec<String> = self.policies.iter().filter_map(|policy| policy.summary(users)).collect();
        let says = format!("policy `{}` {}", self.name, self.effect.verb());
        Some(match self.condition_with(users) {
            Some(condition) => format!("{says}, it wants {condition}"),
            None if parts.is_empty() => says,
            None => format!("{says} ({})", parts.join(", ")),
        })
    }
}

impl Effect {
    /// As what is done.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Grant => "says yes",
            Self::Deny => "says no",
            Self::Unknown => "is for keycloak to evaluate",
            Self::Fails => "fails in keycloak",
        }
    }
}

/// After "needs" or "wants".
impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (names, one, some, all) = match self {
            Self::OneOfRoles(names) => (names, "role", "one of the roles", None),
            Self::AllOfRoles(names) => (names, "role", "", Some("all of the roles")),
            Self::OneOfGroups(names) => (names, "group", "one of the groups", None),
            Self::OneOfUsers(names) => (names, "user", "one of the users", None),
            Self::OneOfClients(names) => (names, "a token of client", "a token of one of the clients", None),
            Self::OneOfClientScopes(names) => (names, "client scope", "one of the client scopes", None),
            Self::AllOfClientScopes(names) => (names, "client scope", "", Some("all of the client scopes")),
            Self::Time(window) => {
                let window: Vec<String> =
                    window.iter().map(|(name, value)| format!("{name} `{value}`")).collect();
                return write!(f, "a time in the window {}", window.join(", "));
            }
            Self::Match { target, pattern, pushed } => {
                let kind = if *pushed { "pushed claim" } else { "claim" };
                return write!(f, "{kind} `{target}` matching `{pattern}`");
            }
            Self::Unknown => return f.write_str("what only keycloak knows"),
        };
        match names.as_slice() {
            [] => write!(f, "{one} of a list that is empty"),
            [name] => write!(f, "{one} `{name}`"),
            names => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                write!(f, "{} {}", all.unwrap_or(some), names.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests;
