//! `require`: what a caller of a route must have.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};

use super::{EnforcerPath, spelling};

/// What a caller must have: the word `public` or `authenticated`, or a table of conditions that must all hold.
///
/// ```toml
/// require = "authenticated"
/// require = { realm_role = "reader" }
/// require = { scope = ["orders:read"], any = [{ group = "/staff" }, { claim = { name = "tier", equals = "gold" } }] }
/// require = { permission = { resource = "Orders", scopes = ["view"] } }
/// ```
#[derive(Clone, Debug, Serialize)]
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

// By hand, as are the other two: the derived "did not match any variant" names neither the key nor what is expected.
impl<'de> Deserialize<'de> for RequireConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = RequireConfig;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`\"authenticated\"`, `\"public\"` or a table of conditions")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<RequireConfig, E> {
                match word {
                    "authenticated" => Ok(RequireConfig::Keyword(RequireKeyword::Authenticated)),
                    "public" => Ok(RequireConfig::Keyword(RequireKeyword::Public)),
                    _ => {
                        let hint = match spelling::nearest(word, ["authenticated", "public"]) {
                            Some(meant) => format!("did you mean `{meant}`?"),
                            None => format!("a role is written `{{ realm_role = \"{word}\" }}`"),
                        };
                        Err(E::custom(format_args!(
                            "expected `\"authenticated\"`, `\"public\"` or a table of conditions, found `{word}`\n{hint}"
                        )))
                    }
                }
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<RequireConfig, A::Error> {
                let conditions = RequireConditions::deserialize(MapAccessDeserializer::new(map))?;
                Ok(RequireConfig::Conditions(Box::new(conditions)))
            }
        }

        deserializer.deserialize_any(Visitor)
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
    #[cfg_attr(feature = "cli", schemars(example = &"reader"))]
    pub realm_role: Names,
    /// Client roles, written `CLIENT/ROLE`.
    #[serde(skip_serializing_if = "Names::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = ["shop-api/read", "shop-api/write"]))]
    pub client_role: Names,
    /// OAuth scopes.
    #[serde(skip_serializing_if = "Names::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = &"orders:read"))]
    pub scope: Names,
    /// Groups, as full paths `/a/b`, compared exactly with the claim `groups`.
    #[serde(skip_serializing_if = "Names::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = &"/staff/sales"))]
    pub group: Names,
    /// A claim with a certain value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<ClaimPredicate>,
    /// A permission of Keycloak's authorization services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<PermissionConfig>,
    /// All of these.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "some")]
    #[cfg_attr(feature = "cli", schemars(example = serde_json::json!([{ "scope": "a" }, { "scope": "b" }])))]
    pub all: Vec<RequireConfig>,
    /// At least one of these.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "some")]
    #[cfg_attr(feature = "cli", schemars(example = serde_json::json!([{ "realm_role": "admin" }, { "group": "/staff" }])))]
    pub any: Vec<RequireConfig>,
    /// Not this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = serde_json::json!({ "claim": { "name": "guest", "equals": true } })))]
    pub not: Option<RequireConfig>,
}

/// One name, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Names;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name or a list of names")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Names, E> {
                Ok(Names::One(name.to_owned()))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, items: A) -> Result<Names, A::Error> {
                some(SeqAccessDeserializer::new(items)).map(Names::Many)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// A list with something in it: "all of nothing" would let everybody in, "any of nothing" nobody; neither is meant.
fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let list = Vec::deserialize(deserializer)?;
    if list.is_empty() {
        return Err(de::Error::custom(
            "an empty list is no condition\nremove the key, or put something in the list",
        ));
    }
    Ok(list)
}

/// A claim with a certain value. Exactly one of `equals`, `contains`, `matches`, `present` is given.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ClaimPredicate {
    /// The claim; `/a/b` is a JSON pointer (RFC 6901), any other text the name of a top-level claim.
    #[cfg_attr(feature = "cli", schemars(example = &"/address/country"))]
    pub name: String,
    /// The claim is this text, number or boolean.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"CH"))]
    pub equals: Option<serde_json::Value>,
    /// The claim is an array that holds this text, number or boolean.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"CH"))]
    pub contains: Option<serde_json::Value>,
    /// The claim is a text that this regular expression matches as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"CH|LI"))]
    pub matches: Option<String>,
    /// The claim is there (`true`) or not (`false`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = true))]
    pub present: Option<bool>,
}

/// A permission of Keycloak's authorization services: a resource, by its name or id or found by the request's path, and
/// scopes.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PermissionConfig {
    /// The resource's name; without it and `resource_id`: the resource whose URI matches the request's path in the loaded
    /// settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"Orders"))]
    pub resource: Option<String>,
    /// The resource's id (`_id`), in place of its name: of one resource, whoever owns it, also when it is renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"0b9ba6a1-cb5d-4b80-9b0d-8e8b8f0e5d2a"))]
    pub resource_id: Option<String>,
    /// The scopes needed, where `methods` and `method_as_scope` say nothing else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = ["view"]))]
    pub scopes: Vec<String>,
    /// How many of `scopes`.
    pub mode: ScopesMode,
    /// The scopes needed for single HTTP methods.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = serde_json::json!({ "GET": ["view"], "DELETE": { "scopes": ["delete", "admin"], "mode": "any" } })))]
    pub methods: BTreeMap<String, MethodScopes>,
    /// The HTTP method's name is the scope needed, where `methods` says nothing else.
    pub method_as_scope: bool,
    /// The path of a policy enforcer that this was made of. Not written in files.
    #[serde(skip)]
    pub enforcer: Option<EnforcerPath>,
}

/// The scopes needed for one HTTP method.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum MethodScopes {
    /// All of these.
    All(Vec<String>),
    /// With a mode.
    Moded(ModedScopes),
}

impl<'de> Deserialize<'de> for MethodScopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = MethodScopes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of scopes or a table with `scopes` and `mode`")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, items: A) -> Result<MethodScopes, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(items)).map(MethodScopes::All)
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<MethodScopes, A::Error> {
                ModedScopes::deserialize(MapAccessDeserializer::new(map)).map(MethodScopes::Moded)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
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
