//! A configuration, compiled: what a request is judged by. Immutable; a reload makes another one.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ipnet::IpNet;
use tokio::runtime::{Builder, Handle};

use super::caller::Caller;
use super::enforcer;
use super::identity::Identity;
use super::realm::Realm;
use super::route::Route;
use super::route_compiler::RouteCompiler;
use super::warnings;
use crate::authz::{Authorizer, Foundation};
use crate::config::{Config, IntrospectionMode, Problem, ProviderConfig, ReadyWhen, UpstreamConfig};
use crate::proxy::Upstream;
use crate::route::{PathRules, RouteTable};
use crate::token::{Provider, TokenCache};

/// A compiled configuration.
pub struct Gateway {
    config: Config,
    /// What deserves a look in files of policy enforcers.
    taken_over: Vec<Problem>,
    epoch: u64,
    realms: BTreeMap<String, Arc<Realm>>,
    upstreams: BTreeMap<String, Arc<Upstream>>,
    routes: RouteTable<Arc<Route>>,
    identity: Identity,
    callers: Callers,
    max_token_bytes: u64,
}

/// The callers that were proven under this configuration, by token. How they were proven keeps them apart: what one
/// route takes, another may not.
pub(super) struct Callers {
    /// By signature.
    pub(super) verified: TokenCache<Caller>,
    /// By asking the realm.
    pub(super) introspected: TokenCache<Caller>,
}

impl Gateway {
    /// Compiles. Every problem of every room is reported, not the first one. Reads secrets, PEM and settings files
    /// (relative to `folder`); makes no call to a realm.
    ///
    /// Takes over from `previous` what has not changed: the realms' keys and answers, decisions, connections to
    /// upstreams. Callers are proven anew, since what they were proven by may have changed.
    pub fn compile(
        config: &Config,
        folder: &Path,
        control: &Handle,
        previous: Option<&Self>,
    ) -> Result<Self, Vec<Problem>> {
        let (config, taken_over) = enforcer::take_over(config, folder)?;
        let config = &*config;
        let mut problems = Vec::new();
        let realms = Realms { folder, control, previous }.compile(config, &mut problems);
        let upstreams = compile_upstreams(config, folder, previous, &mut problems);
        let identity = kept(Identity::compile(&config.identity), &mut problems);
        let compiler = RouteCompiler { config, folder, realms: &realms, upstreams: &upstreams };
        let routes = compiler.compile(&mut problems);
        match (identity, routes) {
            (Some(identity), Some(routes)) if problems.is_empty() => Ok(Self {
                config: config.clone(),
                taken_over,
                epoch: next_epoch(),
                realms,
                upstreams,
                routes,
                identity,
                callers: Callers::new(config),
                max_token_bytes: largest(config, |provider| provider.token.max_bytes.get()),
            }),
            _ => Err(problems),
        }
    }

    /// The problems that only compiling finds, of a configuration that has others as well.
    pub(crate) fn problems_of(config: &Config, folder: &Path) -> Vec<Problem> {
        // Compiling wants one for later calls to realms; none is made.
        let Ok(runtime) = Builder::new_current_thread().build() else { return Vec::new() };
        let problems = Self::compile(config, folder, runtime.handle(), None).err();
        // This may be called within another one.
        runtime.shutdown_background();
        problems.unwrap_or_default()
    }

    /// Starts what runs in the background (fetching keys and settings), until the gateway is dropped.
    pub fn start(&self) {
        for realm in self.realms.values() {
            realm.provider.start();
            realm.authorizer.start();
        }
    }

    /// Things that are allowed but deserve a look: routes that Keycloak's matcher would read otherwise, public routes...
    pub fn warnings(&self) -> Vec<Problem> {
        let mut warnings = self.taken_over.clone();
        warnings.extend(warnings::of(&self.config, &self.routes));
        warnings
    }

    /// Whether as many providers have keys as `ops.ready` says; one without providers needs none.
    pub fn is_ready(&self) -> bool {
        let mut readiness = self.readiness().map(|(_, ready)| ready);
        match self.config.ops.ready {
            ReadyWhen::Any => self.realms.is_empty() || readiness.any(|ready| ready),
            ReadyWhen::All => readiness.all(|ready| ready),
        }
    }

    /// The providers by name, each with whether it has keys.
    pub fn readiness(&self) -> impl Iterator<Item = (&str, bool)> {
        self.realms.iter().map(|(name, realm)| (name.as_str(), realm.provider.is_ready()))
    }

