//! Policies of type `client`.

use std::collections::BTreeMap;

use super::config::list;
use super::{Facts, Met};
use crate::authz::verdict::Cause;

/// The token was issued to one of these clients: its `azp`.
#[derive(Debug)]
pub(in crate::authz) struct ClientRule {
    clients: Vec<String>,
}

impl ClientRule {
    pub(super) fn compile(config: &BTreeMap<String, String>) -> Result<Self, Cause> {
        Ok(Self { clients: list(config, "clients")? })
    }

    pub(super) fn judge(&self, facts: &Facts<'_>) -> Met {
        facts
            .identity
            .client()
            .is_some_and(|client| self.clients.iter().any(|listed| listed == client))
            .into()
    }

    /// The clients, one of which would be needed.
    pub(super) fn missing(&self) -> Vec<String> {
        self.clients.clone()
    }
}
