//! Claim information points: facts of a request, as claims for Keycloak's policies.

mod template;

use std::collections::BTreeMap;
use std::net::IpAddr;

use http::{HeaderMap, Method};

use self::template::Template;
use crate::config::{ClaimPointsConfig, Problem};

/// Claims to push, compiled.
#[derive(Clone, Debug, Default)]
pub struct ClaimPoints {
    claims: Vec<(String, Vec<Template>)>,
}

/// What is known of a request. Whoever sends it chooses most of it: a policy that trusts a pushed claim trusts the caller
/// with it.
#[derive(Clone, Copy, Debug)]
pub struct ClaimFacts<'a> {
    /// The method.
    pub method: &'a Method,
    /// The whole URL that was asked for, with its query.
    pub uri: &'a str,
    /// The path that was decided on.
    pub path: &'a str,
    /// The query, still encoded, without its `?`.
    pub query: Option<&'a str>,
    /// The header fields.
    pub headers: &'a HeaderMap,
    /// The caller; `None`: that is not known, and nothing is made of it.
    pub remote_address: Option<IpAddr>,
    /// Whether the caller came by TLS.
    pub is_secure: bool,
}

impl ClaimPoints {
    /// Compiles; `key` is the path of the claims in the configuration. What cannot be known here is a problem: the body, and
    /// claims that another service gives.
    pub fn compile(key: &str, config: &ClaimPointsConfig) -> Result<Self, Vec<Problem>> {
        let mut claims = Vec::with_capacity(config.claims.len());
        let mut problems = Vec::new();
        for (name, texts) in &config.claims {
            let key = format!("{key}.{name}");
            if name.is_empty() || name.starts_with("kc.") {
                problems.push(Problem::new(&key, format!("keycloak does not take a pushed claim `{name}`")));
            }
            let mut templates = Vec::new();
            for text in texts.as_slice() {
                match Template::parse(text) {
                    Ok(template) => templates.push(template),
                    Err(fact) => problems.push(Problem::new(&key, fact)),
                }
            }
            claims.push((name.clone(), templates));
        }
        if problems.is_empty() { Ok(Self { claims }) } else { Err(problems) }
    }

    /// Whether nothing is pushed.
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }

    /// The names of all claims, also of those that a request may have no value for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.claims.iter().map(|(name, _)| name.as_str())
    }

    /// The claims of a request; those without a value are left out, as the policy enforcer does.
    pub fn claims(&self, facts: &ClaimFacts<'_>) -> BTreeMap<String, Vec<String>> {
        let claims = self.claims.iter().map(|(name, templates)| {
            let values = templates.iter().flat_map(|template| template.values(facts));
            (name.clone(), values.collect::<Vec<_>>())
        });
        claims.filter(|(_, values)| !values.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests;
