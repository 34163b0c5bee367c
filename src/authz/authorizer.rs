//! Answers whether a caller meets a requirement: token, remembered decisions, settings, Keycloak.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;

use super::asker::Asker;
use super::cache::{DecisionCache, Verdict};
use super::case::Case;
use super::decision::{Decision, Permit, PermitMode, RefusalCode};
use super::lazy_identity::LazyIdentity;
use super::means::Means;
use super::model::Model;
use super::model_store::{Calls, Fetch, Look, ModelStore};
use super::pushed::PushedClaims;
use super::remote::Remote;
use super::requirement::{Needs, Question, RequestFacts, Requirement};
use super::settings::Settings;
use super::surroundings::Surroundings;
use super::trace::UserNames;
use super::verification::{Origin, Verification, inquiry};
use crate::config::{DecisionCacheConfig, EnforcementMode, EvaluationMode, OnStale, Problem, ProviderConfig};
use crate::oidc::OidcClient;
use crate::token::{Provider, VerifiedToken};

/// One question.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// What is needed.
    pub requirement: &'a Arc<Requirement>,
    /// What a refusal means; `disabled` never comes here.
    pub enforcement: EnforcementMode,
    /// Who decides on permissions.
    pub evaluation: EvaluationMode,
    /// The caller.
    pub token: &'a Arc<VerifiedToken>,
    /// What Keycloak makes of the token; kept beside it.
    pub identity: &'a LazyIdentity,
    /// The caller's token, as it came: Keycloak is asked with it.
    pub bearer: &'a str,
    /// Facts of the request for Keycloak's policies.
    pub pushed: &'a PushedClaims,
    /// The HTTP method.
    pub method: &'a http::Method,
    /// The canonical path.
    pub path: &'a str,
    /// Seconds since 1970.
    pub now: i64,
    /// What is decided by the settings is verified, and called by this.
    pub verify: Option<Origin<'a>>,
}

/// An answer, now or later.
pub enum Decided {
    /// Now: from the token, or remembered, or by the settings.
    Now(Decision),
    /// Keycloak is being asked.
    Later {
        /// What comes of it.
        decision: BoxFuture<'static, Decision>,
        /// Why settings and token did not decide; `None` where there are no settings, or the route does not want them.
        reason: Option<String>,
    },
}

/// Decides for one provider.
#[derive(Debug)]
pub struct Authorizer {
    store: Arc<ModelStore>,
    basis: Basis,
    on_stale: OnStale,
    verify_share: f64,
    verification: Verification,
    /// The settings are fetched.
    fetch: bool,
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
    evaluation: Evaluated,
}

/// Other settings keep the cache, and start a new version of what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Evaluated {
    /// A digest of the settings file.
    file: Option<Vec<u8>>,
    /// `[providers.NAME.authorization]`.
    section: String,
}

/// What an authorizer is made of, beside the configuration.
#[derive(Clone, Copy)]
pub struct Foundation<'a> {
    /// `providers.NAME.authorization`, for problems.
    pub key: &'a str,
    /// Where relative paths start.
    pub folder: &'a Path,
    /// Where calls to Keycloak run.
    pub control: &'a Handle,
    /// The authorizer before: its remembered decisions and fetched settings are taken over where nothing that they
    /// depend on has changed.
    pub previous: Option<&'a Authorizer>,
}

impl Authorizer {
    /// From `[providers.NAME.authorization]`. Reads the settings file.
    pub fn build(
        config: &ProviderConfig,
        provider: &Arc<Provider>,
        foundation: Foundation<'_>,
    ) -> Result<Self, Vec<Problem>> {
        Self::assemble(config, provider.name(), provider.oidc(), foundation).map_err(|problem| vec![problem])
    }

