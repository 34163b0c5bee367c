//! The realm's keys, cached: whole-set swap, one fetch in flight, an allowance of fetches, a memory of unknown `kid`s.

mod allowance;
mod unknown;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use arc_swap::{ArcSwapOption, Guard};
use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::time::Instant;

use self::allowance::Allowance;
use self::unknown::UnknownKids;
use super::TokenError;
use super::jwk::KeySet;
use crate::config::JwksConfig;

/// Fetches the JWK set; the error is for the log.
pub(super) type Fetch = dyn Fn() -> BoxFuture<'static, Result<Bytes, String>> + Send + Sync;

/// The first pause after a failed background fetch; doubled with every further one.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The longest pause after a failed fetch, with keys at hand and without: a realm that comes up is seen soon.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE_WITHOUT_KEYS: Duration = Duration::from_secs(2);

/// The shortest pause after a good fetch, whatever the configuration says.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// A realm that stays down is told of once in this time.
const WARNING_EVERY: Duration = Duration::from_secs(60);

/// Every change of a key set, in any store, gets a number of its own: what was proven with one set is never taken for
/// proven with another, not even after a reload with another store.
static EPOCHS: AtomicU64 = AtomicU64::new(1);

/// A fetch under way, to wait for; whether it gave keys.
type Flight = Shared<BoxFuture<'static, bool>>;

/// The keys of one realm. Readers never wait; the set they see is replaced whole.
pub(super) struct KeyStore {
    /// For the log.
    provider: Arc<str>,
    keys: ArcSwapOption<KeySet>,
    epoch: AtomicU64,
    settings: Settings,
    control: Handle,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Settings {
    refetch_after: Duration,
    max_stale: Duration,
}

struct State {
    /// `None` for a fixed set.
    fetch: Option<Arc<Fetch>>,
    flight: Option<Flight>,
    /// Of fetches for unknown `kid`s.
    allowance: Allowance,
    fetched_at: Option<Instant>,
    last_fetch_failed: bool,
    unknown: UnknownKids,
    warned_at: Option<Instant>,
    background: Option<tokio::task::AbortHandle>,
}

impl KeyStore {
    /// Without keys until the first fetch.
    pub(super) fn new(
        provider: Arc<str>,
        config: &JwksConfig,
        fetch: Arc<Fetch>,
        control: Handle,
    ) -> Arc<Self> {
        Self::with(provider, None, Some(fetch), config, control)
    }

    /// With keys that never change.
    pub(super) fn fixed(provider: Arc<str>, keys: KeySet, config: &JwksConfig, control: Handle) -> Arc<Self> {
        Self::with(provider, Some(Arc::new(keys)), None, config, control)
    }

    fn with(
        provider: Arc<str>,
        keys: Option<Arc<KeySet>>,
        fetch: Option<Arc<Fetch>>,
        config: &JwksConfig,
        control: Handle,
    ) -> Arc<Self> {
        Arc::new(Self {
            provider,
            keys: ArcSwapOption::new(keys),
            epoch: AtomicU64::new(next_epoch()),
            settings: Settings {
                refetch_after: config.refetch_after.get(),
                max_stale: config.max_stale.get(),
            },
            control,
            state: Mutex::new(State {
                fetch,
                flight: None,
                allowance: Allowance::new(config.cool_down.get()),
                fetched_at: None,
                last_fetch_failed: false,
                unknown: UnknownKids::new(config.cool_down.get()),
                warned_at: None,
                background: None,
            }),
        })
    }

    /// The keys at hand.
    pub(super) fn keys(&self) -> Guard<Option<Arc<KeySet>>> {
        self.keys.load()
    }

    /// Whether there are any.
    pub(super) fn is_ready(&self) -> bool {
        self.keys.load().is_some()
    }

    /// Changes whenever the set does, and is never the number of another set.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// From now on fetches this way: after a reload the client for the realm is another.
    pub(super) fn fetch_with(&self, fetch: Arc<Fetch>) {
        self.state.lock().fetch.replace(fetch);
    }

    /// Begins to fetch in the background, until the store is dropped; does nothing the second time, or for a fixed set.
    pub(super) fn start(self: &Arc<Self>) {
        let mut state = self.state.lock();
        if state.fetch.is_some() && state.background.is_none() {
            let task = self.control.spawn(refetch_for_ever(Arc::downgrade(self), self.settings));
            state.background = Some(task.abort_handle());
        }
    }

    /// Looks whether the realm has a key for this `kid` by now: waits for the fetch under way, or makes one if the
    /// cool-down allows. `Ok`: there is one.
    pub(super) async fn refetch_for(self: &Arc<Self>, kid: Option<&str>) -> Result<(), TokenError> {
        let under_way = self.state.lock().flight.clone();
        let failed = match under_way {
            Some(flight) => !flight.await,
            None => false,
        };
        if self.has(kid) {
            return Ok(());
        }
        if failed {
            // To ask once more now would only be to wait once more.
            return Err(TokenError::KeysUnavailable);
        }
        // What was under way may have been asked before the realm had the key, so one more is tried.
        let flight = self.fly_for(kid)?;
        if !flight.await {
            return Err(TokenError::KeysUnavailable);
        }
        if self.has(kid) {
            return Ok(());
        }
        self.state.lock().unknown.remember(kid.unwrap_or_default(), Instant::now());
        Err(TokenError::KeyUnknown)
    }

