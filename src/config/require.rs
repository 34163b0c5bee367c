//! `require`: what a caller of a route must have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a caller must have: the word `public` or `authenticated`, or a table of conditions that must all hold.
///
/// ```toml
/// require = "authenticated"
/// require = { realm_role = "reader" }
/// require = { scope = ["orders:read"], any = [{ group = "/staff" }, { claim = { name = "tier", equals = "gold" } }] }
/// require = { permission = { resource = "Orders", scopes = ["view"] } }
/// ```
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum RequireConfig {
    /// One word.
    Keyword(RequireKeyword),
    /// Conditions.
    Conditions(Box<RequireConditions>),
}

impl Default for RequireConfig {
    fn default() -> Self {
        Self::Keyword(RequireKeyword::Authenticated)
    }
}

/// A rule without conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RequireKeyword {
    /// Any caller with a good token.
    Authenticated,
    /// Anybody; a token is not looked at and no identity header is sent.
    Public,
}

/// Conditions that must all hold. A list means all of its entries; `any` is where one suffices.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RequireConditions {
    /// Realm roles.
    #[serde(skip_serializing_if = "Names::is_empty")]
    pub realm_role: Names,
    /// Client roles, written `CLIENT/ROLE`.
    #[serde(skip_serializing_if = "Names::is_empty")]
    pub client_role: Names,
    /// OAuth scopes.
    #[serde(skip_serializing_if = "Names::is_empty")]
    pub scope: Names,
    /// Groups, as full paths `/a/b`, compared exactly with the claim `groups`.
    #[serde(skip_serializing_if = "Names::is_empty")]
    pub group: Names,
    /// A claim with a certain value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimPredicate>,
    /// A permission of Keycloak's authorization services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<PermissionConfig>,
    /// All of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<RequireConfig>,
    /// At least one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<RequireConfig>,
    /// Not this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<RequireConfig>,
}

/// One name, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Names {
    /// One.
    One(String),
    /// Some.
    Many(Vec<String>),
}

impl Names {
    /// No name at all.
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// The names.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

/// A claim with a certain value. Exactly one of `equals`, `contains`, `matches`, `present` is given.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ClaimPredicate {
    /// The claim; `/a/b` is a JSON pointer (RFC 6901), any other text the name of a top-level claim.
    pub name: String,
    /// The claim is this text, number or boolean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equals: Option<serde_json::Value>,
    /// The claim is an array that holds this text, number or boolean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains: Option<serde_json::Value>,
    /// The claim is a text that this regular expression matches as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matches: Option<String>,
    /// The claim is there (`true`) or not (`false`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub present: Option<bool>,
}

/// A permission of Keycloak's authorization services: a resource, named or found by the request's path, and scopes.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PermissionConfig {
    /// The resource's name; absent: the resource whose URI matches the request's path in the loaded settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The scopes needed, where `methods` and `method_as_scope` say nothing else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// How many of `scopes`.
    pub mode: ScopesMode,
    /// The scopes needed for single HTTP methods.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub methods: BTreeMap<String, MethodScopes>,
    /// The HTTP method's name is the scope needed, where `methods` says nothing else.
    pub method_as_scope: bool,
}

/// The scopes needed for one HTTP method.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum MethodScopes {
    /// All of these.
    All(Vec<String>),
    /// With a mode.
    Moded(ModedScopes),
}

/// Scopes with a mode.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ModedScopes {
    /// The scopes.
    pub scopes: Vec<String>,
    /// How many of them.
    #[serde(default)]
    pub mode: ScopesMode,
}

/// How many of the scopes are needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ScopesMode {
    /// Every one.
    #[default]
    All,
    /// At least one.
    Any,
}