    fn assemble(
        config: &ProviderConfig,
        provider: &Arc<str>,
        oidc: &Arc<OidcClient>,
        foundation: Foundation<'_>,
    ) -> Result<Self, Problem> {
        let Foundation { key, folder, control, previous } = foundation;
        let authorization = &config.authorization;
        let resource_server: Arc<str> =
            authorization.resource_server.as_deref().unwrap_or(&config.client_id).into();
        let surroundings = Surroundings::configured(key, authorization, &resource_server)?;
        let file = match &authorization.settings {
            Some(path) if !authorization.fetch => Some(read(key, &folder.join(path), surroundings.clone())?),
            _ => None,
        };
        let DecisionCacheConfig { allow_ttl, deny_ttl, bytes } = &authorization.cache;
        let basis = Basis {
            issuer: config.issuer.clone(),
            internal_url: config.internal_url.clone(),
            ca: config.ca.clone(),
            resource_server: Arc::clone(&resource_server),
            cache: (allow_ttl.get(), deny_ttl.get(), bytes.get()),
            evaluation: Evaluated {
                file: file.as_ref().map(|(_, digest)| digest.clone()),
                section: serde_json::to_string(authorization).unwrap_or_default(),
            },
        };
        let cache = match previous {
            Some(previous) if previous.basis.shares_cache_with(&basis) => Arc::clone(previous.remote.cache()),
            _ => Arc::new(DecisionCache::new(&authorization.cache, Arc::clone(&resource_server))),
        };
        let same = previous.filter(|previous| previous.basis == basis);
        let store = match (same, file) {
            (Some(previous), _) if authorization.fetch => Arc::clone(&previous.store),
            (None, _) if authorization.fetch => {
                let before = previous.filter(|previous| previous.basis.is_of_same_client(&basis));
                let before = before.map(|previous| &*previous.store);
                let (provider, cache) = (Arc::clone(provider), Arc::clone(&cache));
                ModelStore::fetched(provider, authorization, surroundings, cache, before)
            }
            (same, file) => {
                let version = same.map_or_else(|| cache.next_version(), |same| same.store.version());
                ModelStore::fixed(file.map(|(model, _)| Arc::new(model)), version)
            }
        };
        Ok(Self {
            store,
            basis,
            on_stale: authorization.on_stale,
            verify_share: authorization.verify_share,
            verification: Verification::new(),
            fetch: authorization.fetch,
            remote: Arc::new(Remote::new(Arc::clone(oidc), resource_server, cache, control.clone())),
        })
    }

    /// Starts fetching settings, if they are fetched, and looking at events, if that is configured, on the control runtime,
    /// until all authorizers that use them are dropped.
    pub fn start(&self) {
        if !self.fetch {
            return;
        }
        let (oidc, client) = (self.remote.oidc(), Arc::clone(self.remote.resource_server()));
        let (fetching, looking) = (Arc::clone(oidc), Arc::clone(oidc));
        let fetch: Arc<Fetch> = Arc::new(move || {
            let (oidc, client) = (Arc::clone(&fetching), Arc::clone(&client));
            async move {
                let export = oidc.export_authorization(&client).await;
                export.map_err(|error| error.to_string())
            }
            .boxed()
        });
        let look: Arc<Look> = Arc::new(move || {
            let oidc = Arc::clone(&looking);
            async move { oidc.admin_events().await }.boxed()
        });
        self.store.start(Calls { fetch, look }, self.remote.control());
    }

    /// The compiled settings, if there are any.
    pub fn model(&self) -> Option<Arc<Model>> {
        self.store.current().model
    }

    /// Whether resources can be found by path.
    pub fn has_settings(&self) -> bool {
        self.fetch || self.store.current().model.is_some()
    }

    /// The number of the settings in use. What was decided under another number is decided again.
    pub fn settings_version(&self) -> u64 {
        self.store.version()
    }

    /// Whether a decision that is to be made now shall be verified, by lot.
    pub fn draws_verification(&self) -> bool {
        self.verify_share > 0.0 && fastrand::f64() < self.verify_share
    }

