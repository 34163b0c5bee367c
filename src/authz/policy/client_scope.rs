//! Policies of type `client-scope`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::config::list;
use super::{Facts, Met};
use crate::authz::identity::Attribute;
use crate::authz::verdict::Cause;

/// Some of these client scopes, and all that are required, by the claim `scope`.
#[derive(Debug)]
pub(in crate::authz) struct ClientScopeRule {
    scopes: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    id: String,
    #[serde(default)]
    required: bool,
}

impl ClientScopeRule {
    pub(super) fn compile(config: &BTreeMap<String, String>) -> Result<Self, Cause> {
        Ok(Self { scopes: list(config, "clientScopes")? })
    }

    pub(super) fn judge(&self, facts: &Facts<'_>) -> Met {
        if self.scopes.is_empty() {
            return Met::No;
        }
        let texts = match facts.identity.attribute("scope") {
            Attribute::Texts(texts) => texts,
            // Keycloak does not expect such a token.
            Attribute::Absent => return Met::Fails,
            Attribute::Unsure => return Met::Risky(Cause::ValueUnsure),
        };
        let claim = texts.first().map_or("", |text| &**text);
        let mut has_one = false;
        for entry in &self.scopes {
            let present = claim.split(' ').any(|scope| scope == entry.id);
            if !present && entry.required {
                return Met::No;
            }
            has_one |= present;
        }
        has_one.into()
    }

    /// All client scopes that it names.
    pub(in crate::authz) fn names(&self) -> Vec<String> {
        self.scopes.iter().map(|entry| entry.id.clone()).collect()
    }

    /// The client scopes that would be needed: all that are required, else any of them.
    pub(super) fn missing(&self, facts: &Facts<'_>) -> (Vec<String>, bool) {
        let claim = facts.identity.text("scope").unwrap_or_default();
        let absent = || self.scopes.iter().filter(|entry| !claim.split(' ').any(|scope| scope == entry.id));
        let required: Vec<String> =
            absent().filter(|entry| entry.required).map(|entry| entry.id.clone()).collect();
        if required.is_empty() {
            (absent().map(|entry| entry.id.clone()).collect(), false)
        } else {
            (required, true)
        }
    }
}
