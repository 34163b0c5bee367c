//! The compiled settings in use: those of a file, or those fetched last, replaced as a whole.

mod export;
mod refresh;
mod watch;

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use self::export::Fingerprint;
use super::cache::DecisionCache;
use super::model::Model;
use super::surroundings::Surroundings;
use crate::config::AuthorizationConfig;
use crate::oidc::{AdminEvents, AuthorizationExport, OidcError};

/// Fetches an export; the error is for the log.
pub(super) type Fetch = dyn Fn() -> BoxFuture<'static, Result<AuthorizationExport, String>> + Send + Sync;

/// Looks at the realm's admin events.
pub(super) type Look = dyn Fn() -> BoxFuture<'static, Result<AdminEvents, OidcError>> + Send + Sync;

/// How settings are kept up to date.
#[derive(Clone)]
pub(super) struct Calls {
    pub(super) fetch: Arc<Fetch>,
    pub(super) look: Arc<Look>,
}

/// Settings in use. Readers never wait.
pub(super) struct ModelStore {
    held: ArcSwapOption<Held>,
    /// The number while there are no settings.
    first_version: u64,
    /// `None`: they are not fetched.
    refreshed: Option<Refreshed>,
}

/// Compiled settings and their number.
struct Held {
    model: Arc<Model>,
    version: u64,
    /// What they were made of, if they were fetched.
    origin: Option<(Arc<AuthorizationExport>, Fingerprint)>,
}

/// What keeps fetched settings up to date.
struct Refreshed {
    /// For the log.
    provider: Arc<str>,
    surroundings: Surroundings,
    refresh: Duration,
    max_age: Duration,
    /// How often admin events are looked at; 0: never.
    admin_events: Duration,
    /// Numbers the settings.
    cache: Arc<DecisionCache>,
    wake: Arc<Notify>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    calls: Option<Calls>,
    background: Vec<AbortHandle>,
    confirmed_at: Option<Instant>,
    warned_at: Option<Instant>,
}

/// The settings at a certain moment.
#[derive(Clone, Debug)]
pub(super) struct Current {
    pub(super) model: Option<Arc<Model>>,
    pub(super) version: u64,
    pub(super) freshness: Freshness,
}

/// Whether settings may be decided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// There are none, and none are expected.
    None,
    /// None have been fetched yet.
    Awaited,
    /// They are older than `max_age`.
    Stale,
    /// For this long; `None`: until the configuration is loaded again.
    Fresh(Option<Duration>),
}

impl ModelStore {
    /// With the settings of a file, or none.
    pub(super) fn fixed(model: Option<Arc<Model>>, version: u64) -> Arc<Self> {
        let held = model.map(|model| Arc::new(Held { model, version, origin: None }));
        Arc::new(Self { held: ArcSwapOption::new(held), first_version: version, refreshed: None })
    }

    /// Without settings until the first fetch; or with those that `before` has fetched for the same client, read anew.
    pub(super) fn fetched(
        provider: Arc<str>,
        config: &AuthorizationConfig,
        surroundings: Surroundings,
        cache: Arc<DecisionCache>,
        before: Option<&Self>,
    ) -> Arc<Self> {
        let first_version = cache.next_version();
        let refreshed = Refreshed {
            provider,
            surroundings,
            refresh: config.refresh.get(),
            max_age: config.max_age.get(),
            admin_events: config.admin_events.get(),
            cache,
            wake: Arc::default(),
            state: Mutex::default(),
        };
        let store = Self { held: ArcSwapOption::empty(), first_version, refreshed: Some(refreshed) };
        store.inherit(before);
        Arc::new(store)
    }

    fn inherit(&self, before: Option<&Self>) {
        let (Some(before), Some(refreshed)) = (before, &self.refreshed) else { return };
        let held = before.held.load_full();
        let origin = held.as_ref().and_then(|held| held.origin.as_ref());
        let confirmed_at =
            before.refreshed.as_ref().and_then(|refreshed| refreshed.state.lock().confirmed_at);
        if let (Some((export, _)), Some(at)) = (origin, confirmed_at)
            && self.replace(refreshed, export).is_ok()
        {
            refreshed.state.lock().confirmed_at = Some(at);
        }
    }

    /// The settings now.
    pub(super) fn current(&self) -> Current {
        let held = self.held.load_full();
        let version = held.as_ref().map_or(self.first_version, |held| held.version);
        let freshness = match (&self.refreshed, &held) {
            (None, None) => Freshness::None,
            (None, Some(_)) => Freshness::Fresh(None),
            (Some(_), None) => Freshness::Awaited,
            (Some(refreshed), Some(_)) => refreshed.freshness(),
        };
        Current { model: held.map(|held| Arc::clone(&held.model)), version, freshness }
    }

    /// The number of the settings now: other settings never have it.
    pub(super) fn version(&self) -> u64 {
        self.held.load().as_ref().map_or(self.first_version, |held| held.version)
    }

    /// Puts an export in the place of what was there; nothing happens if it says the same. The error is for the log.
    fn replace(&self, refreshed: &Refreshed, export: &Arc<AuthorizationExport>) -> Result<(), String> {
        let fingerprint = Fingerprint::of(export)?;
        let held = self.held.load_full();
        let same =
            held.as_ref().and_then(|held| held.origin.as_ref()).filter(|(_, known)| *known == fingerprint);
        if same.is_some() {
            return Ok(());
        }
        let settings = super::Settings::parse(&export.settings)?;
        let model = Model::compile(settings, refreshed.surroundings.with_export(export))?;
        tracing::info!(
            provider.name = &*refreshed.provider,
            settings.resources = model.resources().len(),
            settings.permissions = model.permission_count(),
            "the authorization settings are at hand"
        );
        let version = refreshed.cache.next_version();
        let origin = Some((Arc::clone(export), fingerprint));
        self.held.store(Some(Arc::new(Held { model: Arc::new(model), version, origin })));
        Ok(())
    }
}

impl Refreshed {
    fn freshness(&self) -> Freshness {
        let age = self.state.lock().confirmed_at.map(|at| at.elapsed());
        match age.and_then(|age| self.max_age.checked_sub(age)).filter(|left| !left.is_zero()) {
            Some(left) => Freshness::Fresh(Some(left)),
            None => Freshness::Stale,
        }
    }
}

impl Drop for ModelStore {
    fn drop(&mut self) {
        if let Some(refreshed) = &mut self.refreshed {
            refreshed.state.get_mut().background.iter().for_each(AbortHandle::abort);
        }
    }
}

impl std::fmt::Debug for ModelStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelStore").field("version", &self.version()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
