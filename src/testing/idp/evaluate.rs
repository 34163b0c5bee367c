//! What the policies say: role, group, user, client, client scope and aggregate policies over resources that the client
//! itself owns. Anything else fails, as a policy that throws does at Keycloak. Development only.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::settings::{AuthorizationSettings, PolicySettings, ResourceSettings};

/// Deeper nesting of aggregates than any sane export has; a circle ends here.
const DEPTH: usize = 16;

/// A policy could not be evaluated.
#[derive(Debug)]
pub(super) struct Failed;

/// Who asks, and what they are judged by.
#[derive(Debug)]
pub(super) struct Evaluation<'a> {
    pub(super) settings: &'a AuthorizationSettings,
    /// The claims of the token: roles, scopes and the client come from here only.
    pub(super) claims: &'a Map<String, Value>,
    /// Absent for a service account, which no user policy matches.
    pub(super) username: Option<&'a str>,
    /// For group policies where the token has no claim: the user's groups on record.
    pub(super) groups: &'a [String],
}

/// A permission found for a resource, and what it says.
struct Found<'a> {
    permission: &'a PolicySettings,
    /// `None`: it applies no policy, and so says nothing.
    granted: Option<bool>,
    direct: bool,
    open: bool,
}

impl Found<'_> {
    fn is_resource(&self) -> bool {
        self.permission.kind == "resource"
    }

    fn names(&self, scope: &str) -> bool {
        self.permission.list::<String>("scopes").iter().any(|name| name == scope)
    }
}

