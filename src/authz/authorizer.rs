//! Answers whether a caller meets a requirement: token, remembered decisions, Keycloak.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;

use super::cache::DecisionCache;
use super::case::Case;
use super::decision::{Decision, Permit, PermitMode, RefusalCode};
use super::model::Model;
use super::remote::Remote;
use super::requirement::{RequestFacts, Requirement};
use crate::config::{DecisionCacheConfig, EnforcementMode, Problem, ProviderConfig};
use crate::oidc::OidcClient;
use crate::token::{Provider, VerifiedToken};

/// One question.
#[derive(Clone, Copy)]
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
    model: Option<Arc<Model>>,
    basis: Basis,
    remote: Arc<Remote>,
}

/// What decisions depend on beside the question: remembered ones are taken over where all of it is the same.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Basis {
    issuer: String,
    internal_url: Option<String>,
    ca: Option<PathBuf>,
    resource_server: Arc<str>,
    cache: (std::time::Duration, std::time::Duration, u64),
    /// A digest of the settings file: other settings keep the cache, and start a new version of what is in it.
    settings: Option<Vec<u8>>,
}

impl Authorizer {
    /// From `[providers.NAME.authorization]`; `key` is that path. Reads the settings file (relative to `folder`).
    /// `previous` hands over its remembered decisions where nothing that they depend on has changed.
    pub fn build(
        key: &str,
        config: &ProviderConfig,
        folder: &Path,
        provider: &Arc<Provider>,
        control: &Handle,
        previous: Option<&Self>,
    ) -> Result<Self, Vec<Problem>> {
        Self::assemble(key, config, folder, provider.oidc(), control, previous)
            .map_err(|problem| vec![problem])
    }

    fn assemble(
        key: &str,
        config: &ProviderConfig,
        folder: &Path,
        oidc: &Arc<OidcClient>,
        control: &Handle,
        previous: Option<&Self>,
    ) -> Result<Self, Problem> {
        let (model, settings) = match &config.authorization.settings {
            Some(path) => {
                let path = folder.join(path);
                let problem =
                    |fact| Problem::new(format!("{key}.settings"), format!("`{}`: {fact}", path.display()));
                let content =
                    std::fs::read(&path).map_err(|error| problem(format!("cannot be read: {error}")))?;
                let model = Model::parse(&content).map_err(problem)?;
                (Some(Arc::new(model)), Some(digest(&SHA256, &content).as_ref().to_vec()))
            }
            None => (None, None),
        };
        let resource_server: Arc<str> =
            config.authorization.resource_server.as_deref().unwrap_or(&config.client_id).into();
        let DecisionCacheConfig { allow_ttl, deny_ttl, bytes } = &config.authorization.cache;
        let basis = Basis {
            issuer: config.issuer.clone(),
            internal_url: config.internal_url.clone(),
            ca: config.ca.clone(),
            resource_server: Arc::clone(&resource_server),
            cache: (allow_ttl.get(), deny_ttl.get(), bytes.get()),
            settings,
        };
        let cache = match previous {
            Some(previous) if previous.basis.shares_cache_with(&basis) => Arc::clone(previous.remote.cache()),
            _ => Arc::new(DecisionCache::new(&config.authorization.cache, Arc::clone(&resource_server))),
        };
        let version = match previous {
            Some(previous) if previous.basis == basis => previous.remote.version(),
            _ => cache.next_version(),
        };
        let remote = Remote::new(Arc::clone(oidc), resource_server, cache, version, control.clone());
        Ok(Self { model, basis, remote: Arc::new(remote) })
    }

    /// The compiled settings, if there are any.
    pub fn model(&self) -> Option<&Model> {
        self.model.as_deref()
    }

    /// Whether resources can be found by path.
    pub fn has_settings(&self) -> bool {
        self.model.is_some()
    }

    /// Decides. Refusals under `permissive` come back as a permit with that mode, but for that of a token which Keycloak
    /// does not take.
    ///
    /// `Later` may be awaited on any runtime; the call to Keycloak runs on the control runtime, once for equal questions
    /// that wait together, and its answer is remembered, never past the token.
    pub fn decide(&self, ask: Ask<'_>) -> Decided {
        let facts = RequestFacts { method: ask.method, path: ask.path };
        let case =
            Case { requirement: ask.requirement, token: ask.token, facts, bearer: ask.bearer, now: ask.now };
        let questions = match case.judge(&self.remote, self.model.as_deref(), &[]) {
            Ok(decision) => return Decided::Now(enforce(ask.enforcement, decision)),
            Err(questions) => questions,
        };
        let inquest = case.inquest(&self.remote, self.model.as_ref());
        let enforcement = ask.enforcement;
        Decided::Later(Box::pin(async move { enforce(enforcement, inquest.conclude(questions).await) }))
    }

    pub(super) fn remote(&self) -> &Arc<Remote> {
        &self.remote
    }
}

impl Basis {
    fn shares_cache_with(&self, other: &Self) -> bool {
        Self { settings: None, ..self.clone() } == Self { settings: None, ..other.clone() }
    }
}

/// The token stays out.
impl std::fmt::Debug for Ask<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ask")
            .field("enforcement", &self.enforcement)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

fn enforce(mode: EnforcementMode, decision: Decision) -> Decision {
    match (mode, decision) {
        (EnforcementMode::Permissive, Decision::Refused(refusal))
            // A good token is needed all the same.
            if refusal.code != RefusalCode::TokenRefused =>
        {
            tracing::info!(
                decision.code = refusal.code.name(),
                decision.source = refusal.source.name(),
                decision.detail = refusal.detail,
                "a refusal was let through, because the route is permissive"
            );
            Decision::Granted(Permit::grant(PermitMode::Permissive, refusal.source))
        }
        (_, decision) => decision,
    }
}

#[cfg(test)]
mod tests;