    /// Decides. Refusals under `permissive` come back as a permit with that mode, but for that of a token which Keycloak
    /// does not take.
    ///
    /// `Later` may be awaited on any runtime; the call to Keycloak runs on the control runtime, once for equal questions
    /// that wait together, and its answer is remembered, never past the token.
    pub fn decide(&self, ask: Ask<'_>) -> Decided {
        let means = self.means(ask.evaluation);
        // It costs as much as to read the token, so it is made only where settings are to decide.
        let by_settings = means.are_wanted() && ask.requirement.needs() == Needs::Permissions;
        let identity = if by_settings { ask.identity.of(ask.token) } else { None };
        let case = Case {
            requirement: ask.requirement,
            token: ask.token,
            identity,
            facts: RequestFacts { method: ask.method, path: ask.path },
            bearer: ask.bearer,
            pushed: ask.pushed,
            now: ask.now,
            means: &means,
        };
        let judged = case.judge(&self.remote, &[]);
        if let (Some(origin), Ok(_)) = (ask.verify, &judged.outcome) {
            self.verify(origin, &case, judged.local);
        }
        let (open, enforcement) = match means.conclude(judged.outcome) {
            Ok(decision) => return Decided::Now(enforce(ask.enforcement, decision)),
            Err(open) => (open, ask.enforcement),
        };
        let (inquest, questions) = (case.inquest(&self.remote), open.questions);
        let decision = Box::pin(async move { enforce(enforcement, inquest.conclude(questions).await) });
        Decided::Later { decision, reason: open.reason.filter(|_| means.are_wanted()) }
    }

    /// What a route may be decided with now.
    pub(super) fn means(&self, evaluation: EvaluationMode) -> Means {
        Means::new(self.store.current(), evaluation, self.on_stale)
    }

    fn verify(&self, origin: Origin<'_>, case: &Case<'_>, local: Vec<(Question, Option<Verdict>)>) {
        let local: Vec<_> =
            local.into_iter().filter_map(|(question, verdict)| Some((question, verdict?))).collect();
        if !local.is_empty() {
            let inquiry = inquiry(Asker::new(case.asker()), case.means.version(), &local, case.now);
            self.verification.begin(&self.remote, origin, inquiry, local);
        }
    }

    pub(super) fn remote(&self) -> &Arc<Remote> {
        &self.remote
    }
}

impl Basis {
    fn shares_cache_with(&self, other: &Self) -> bool {
        let alike = |basis: &Self| Self { evaluation: Evaluated::default(), ..basis.clone() };
        alike(self) == alike(other)
    }

    fn is_of_same_client(&self, other: &Self) -> bool {
        let of = |basis: &Self| {
            (basis.issuer.clone(), basis.internal_url.clone(), Arc::clone(&basis.resource_server))
        };
        of(self) == of(other)
    }
}

/// The file's settings, compiled, and a digest of it.
fn read(key: &str, path: &Path, surroundings: Surroundings) -> Result<(Model, Vec<u8>), Problem> {
    let problem = |fact| Problem::new(format!("{key}.settings"), format!("`{}`: {fact}", path.display()));
    let content = std::fs::read(path).map_err(|error| problem(format!("cannot be read: {error}")))?;
    let model = Settings::parse(&content).and_then(|settings| Model::compile(settings, surroundings));
    Ok((model.map_err(problem)?, digest(&SHA256, &content).as_ref().to_vec()))
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
            let explanation = refusal.trace.map(|trace| trace.summary(UserNames::LeftOut));
            tracing::info!(
                decision.code = refusal.code.name(),
                decision.source = refusal.source.name(),
                decision.detail = refusal.detail,
                decision.explanation = explanation,
                "a refusal was let through, because the route is permissive"
            );
            Decision::Granted(Permit::grant(PermitMode::Permissive, refusal.source))
        }
        (_, decision) => decision,
    }
}

#[cfg(test)]
mod tests;