    fn has(&self, kid: Option<&str>) -> bool {
        self.keys.load().as_ref().is_some_and(|keys| keys.has(kid))
    }

    /// A fetch because of a `kid`, if that is allowed now. It counts when it begins, whatever comes of it; only one that
    /// brings the first keys does not.
    fn fly_for(self: &Arc<Self>, kid: Option<&str>) -> Result<Flight, TokenError> {
        let now = Instant::now();
        let mut state = self.state.lock();
        if let Some(flight) = &state.flight {
            return Ok(flight.clone());
        }
        let refusal =
            if state.last_fetch_failed { TokenError::KeysUnavailable } else { TokenError::KeyUnknown };
        let is_known_to_be_unknown = state.unknown.contains(kid.unwrap_or_default(), now);
        if is_known_to_be_unknown || state.fetch.is_none() || !state.allowance.take(now) {
            return Err(refusal);
        }
        self.fly(&mut state).ok_or(refusal)
    }

    /// Starts a fetch on the control runtime, or joins the one under way.
    fn fly(self: &Arc<Self>, state: &mut State) -> Option<Flight> {
        if let Some(flight) = &state.flight {
            return Some(flight.clone());
        }
        let fetch = Arc::clone(state.fetch.as_ref()?);
        let store = Arc::clone(self);
        let task = self.control.spawn(async move {
            let landing = Landing(&store);
            let answer = fetch().await;
            store.take_in(answer, &landing)
        });
        let flight = task.map(|joined| joined.unwrap_or(false)).boxed().shared();
        state.flight = Some(flight.clone());
        Some(flight)
    }

    /// Puts a new set in place of the old one, if there is a key in it that can be used.
    fn take_in(&self, answer: Result<Bytes, String>, _: &Landing<'_>) -> bool {
        let keys = answer.and_then(|json| {
            KeySet::from_json(&json).ok_or_else(|| "its key set has no key that can be used".to_owned())
        });
        let mut state = self.state.lock();
        state.last_fetch_failed = keys.is_err();
        match keys {
            Ok(keys) => {
                state.fetched_at = Some(Instant::now());
                state.warned_at = None;
                if !self.is_ready() {
                    // No `kid` is to blame for fetches that had to be made anyway.
                    state.allowance.refill();
                }
                self.replace(Some(keys));
                true
            }
            Err(reason) => {
                if state.warned_at.is_none_or(|at| at.elapsed() >= WARNING_EVERY) {
                    state.warned_at = Some(Instant::now());
                    let (provider, at_hand) = (&*self.provider, self.is_ready());
                    tracing::warn!(
                        provider.name = provider,
                        keys.at_hand = at_hand,
                        reason,
                        "the realm's keys could not be fetched"
                    );
                }
                false
            }
        }
    }

    /// Under the lock of `state`, so that sets and epochs change in step.
    fn replace(&self, keys: Option<KeySet>) {
        let before = self.keys.load();
        if before.as_deref() != keys.as_ref() {
            let (provider, at_hand) = (&*self.provider, keys.is_some());
            let what = if before.is_none() {
                "the realm's keys are at hand"
            } else {
                "the realm's keys have changed"
            };
            tracing::info!(provider.name = provider, keys.at_hand = at_hand, "{what}");
            self.keys.store(keys.map(Arc::new));
            self.epoch.store(next_epoch(), Ordering::Release);
        }
    }

    /// Gives up keys that were not confirmed for too long.
    fn drop_stale(&self) {
        let state = self.state.lock();
        if state.fetched_at.is_none_or(|at| at.elapsed() >= self.settings.max_stale) {
            self.replace(None);
        }
    }

    /// How long until keys are too old; `None`: never, or there are none.
    fn stale_in(&self) -> Option<Duration> {
        let at = self.state.lock().fetched_at.filter(|_| self.is_ready())?;
        Some(self.settings.max_stale.saturating_sub(at.elapsed()))
    }
}

impl Drop for KeyStore {
    fn drop(&mut self) {
        if let Some(background) = self.state.get_mut().background.take() {
            background.abort();
        }
    }
}

impl std::fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyStore").field("keys", &*self.keys.load()).finish_non_exhaustive()
    }
}

/// Ends the flight however it ends, also when the fetch panics.
struct Landing<'a>(&'a KeyStore);

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        self.0.state.lock().flight = None;
    }
}

fn next_epoch() -> u64 {
    EPOCHS.fetch_add(1, Ordering::Relaxed)
}

async fn refetch_for_ever(store: Weak<KeyStore>, settings: Settings) {
    let mut failures = 0;
    loop {
        let pause = {
            let Some(store) = store.upgrade() else { return };
            let flight = {
                let mut state = store.state.lock();
                store.fly(&mut state)
            };
            let Some(flight) = flight else { return };
            if flight.await {
                failures = 0;
                settings.refetch_after.max(SHORTEST_PAUSE)
            } else {
                failures += 1;
                store.drop_stale();
                let longest = if store.is_ready() { LONGEST_PAUSE } else { LONGEST_PAUSE_WITHOUT_KEYS };
                let pause = FIRST_PAUSE.saturating_mul(1 << (failures - 1).min(16)).min(longest);
                store.stale_in().map_or(pause, |stale| pause.min(stale.max(SHORTEST_PAUSE)))
            }
        };
        // Gateways that started together do not ask together.
        tokio::time::sleep(pause.mul_f64(0.9 + 0.1 * fastrand::f64())).await;
    }
}

#[cfg(test)]
mod tests;
