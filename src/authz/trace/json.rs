//! The trace as JSON.

use serde_json::{Value, json};

use super::{Effect, FoundBy, Trace, TracedEntry, TracedOutcome, TracedPermission, TracedPolicy, Wanted};

impl Trace {
    /// As JSON, for scripts: a list of entries.
    pub fn to_json(&self) -> Value {
        self.entries.iter().map(TracedEntry::to_json).collect()
    }
}

impl TracedEntry {
    fn to_json(&self) -> Value {
        let outcome = match &self.outcome {
            TracedOutcome::Granted(scopes) => json!({"granted": scopes}),
            TracedOutcome::Refused => json!("refused"),
            TracedOutcome::Fails => json!("fails"),
            TracedOutcome::Unknown(text) => json!({"unknown": text}),
            TracedOutcome::NeedsKeycloak(reason) => json!({"needs_keycloak": reason.to_string()}),
        };
        json!({
            "resource": self.resource,
            "scopes": self.scopes,
            "outcome": outcome,
            "permissions": self.permissions.iter().map(TracedPermission::to_json).collect::<Value>(),
        })
    }
}

impl TracedPermission {
    fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "type": if self.for_scopes { "scope" } else { "resource" },
            "found_by": match self.found_by {
                FoundBy::Resource => "resource",
                FoundBy::Type => "type",
                FoundBy::Parent => "parent",
                FoundBy::Scope => "scope",
            },
            "effect": self.effect.map(Effect::name),
            "policies": self.policies.iter().map(TracedPolicy::to_json).collect::<Value>(),
        })
    }
}

impl TracedPolicy {
    fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "type": self.kind,
            "logic": if self.negative { "NEGATIVE" } else { "POSITIVE" },
            "effect": self.effect.name(),
            "wanted": self.wanted.as_ref().map(Wanted::to_json),
            "policies": self.policies.iter().map(Self::to_json).collect::<Value>(),
        })
    }
}

impl Effect {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Deny => "deny",
            Self::Unknown => "unknown",
            Self::Fails => "fails",
        }
    }
}

impl Wanted {
    fn to_json(&self) -> Value {
        match self {
            Self::OneOfRoles(names) => json!({"one_of_roles": names}),
            Self::AllOfRoles(names) => json!({"all_of_roles": names}),
            Self::OneOfGroups(names) => json!({"one_of_groups": names}),
            Self::OneOfUsers(names) => json!({"one_of_users": names}),
            Self::OneOfClients(names) => json!({"one_of_clients": names}),
            Self::OneOfClientScopes(names) => json!({"one_of_client_scopes": names}),
            Self::AllOfClientScopes(names) => json!({"all_of_client_scopes": names}),
            Self::Time(window) => {
                let window: Value =
                    window.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
                json!({"time": window})
            }
            Self::Match { target, pattern, pushed } => {
                json!({"match": {"target": target, "pattern": pattern, "pushed": pushed}})
            }
            Self::Unknown => json!("unknown"),
        }
    }
}
