//! The file of Keycloak's Java policy enforcer, as written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// A `keycloak.json` (with a `policy-enforcer` in it) or a `policy-enforcer.json` (which is both in one).
#[derive(Clone, Debug)]
pub struct EnforcerFile {
    /// The client.
    pub adapter: AdapterFile,
    /// The paths.
    pub enforcer: PolicyEnforcerFile,
}

/// The realm, and the client in it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct AdapterFile {
    /// The realm's name.
    pub realm: Option<String>,
    /// The server, without the realm.
    pub auth_server_url: Option<String>,
    /// The client.
    pub resource: Option<String>,
    /// What the client proves itself with. Only the names are kept, as the values are secret.
    credentials: BTreeMap<String, IgnoredAny>,
    /// All other members.
    #[serde(flatten)]
    other: BTreeMap<String, Value>,
}

/// The policy enforcer's part.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct PolicyEnforcerFile {
    /// What happens to requests that no path covers.
    pub enforcement_mode: EnforcerMode,
    /// In the order in which they are matched.
    pub paths: Vec<EnforcerPathFile>,
    /// A method that a path does not name needs the scope of its own name.
    pub http_method_as_scope: bool,
    /// Paths that are not configured are looked for at the server.
    pub lazy_load_paths: bool,
    /// There (whatever it holds): a refusal comes with a permission ticket.
    pub user_managed_access: Option<Value>,
    /// Where a refused browser is sent.
    pub on_deny_redirect_to: Option<String>,
    /// Claims that are pushed with every request for permissions.
    pub claim_information_point: Option<Value>,
    /// How paths are remembered. Where it is there, the policy enforcer looks for paths at the server as if they were lazily
    /// loaded.
    pub path_cache: Option<Value>,
    /// All other members.
    #[serde(flatten)]
    other: BTreeMap<String, Value>,
}

/// One of `paths`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct EnforcerPathFile {
    /// The pattern.
    pub path: String,
    /// The resource's name.
    pub name: Option<String>,
    /// The resource's id.
    pub id: Option<String>,
    /// The resource's type; no part of any decision.
    #[serde(rename = "type")]
    kind: Option<Value>,
    /// What single methods need.
    pub methods: Vec<EnforcerMethodFile>,
    /// One of these is needed by the other methods.
    pub scopes: Vec<String>,
    /// The mode; that of the whole file has no part in it.
    pub enforcement_mode: EnforcerMode,
    /// Claims that are pushed.
    pub claim_information_point: Option<Value>,
    /// All other members.
    #[serde(flatten)]
    other: BTreeMap<String, Value>,
}

/// One of a path's `methods`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct EnforcerMethodFile {
    /// The HTTP method.
    pub method: String,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// How many of them.
    pub scopes_enforcement_mode: ScopesEnforcementMode,
}

/// How much is enforced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum EnforcerMode {
    /// What is not granted is refused.
    #[default]
    Enforcing,
    /// What is not protected is let through.
    Permissive,
    /// Everything is let through.
    Disabled,
}

/// How many of a method's scopes are needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ScopesEnforcementMode {
    /// Every one.
    #[default]
    All,
    /// One.
    Any,
    /// None; a good token is enough, without any permission.
    Disabled,
}

/// Where the enforcer's part stands in a `keycloak.json`.
const PART: &str = "policy-enforcer";

impl EnforcerFile {
    /// Reads a file's text. The error names no value of it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let whole: Value = serde_json::from_str(text)
            .map_err(|error| format!("not JSON, at line {} and column {}", error.line(), error.column()))?;
        if !whole.is_object() {
            return Err("not a JSON object".to_owned());
        }
        let part = whole.get(PART).cloned();
        let is_one = part.is_none();
        let mut adapter: AdapterFile = read(whole.clone())?;
        let mut enforcer: PolicyEnforcerFile = read(part.unwrap_or(whole))?;
        if is_one {
            let of_adapter = ["realm", "auth-server-url", "resource", "credentials"];
            enforcer.other.retain(|name, _| !of_adapter.contains(&name.as_str()));
            adapter.other.clear();
        }
        adapter.other.remove(PART);
        Ok(Self { adapter, enforcer })
    }

    /// Members that nothing is made of, by their names.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        let of_paths = self.enforcer.paths.iter().flat_map(|path| path.other.keys());
        self.adapter.other.keys().chain(self.enforcer.other.keys()).chain(of_paths).map(String::as_str)
    }

    /// The JSON pointer of the client's secret, if there is one.
    pub fn secret(&self) -> Option<&'static str> {
        self.adapter.credentials.contains_key("secret").then_some("/credentials/secret")
    }

    /// Whether the client proves itself by something else than a secret.
    pub fn has_other_credentials(&self) -> bool {
        self.adapter.credentials.keys().any(|kind| !["secret", "provider"].contains(&kind.as_str()))
    }
}

/// Errors of this kind of JSON repeat what was found, which may be secret; the member's name is enough.
fn read<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|_| {
        "a member has another type or value than the policy enforcer knows: `realm`, `paths`, `methods`, a mode, ..."
            .to_owned()
    })
}

#[cfg(test)]
mod tests;
