//! A realm whose tokens are accepted, compiled from `[providers.NAME]`.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::runtime::Handle;

use super::introspect::{Answers, Ask, Introspector};
use super::jws::Header;
use super::key_store::{Fetch, KeyStore};
use super::verify::Rules;
use super::{TokenError, UnverifiedToken, VerifiedToken, pem};
use crate::config::{IntrospectionMode, JwksConfig, Period, Problem, ProviderConfig};
use crate::oidc::OidcClient;
use crate::telemetry::metrics;

/// A leeway beyond this forgives more than clocks differ.
const MAX_LEEWAY: Duration = Duration::from_secs(60);

/// The realms, by issuer.
#[derive(Debug, Default)]
pub struct Providers {
    /// In the order of their names.
    pub all: Vec<Arc<Provider>>,
}

impl Providers {
    /// The provider with exactly this issuer.
    pub fn by_issuer(&self, issuer: &str) -> Option<&Arc<Provider>> {
        self.all.iter().find(|provider| provider.issuer() == issuer)
    }
}

/// A realm whose tokens are accepted.
pub struct Provider {
    name: Arc<str>,
    config: ProviderConfig,
    rules: Arc<Rules>,
    keys: Arc<KeyStore>,
    /// `None`: the keys are fixed.
    fetch: Option<Arc<Fetch>>,
    /// `None`: never asked.
    introspector: Option<Arc<Introspector>>,
    oidc: Arc<OidcClient>,
    control: Handle,
}

impl Provider {
    /// Compiles `[providers.NAME]`. Reads secrets and PEM files (relative paths start at `folder`); does not call the
    /// realm: that begins with [`Provider::start`]. `previous` is the provider of the configuration before: its keys and
    /// answers are taken over where nothing that they depend on has changed.
    pub fn build(
        name: &str,
        config: &ProviderConfig,
        folder: &Path,
        control: &Handle,
        previous: Option<&Self>,
    ) -> Result<Self, Vec<Problem>> {
        let key = format!("providers.{name}");
        let mut problems = problems_of(&key, config);
        let fixed = config.jwks.pem.as_ref().and_then(|file| {
            pem::load(&format!("{key}.jwks"), &config.jwks, file, folder)
                .map_err(|problem| problems.push(problem))
                .ok()
        });
        let oidc = match OidcClient::build(&key, config, folder) {
            Ok(oidc) if problems.is_empty() => Arc::new(oidc),
            Ok(_) => return Err(problems),
            Err(more) => {
                problems.extend(more);
                return Err(problems);
            }
        };
        let previous = previous.filter(|previous| *previous.name == *name);
        let name: Arc<str> = name.into();
        let rules = Arc::new(Rules::new(config));
        let fetch = fixed.is_none().then(|| fetch_from(&oidc, config.jwks.max_bytes.get()));
        let keys = match (fixed, &fetch, previous) {
            (Some(keys), _, Some(previous)) if previous.keys.keys().as_deref() == Some(&keys) => {
                Arc::clone(&previous.keys)
            }
            (Some(keys), _, _) => KeyStore::fixed(Arc::clone(&name), keys, &config.jwks, control.clone()),
            (None, Some(_), Some(previous)) if same_keys(&previous.config, config) => {
                Arc::clone(&previous.keys)
            }
            (None, Some(fetch), _) => {
                KeyStore::new(Arc::clone(&name), &config.jwks, Arc::clone(fetch), control.clone())
            }
            (None, None, _) => return Err(problems),
        };
        let introspector = (config.introspection.mode != IntrospectionMode::Never).then(|| {
            let answers = previous
                .filter(|previous| same_answers(&previous.config, config))
                .and_then(|previous| Some(Arc::clone(&previous.introspector.as_ref()?.answers)))
                .unwrap_or_else(|| Answers::new(&config.introspection));
            let (rules, name) = (Arc::clone(&rules), Arc::clone(&name));
            let ask = ask_at(&oidc);
            Arc::new(Introspector::new(answers, rules, name, &config.introspection, ask, seconds_since_1970))
        });
        let (config, control) = (config.clone(), control.clone());
        Ok(Self { name, config, rules, keys, fetch, introspector, oidc, control })
    }

    /// Starts fetching keys, on the control runtime, until the provider is dropped.
    pub fn start(self: &Arc<Self>) {
        if let Some(fetch) = &self.fetch {
            self.keys.fetch_with(Arc::clone(fetch));
        }
        self.keys.start();
    }

    /// The name in the configuration.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The issuer, exactly.
    pub fn issuer(&self) -> &str {
        self.rules.issuer()
    }

    /// The gateway's client in the realm.
    pub fn client_id(&self) -> &str {
        &self.config.client_id
    }

    /// The client for calls to the realm.
    pub fn oidc(&self) -> &Arc<OidcClient> {
        &self.oidc
    }

    /// Whether a key to verify with is at hand.
    pub fn is_ready(&self) -> bool {
        self.keys.is_ready()
    }

    /// Changes whenever the key set does: what was proven under another number must be proven again. No two key sets of
    /// the process ever have the same number.
    pub fn key_epoch(&self) -> u64 {
        self.keys.epoch()
    }

