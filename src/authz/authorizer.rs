//! Answers whether a caller meets a requirement: token, remembered decisions, Keycloak.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{Decision, Requirement};
use crate::config::{EnforcementMode, Problem, ProviderConfig};
use crate::token::{Provider, VerifiedToken};

/// One question.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// What is needed.
    pub requirement: &'a Arc<Requirement>,
    /// What a refusal means; `disabled` never comes here.
    pub enforcement: EnforcementMode,
    /// The caller.
    pub token: &'a Arc<VerifiedToken>,
    /// The caller's token, as it came: Keycloak is asked with it.
    pub bearer: &'a str,
    /// The HTTP method.
    pub method: &'a http::Method,
    /// The canonical path.
    pub path: &'a str,
    /// Seconds since 1970.
    pub now: i64,
}

/// An answer, now or later.
pub enum Decided {
    /// Now: from the token, or remembered.
    Now(Decision),
    /// Keycloak is being asked.
    Later(BoxFuture<'static, Decision>),
}

/// Decides for one provider.
#[derive(Debug)]
pub struct Authorizer {
    _doors_only: (),
}

#[expect(unused_variables, reason = "door")]
impl Authorizer {
    /// From `[providers.NAME.authorization]`; `key` is that path. Reads the settings file (relative to `folder`).
    /// `previous` hands over its remembered decisions where nothing that they depend on has changed.
    pub fn build(
        key: &str,
        config: &ProviderConfig,
        folder: &std::path::Path,
        provider: &Arc<Provider>,
        control: &tokio::runtime::Handle,
        previous: Option<&Self>,
    ) -> Result<Self, Vec<Problem>> {
        todo!()
    }

    /// Whether resources can be found by path.
    pub fn has_settings(&self) -> bool {
        todo!()
    }

    /// Decides. Refusals under `permissive` come back as a permit with that mode.
    ///
    /// `Later` may be awaited on any runtime; the call to Keycloak runs on the control runtime, once for equal questions
    /// that wait together, and its answer is remembered, never past the token.
    pub fn decide(&self, ask: Ask<'_>) -> Decided {
        todo!()
    }

    /// The ticket for a UMA challenge: the permissions of a refusal, registered with Keycloak.
    pub async fn ticket(
        &self,
        permissions: Vec<(String, Vec<String>)>,
    ) -> Result<String, crate::oidc::OidcError> {
        todo!()
    }
}
