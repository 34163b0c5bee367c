//! Exported authorization settings, as far as roles are named in them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::policy::ROLE;
use super::{Permission, Policy, Role};
use crate::connection::{CallError, ErrorClass};

/// The role policies of a resource server, and the permissions that name them.
///
/// It answers which policies mention a role of the user, no more: `logic`, `required`, realm roles, groups and all other
/// types of policies are not looked at. A decision is what [`RealmClient::access`](crate::oidc::RealmClient::access) gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Authorization {
    policies: BTreeMap<String, Policy>,
}

/// A policy or permission, as exported.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default = "positive")]
    logic: String,
    #[serde(default = "unanimous")]
    decision_strategy: String,
    #[serde(default)]
    config: BTreeMap<String, Value>,
}

/// A role, as exported.
#[derive(Deserialize)]
struct RoleEntry {
    id: String,
    #[serde(default)]
    required: bool,
}

fn positive() -> String {
    "POSITIVE".to_owned()
}

fn unanimous() -> String {
    "UNANIMOUS".to_owned()
}

impl Authorization {
    /// From a file: the console's export, the answer of `.../authz/resource-server/settings`, or an exported client.
    ///
    /// `no call`; python-keycloak `KeycloakOpenID.load_authorization_config`
    pub fn load(path: &Path) -> io::Result<Self> {
        let wrong = |fact| io::Error::new(io::ErrorKind::InvalidData, fact);
        Self::parse(&std::fs::read(path)?).map_err(wrong)
    }

    /// From the text of such a file. The order of its entries does not matter. Policies of other types than `role` are
    /// passed over, and so is a permission as far as it names no role policy.
    pub fn parse(json: &[u8]) -> Result<Self, String> {
        let mut settings: Value = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if let Some(inner) = settings.get_mut("authorizationSettings") {
            settings = inner.take();
        }
        let entries = settings.get_mut("policies").map(Value::take).unwrap_or_default();
        let entries: Vec<Entry> = match entries {
            Value::Array(_) => {
                serde_json::from_value(entries).map_err(|error| format!("`policies`: {error}"))?
            }
            _ => return Err("there are no authorization settings in it: no list `policies`".to_owned()),
        };
        let mut policies = BTreeMap::new();
        for entry in entries.iter().filter(|entry| entry.kind == ROLE) {
            policies.insert(entry.name.clone(), entry.policy()?);
        }
        for entry in &entries {
            let Some(permission) = entry.permission()? else { continue };
            for name in entry.list::<String>("applyPolicies")? {
                if let Some(policy) = policies.get_mut(&name) {
                    policy.add_permission(permission.clone());
                }
            }
        }
        Ok(Self { policies })
    }

    /// The policies by their names.
    pub fn policies(&self) -> &BTreeMap<String, Policy> {
        &self.policies
    }

    /// The policies that name a role which these claims give at this client; `None` if they give none.
    ///
    /// Without any policy loaded the error is of [`ErrorClass::AuthorizationConfig`].
    pub fn policies_of(&self, client_id: &str, claims: &Value) -> Result<Option<Vec<&Policy>>, CallError> {
        if self.policies.is_empty() {
            return Err(CallError::local(
                ErrorClass::AuthorizationConfig,
                "no authorization settings with role policies are loaded",
            ));
        }
        let roles = claims.get("resource_access").and_then(|access| access.get(client_id)?.get("roles"));
        let Some(roles) = roles.and_then(Value::as_array) else { return Ok(None) };
        let held: BTreeSet<String> =
            roles.iter().filter_map(Value::as_str).map(|role| format!("{client_id}/{role}")).collect();
        let names_one = |policy: &&Policy| policy.roles().iter().any(|role| held.contains(&role.name));
        Ok(Some(self.policies.values().filter(names_one).collect()))
    }

    /// The permissions of [`Authorization::policies_of`], each once.
    pub fn permissions_of(
        &self,
        client_id: &str,
        claims: &Value,
    ) -> Result<Option<Vec<&Permission>>, CallError> {
        let policies = self.policies_of(client_id, claims)?;
        Ok(policies.map(|policies| {
            let all = policies.into_iter().flat_map(Policy::permissions);
            all.map(|permission| (&permission.name, permission))
                .collect::<BTreeMap<_, _>>()
                .into_values()
                .collect()
        }))
    }
}

impl Entry {
    fn policy(&self) -> Result<Policy, String> {
        let mut policy = Policy::new(&self.name, &self.kind, &self.logic, &self.decision_strategy);
        for RoleEntry { id, required } in self.list("roles")? {
            policy.add_role(Role { name: id, required }).map_err(|error| error.to_string())?;
        }
        Ok(policy)
    }

    fn permission(&self) -> Result<Option<Permission>, String> {
        let (resources, scopes) = match self.kind.as_str() {
            "resource" => (self.list("resources")?, Vec::new()),
            "scope" => (Vec::new(), self.list("scopes")?),
            _ => return Ok(None),
        };
        Ok(Some(Permission {
            name: self.name.clone(),
            kind: self.kind.clone(),
            logic: self.logic.clone(),
            decision_strategy: self.decision_strategy.clone(),
            resources,
            scopes,
        }))
    }

    /// A list in the configuration, which is JSON inside a text; an absent one is empty.
    fn list<T: DeserializeOwned>(&self, member: &str) -> Result<Vec<T>, String> {
        let parsed = match self.config.get(member) {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::String(text)) => serde_json::from_str(text),
            Some(other) => serde_json::from_value(other.clone()),
        };
        parsed.map_err(|error| format!("`{member}` of `{}`: {error}", self.name))
    }
}

#[cfg(test)]
mod tests;
