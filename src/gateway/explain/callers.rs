//! Callers to ask for: one for each role, scope and group that the configuration tells callers apart by.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::ProbeCaller;
use crate::authz::NamedSubjects;
use crate::config::{RequireConditions, RequireConfig};
use crate::gateway::Gateway;
use crate::gateway::realm::Realm;

/// A caller with a name for people.
#[derive(Clone, PartialEq, Eq)]
pub struct NamedCaller {
    /// `anonymous`, `any token`, `realm role manager`, ...
    pub name: String,
    /// The claims of a token, as JSON; `None`: no token.
    pub claims: Option<String>,
    /// Nothing is said of the caller but roles, scopes and groups.
    pub open_ended: bool,
}

impl NamedCaller {
    /// As a caller of a probe.
    pub fn as_probe_caller(&self) -> ProbeCaller<'_> {
        match &self.claims {
            None => ProbeCaller::Nobody,
            Some(claims) => {
                ProbeCaller::Token { provider: None, claims: claims.as_bytes(), introspected: false }
            }
        }
    }
}

impl Gateway {
    /// One caller without a token; and for each provider one with a token that says nothing, and one for each realm role,
    /// client role, scope and group that is named in the routes' `require` or in the policies of the settings. In order.
    pub fn named_callers(&self) -> Vec<NamedCaller> {
        let mut callers = vec![NamedCaller { name: "anonymous".to_owned(), claims: None, open_ended: true }];
        let has_one_realm = self.realms().len() == 1;
        for (name, realm) in self.realms() {
            let of = if has_one_realm { String::new() } else { format!(" of {name}") };
            let named = self.subjects_of(realm);
            let blank = Blank { issuer: realm.provider.issuer(), named: &named };
            callers.extend(blank.callers().into_iter().map(|(name, claims)| NamedCaller {
                name: name + &of,
                claims: Some(claims.to_string()),
                open_ended: true,
            }));
        }
        callers
    }

    fn subjects_of(&self, realm: &Arc<Realm>) -> Named {
        let mut named = Named::default();
        for (key, route) in self.routes().iter() {
            let accepts = route.realms.iter().any(|accepted| Arc::ptr_eq(accepted, realm));
            if accepts && let Some(config) = self.config().routes.get(&key.name) {
                named.add(&config.require);
            }
        }
        if let Some(model) = realm.authorizer.model() {
            named.add_settings(model.named_subjects());
        }
        named
    }
}

/// What callers are told apart by.
#[derive(Default)]
struct Named {
    realm_roles: BTreeSet<String>,
    /// `CLIENT/ROLE`.
    client_roles: BTreeSet<String>,
    scopes: BTreeSet<String>,
    groups: BTreeSet<String>,
    /// The claims that hold groups.
    group_claims: BTreeSet<String>,
}

impl Named {
    fn add(&mut self, require: &RequireConfig) {
        let RequireConfig::Conditions(conditions) = require else { return };
        let RequireConditions { realm_role, client_role, scope, group, all, any, not, .. } = &**conditions;
        self.realm_roles.extend(realm_role.as_slice().iter().cloned());
        self.client_roles.extend(client_role.as_slice().iter().cloned());
        self.scopes.extend(scope.as_slice().iter().cloned());
        self.groups.extend(group.as_slice().iter().cloned());
        all.iter().chain(any).chain(not).for_each(|nested| self.add(nested));
    }

    fn add_settings(&mut self, named: NamedSubjects) {
        for role in named.roles {
            if role.contains('/') { &mut self.client_roles } else { &mut self.realm_roles }.insert(role);
        }
        self.scopes.extend(named.scopes);
        for (claim, group) in named.groups {
            self.group_claims.insert(claim);
            self.groups.insert(group);
        }
    }
}

/// Makes tokens that say one thing.
struct Blank<'a> {
    issuer: &'a str,
    named: &'a Named,
}

impl Blank<'_> {
    fn callers(&self) -> Vec<(String, Value)> {
        let mut callers = vec![("any token".to_owned(), self.token("", &json!([]), &json!({}), None))];
        for role in &self.named.realm_roles {
            callers.push((format!("realm role {role}"), self.token("", &json!([role]), &json!({}), None)));
        }
        for name in &self.named.client_roles {
            let (client, role) = name.split_once('/').unwrap_or((name, ""));
            let access = json!({ client: { "roles": [role] } });
            callers.push((format!("client role {name}"), self.token("", &json!([]), &access, None)));
        }
        for scope in &self.named.scopes {
            callers.push((format!("scope {scope}"), self.token(scope, &json!([]), &json!({}), None)));
        }
        for group in &self.named.groups {
            callers.push((format!("group {group}"), self.token("", &json!([]), &json!({}), Some(group))));
        }
        callers
    }

    /// All claims are there, so that it is known that nothing else is in them. A token of Keycloak's has a scope, and its
    /// policies would fail without; this one is nobody's.
    fn token(&self, scope: &str, roles: &Value, access: &Value, group: Option<&String>) -> Value {
        let mut claims = Map::new();
        claims.insert("iss".to_owned(), json!(self.issuer));
        claims.insert("sub".to_owned(), json!("somebody"));
        claims.insert("preferred_username".to_owned(), json!("somebody"));
        claims.insert("scope".to_owned(), json!(format!("unnamed {scope}").trim_end()));
        claims.insert("realm_access".to_owned(), json!({ "roles": roles }));
        claims.insert("resource_access".to_owned(), access.clone());
        let groups: Vec<&String> = group.into_iter().collect();
        for claim in self.named.group_claims.iter().map(String::as_str).chain(["groups"]) {
            claims.entry(claim).or_insert_with(|| json!(groups));
        }
        Value::Object(claims)
    }
}

/// Without the claims, which are personal data.
impl fmt::Debug for NamedCaller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamedCaller").field("name", &self.name).finish_non_exhaustive()
    }
}