impl Evaluation<'_> {
    /// The scopes granted of `scopes` on `resource`; `None` is a refusal. Without a resource only permissions on scopes
    /// alone count.
    pub(super) fn decide(
        &self,
        resource: Option<&ResourceSettings>,
        scopes: &[String],
    ) -> Result<Option<Vec<String>>, Failed> {
        let mode = self.settings.policy_enforcement_mode.as_str();
        if mode == "DISABLED" {
            return Ok(Some(scopes.to_vec()));
        }
        let found = self.find(resource, scopes)?;
        if found.is_empty() {
            return Ok((mode == "PERMISSIVE").then(|| scopes.to_vec()));
        }
        if found.iter().all(|found| found.granted.is_none()) {
            return Ok(None);
        }
        let resource_granted =
            found.iter().any(|found| found.granted == Some(true) && found.direct && found.is_resource());
        let any_denied = found.iter().any(|found| found.granted == Some(false));
        let granted: Vec<_> = scopes
            .iter()
            .filter(|scope| self.scope_granted(&found, resource_granted, scope))
            .cloned()
            .collect();
        let refused = granted.is_empty() && (any_denied || (!scopes.is_empty() && !resource_granted));
        let nothing = granted.is_empty() && resource.is_none();
        Ok((!refused && !nothing).then_some(granted))
    }

    fn scope_granted(&self, found: &[Found<'_>], resource_granted: bool, scope: &str) -> bool {
        let says = |found: &&Found<'_>, granted| found.granted == Some(granted);
        let granted = found
            .iter()
            .filter(|found| says(found, true))
            .any(|found| found.is_resource() || found.names(scope));
        let denied = found.iter().filter(|found| says(found, false)).any(|found| {
            if found.is_resource() {
                found.direct || !resource_granted
            } else {
                found.names(scope) && (found.direct || found.open)
            }
        });
        granted && (self.settings.decision_strategy == "AFFIRMATIVE" || !denied)
    }

    /// The permissions that list the resource, that are for its type, or that name a scope without any resource.
    fn find(&self, resource: Option<&ResourceSettings>, scopes: &[String]) -> Result<Vec<Found<'_>>, Failed> {
        let mut all = Vec::new();
        let permissions = self.settings.policies.iter().filter(|policy| is_permission(policy));
        for permission in permissions {
            let listed: Vec<String> = permission.list("resources");
            let kind = permission.config.get("defaultResourceType").map(String::as_str).unwrap_or_default();
            let direct = resource.is_some_and(|resource| {
                listed.iter().any(|listed| *listed == resource.name || *listed == resource.id)
            });
            let typed = resource.is_some_and(|resource| !kind.is_empty() && resource.kind == kind);
            let open = listed.is_empty() && kind.is_empty() && permission.kind == "scope";
            let named: Vec<String> = permission.list("scopes");
            let by_scope = open && scopes.iter().any(|scope| named.contains(scope));
            if direct || typed || by_scope {
                let granted = self.value(permission, DEPTH)?;
                if typed && !direct && granted.is_none() {
                    continue;
                }
                all.push(Found { permission, granted, direct, open: listed.is_empty() });
            }
        }
        Ok(all)
    }

    /// The policies applied, combined by the permission's strategy.
    fn value(&self, permission: &PolicySettings, depth: usize) -> Result<Option<bool>, Failed> {
        let applied: Vec<String> = permission.list("applyPolicies");
        if applied.is_empty() {
            return Ok(None);
        }
        let depth = depth.checked_sub(1).ok_or(Failed)?;
        let mut permits = 0;
        for name in &applied {
            let policy = self.settings.policy(name).ok_or(Failed)?;
            permits += usize::from(self.permits(policy, depth)?);
        }
        Ok(Some(match permission.decision_strategy.as_str() {
            "AFFIRMATIVE" => permits > 0,
            "CONSENSUS" => permits > applied.len() - permits,
            _ => permits == applied.len(),
        }))
    }

    fn permits(&self, policy: &PolicySettings, depth: usize) -> Result<bool, Failed> {
        let met = match policy.kind.as_str() {
            "role" => Self::meets(policy.list::<Listed>("roles"), |role| self.has_role(role)),
            "client-scope" => {
                let scope = self.text("scope").ok_or(Failed)?;
                let has = |name: &str| scope.split(' ').any(|scope| scope == name);
                Self::meets(policy.list::<Listed>("clientScopes"), has)
            }
            "group" => self.in_a_group(policy),
            "user" => self
                .username
                .is_some_and(|user| policy.list::<String>("users").iter().any(|name| name == user)),
            "client" => self
                .text("azp")
                .is_some_and(|azp| policy.list::<String>("clients").iter().any(|id| id == azp)),
            "aggregate" => self.value(policy, depth)?.unwrap_or(false),
            _ => return Err(Failed),
        };
        Ok(met != (policy.logic == "NEGATIVE"))
    }

    /// Every required one, and at least one at all.
    fn meets(listed: Vec<Listed>, has: impl Fn(&str) -> bool) -> bool {
        let held: Vec<_> = listed.iter().map(|listed| has(&listed.id)).collect();
        let required = listed.iter().zip(&held).all(|(listed, held)| *held || !listed.required);
        required && held.contains(&true)
    }

    fn has_role(&self, name: &str) -> bool {
        let held = |roles: Option<&Value>, name: &str| {
            let roles = roles.and_then(|access| access.get("roles")).and_then(Value::as_array);
            roles.is_some_and(|roles| roles.iter().any(|role| role.as_str() == Some(name)))
        };
        match name.split_once('/') {
            Some((client, role)) => {
                held(self.claims.get("resource_access").and_then(|access| access.get(client)), role)
            }
            None => held(self.claims.get("realm_access"), name),
        }
    }

    fn in_a_group(&self, policy: &PolicySettings) -> bool {
        let claim =
            policy.config.get("groupsClaim").and_then(|name| self.claims.get(name)).and_then(Value::as_array);
        let claimed: BTreeSet<&str> = claim.into_iter().flatten().filter_map(Value::as_str).collect();
        let values =
            if claimed.is_empty() { self.groups.iter().map(String::as_str).collect() } else { claimed };
        policy.list::<ListedGroup>("groups").iter().any(|group| {
            let name = group.path.rsplit('/').next().unwrap_or_default();
            let inside = |value: &str| {
                value
                    .strip_prefix(group.path.as_str())
                    .is_some_and(|rest| rest.is_empty() || (group.extend_children && rest.starts_with('/')))
            };
            values.iter().any(|value| if value.contains('/') { inside(value) } else { *value == name })
        })
    }

    fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim).and_then(Value::as_str).filter(|text| !text.is_empty())
    }
}

fn is_permission(policy: &PolicySettings) -> bool {
    matches!(policy.kind.as_str(), "resource" | "scope")
}

/// A role or a client scope in a policy.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Listed {
    id: String,
    required: bool,
}

/// A group in a policy.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ListedGroup {
    path: String,
    extend_children: bool,
}

#[cfg(test)]
mod tests;