    /// The configuration, with nothing secret in it.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// A number that no other compiled configuration of this process has.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(super) fn realms(&self) -> &BTreeMap<String, Arc<Realm>> {
        &self.realms
    }

    pub(super) fn routes(&self) -> &RouteTable<Arc<Route>> {
        &self.routes
    }

    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(super) fn callers(&self) -> &Callers {
        &self.callers
    }

    /// The longest token that any provider reads.
    pub(super) fn max_token_bytes(&self) -> u64 {
        self.max_token_bytes
    }

    pub(super) fn path_rules(&self) -> PathRules {
        PathRules { normalize: self.config.path.normalize, semicolons: self.config.path.semicolons }
    }

    pub(super) fn trusted_proxies(&self) -> &[IpNet] {
        &self.config.listener.trusted_proxies
    }

    pub(super) fn body_idle_timeout(&self) -> Duration {
        self.config.listener.limits.body_idle_timeout.get()
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}

impl Callers {
    fn new(config: &Config) -> Self {
        Self {
            verified: TokenCache::new(
                largest(config, |provider| provider.token.cache_bytes.get()),
                Caller::weight,
            ),
            introspected: TokenCache::new(
                largest(config, |provider| provider.introspection.cache_bytes.get()),
                Caller::weight,
            ),
        }
    }
}

/// Compiles the providers, each with its authorizer.
struct Realms<'a> {
    folder: &'a Path,
    control: &'a Handle,
    previous: Option<&'a Gateway>,
}

impl Realms<'_> {
    fn compile(&self, config: &Config, problems: &mut Vec<Problem>) -> BTreeMap<String, Arc<Realm>> {
        let mut realms = BTreeMap::new();
        let mut issuers: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, provider) in &config.providers {
            if let Some(other) = issuers.insert(&provider.issuer, name) {
                let message = format!("`{}` is the issuer of `{other}` too", provider.issuer);
                problems.push(
                    Problem::new(format!("providers.{name}.issuer"), message)
                        .hint("a token belongs to the one provider with its issuer"),
                );
            }
            if let Some(realm) = kept(self.realm(name, provider), problems) {
                realms.insert(name.clone(), Arc::new(realm));
            }
        }
        realms
    }

    fn realm(&self, name: &str, config: &ProviderConfig) -> Result<Realm, Vec<Problem>> {
        let (folder, control) = (self.folder, self.control);
        let before = self.previous.and_then(|gateway| gateway.realms.get(name));
        let provider = Provider::build(name, config, folder, control, before.map(|realm| &*realm.provider))?;
        let provider = Arc::new(provider);
        let foundation = Foundation {
            key: &format!("providers.{name}.authorization"),
            folder,
            control,
            previous: before.map(|realm| &*realm.authorizer),
        };
        let authorizer = Authorizer::build(config, &provider, foundation)?;
        let has_secret = config.client_secret.is_some();
        if !has_secret && config.introspection.mode == IntrospectionMode::Always {
            let problem = Problem::new(
                format!("providers.{name}.introspection.mode"),
                "introspection needs `client_secret`, and none is configured",
            );
            return Err(vec![problem.hint(format!("set `providers.{name}.client_secret`"))]);
        }
        let introspection = if has_secret { config.introspection.mode } else { IntrospectionMode::Never };
        Ok(Realm { provider, authorizer: Arc::new(authorizer), introspection, has_secret })
    }
}

fn compile_upstreams(
    config: &Config,
    folder: &Path,
    previous: Option<&Gateway>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Arc<Upstream>> {
    let mut upstreams = BTreeMap::new();
    for (name, upstream) in &config.upstreams {
        // The very same upstream keeps its connections.
        let unchanged = previous
            .filter(|gateway| {
                gateway.config.upstreams.get(name).is_some_and(|before| is_same(before, upstream))
            })
            .and_then(|gateway| gateway.upstreams.get(name).cloned());
        let compiled = match unchanged {
            Some(unchanged) => Ok(unchanged),
            None => Upstream::build(name, upstream, folder).map(Arc::new),
        };
        if let Some(compiled) = kept(compiled, problems) {
            upstreams.insert(name.clone(), compiled);
        }
    }
    upstreams
}

/// Whether two upstreams are configured alike. One that reads files never is: the files may have changed.
fn is_same(before: &UpstreamConfig, now: &UpstreamConfig) -> bool {
    let reads_files = |tls: &crate::config::UpstreamTls| tls.ca.is_some() || tls.certificate.is_some();
    !reads_files(&now.tls) && serde_json::to_value(before).ok() == serde_json::to_value(now).ok()
}

/// The value; or nothing, with the problems kept.
fn kept<T>(result: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|more| problems.extend(more)).ok()
}

/// The largest of all providers' values; 0 without providers.
fn largest(config: &Config, value: fn(&ProviderConfig) -> u64) -> u64 {
    config.providers.values().map(value).max().unwrap_or(0)
}

fn next_epoch() -> u64 {
    static EPOCH: AtomicU64 = AtomicU64::new(1);
    EPOCH.fetch_add(1, Ordering::Relaxed)
}

#[cfg(test)]
mod tests;
