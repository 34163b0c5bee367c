//! The trace in words.

use std::fmt;

use super::{Effect, Trace, TracedEntry, TracedOutcome, TracedPermission, TracedPolicy, Wanted};

impl Trace {
    /// What did not say yes, and what it wanted, in one line: for the log. Empty, if everything did.
    ///
    /// Names of permissions, policies, roles and the like are in it, nothing of the token.
    pub fn summary(&self) -> String {
        let entries: Vec<String> = self.entries.iter().filter_map(TracedEntry::summary).collect();
        entries.join("; ")
    }
}

impl TracedEntry {
    fn summary(&self) -> Option<String> {
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
            TracedOutcome::NeedsKeycloak(reason) => format!("keycloak is asked, because {reason}"),
        };
        let unwilling: Vec<String> = self.permissions.iter().filter_map(TracedPermission::summary).collect();
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
    fn summary(&self) -> Option<String> {
        let effect = self.effect.filter(|_| self.is_in_the_way())?;
        let policies: Vec<String> = self.policies.iter().filter_map(TracedPolicy::summary).collect();
        Some(format!("permission `{}` {}: {}", self.name, effect.verb(), policies.join(", ")))
    }
}

impl TracedPolicy {
    /// What would have to be so for it to say yes; `None` for an aggregate.
    pub fn condition(&self) -> Option<String> {
        let wanted = self.wanted.as_ref()?;
        Some(if self.negative { format!("anything but {wanted}") } else { wanted.to_string() })
    }

    fn summary(&self) -> Option<String> {
        if self.effect == Effect::Grant {
            return None;
        }
        let parts: Vec<String> = self.policies.iter().filter_map(Self::summary).collect();
        let says = format!("policy `{}` {}", self.name, self.effect.verb());
        Some(match self.condition() {
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