    /// Verifies signature and claims with the keys at hand; never waits. `now` in seconds since 1970.
    ///
    /// [`TokenError::KeyUnknown`] and [`TokenError::KeysUnavailable`] mean: [`Provider::refetch_keys`], then once more.
    pub fn verify(&self, token: &UnverifiedToken<'_>, now: i64) -> Result<VerifiedToken, TokenError> {
        self.rules.check_size(token.token)?;
        let jws = token.jws().ok_or(TokenError::TokenMalformed("it is opaque"))?;
        self.rules.verify(&self.name, jws, self.keys.keys().as_deref(), now)
    }

    /// Fetches the key set if the cool-down allows and this `kid` is not known to be unknown; one fetch in flight
    /// however many wait. `Ok`: there is a key for the token now.
    ///
    /// May be awaited on any runtime; the call runs on the control runtime.
    pub async fn refetch_keys(self: &Arc<Self>, token: &str) -> Result<(), TokenError> {
        self.rules.check_size(token)?;
        let header = Header::of(token)?;
        self.keys.refetch_for(header.kid.as_deref()).await
    }

    /// Asks the realm about a token (RFC 7662); cached, one call in flight per token. An answer must be an access token
    /// for us: the same claims are checked as in [`Provider::verify`].
    ///
    /// `verified` tells that the token verifies here, which makes `active: false` the audience case.
    /// May be awaited on any runtime; the call runs on the control runtime.
    pub async fn introspect(
        self: &Arc<Self>,
        token: &str,
        verified: bool,
    ) -> Result<Arc<VerifiedToken>, TokenError> {
        let introspector = self.introspector.as_ref().ok_or(TokenError::IntrospectionDisabled)?;
        self.rules.check_size(token)?;
        let known = introspector.answers.get(token, seconds_since_1970()).await;
        metrics().cache("introspection", known.is_some());
        let verdict = match known {
            Some(verdict) => verdict,
            None => introspector.ask(token, &self.control).await,
        };
        match verdict {
            Err(TokenError::TokenInactive) if verified => Err(self.inactive_though_verified(introspector)),
            verdict => verdict,
        }
    }

    fn inactive_though_verified(&self, introspector: &Introspector) -> TokenError {
        let refusal = TokenError::TokenInactiveOrAudience { client: self.client_id().to_owned() };
        if introspector.answers.warning_is_due() {
            tracing::warn!(provider.name = &*self.name, code = refusal.code(), "{refusal}");
        }
        refusal
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("name", &self.name)
            .field("issuer", &self.issuer())
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

fn problems_of(key: &str, config: &ProviderConfig) -> Vec<Problem> {
    let mut problems = Vec::new();
    let (token, jwks) = (&config.token, &config.jwks);
    if token.leeway.get() > MAX_LEEWAY {
        let problem = Problem::new(format!("{key}.token.leeway"), "the leeway is longer than 60 s");
        problems.push(problem.hint("keep the clocks in step instead; a few seconds are enough then"));
    }
    if token.algorithms.is_empty() {
        problems.push(Problem::new(format!("{key}.token.algorithms"), "no algorithm is accepted"));
    }
    if token.any_audience && !token.audience.is_empty() {
        let problem =
            Problem::new(format!("{key}.token.audience"), "`any_audience` makes `audience` useless");
        problems.push(problem.hint("keep one of the two"));
    }
    for (name, period) in [("refetch_after", jwks.refetch_after), ("cool_down", jwks.cool_down)] {
        if period == Period::default() {
            problems.push(Problem::new(format!("{key}.jwks.{name}"), format!("`{name}` cannot be 0")));
        }
    }
    if jwks.pem.is_none() && jwks.pem_algorithm.is_some() {
        let problem = Problem::new(format!("{key}.jwks.pem_algorithm"), "there is no `pem` to use it with");
        problems.push(problem.hint("the algorithms of fetched keys are limited by `token.algorithms`"));
    }
    problems
}

/// Whether keys fetched under one configuration are those that the other would fetch.
fn same_keys(a: &ProviderConfig, b: &ProviderConfig) -> bool {
    let settings = |jwks: &JwksConfig| {
        (jwks.pem.clone(), jwks.refetch_after, jwks.cool_down, jwks.max_stale, jwks.max_bytes)
    };
    let place = |provider: &ProviderConfig| {
        (provider.issuer.clone(), provider.internal_url.clone(), provider.ca.clone())
    };
    place(a) == place(b) && settings(&a.jwks) == settings(&b.jwks)
}

/// Whether answers gathered under one configuration would be those under the other: nearly all of it may matter.
fn same_answers(a: &ProviderConfig, b: &ProviderConfig) -> bool {
    match (serde_json::to_value(a), serde_json::to_value(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

fn fetch_from(oidc: &Arc<OidcClient>, max_bytes: u64) -> Arc<Fetch> {
    let oidc = Arc::clone(oidc);
    Arc::new(move || {
        let oidc = Arc::clone(&oidc);
        Box::pin(async move { oidc.jwks(max_bytes).await.map_err(|error| error.to_string()) })
    })
}

fn ask_at(oidc: &Arc<OidcClient>) -> Box<Ask> {
    let oidc = Arc::clone(oidc);
    Box::new(move |token| {
        let oidc = Arc::clone(&oidc);
        Box::pin(async move { oidc.introspect(&token).await })
    })
}

/// A clock before 1970 is broken: then every token has expired, rather than none.
fn seconds_since_1970() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
