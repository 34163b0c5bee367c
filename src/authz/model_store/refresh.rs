//! Fetches settings in the background, again and again.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use super::watch::watch_for_ever;
use super::{Calls, ModelStore};
use crate::oidc::AuthorizationExport;

/// The first pause after a failed fetch; doubled with every further one.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The longest pause after a failed fetch, with settings at hand and without.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE_WITHOUT_SETTINGS: Duration = Duration::from_secs(2);

/// The shortest pause after a good fetch, and between looks at events, whatever the configuration says.
pub(super) const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// A realm that stays down is told of once in this time.
const WARNING_EVERY: Duration = Duration::from_secs(60);

impl ModelStore {
    /// Fetches now, and then in the background until the store is dropped. Again for a store that is at it already: it
    /// fetches at once, and from now on in this way, as after a reload the client for the realm is another.
    pub(in crate::authz) fn start(self: &Arc<Self>, calls: Calls, control: &Handle) {
        let Some(refreshed) = &self.refreshed else { return };
        let mut state = refreshed.state.lock();
        state.calls = Some(calls);
        if !state.background.is_empty() {
            refreshed.wake.notify_one();
            return;
        }
        let task = control.spawn(refresh_for_ever(Arc::downgrade(self)));
        state.background.push(task.abort_handle());
        if !refreshed.admin_events.is_zero() {
            let task = control.spawn(watch_for_ever(Arc::downgrade(self)));
            state.background.push(task.abort_handle());
        }
    }

    /// Whether it is good; the settings at hand stay if it is not.
    fn take_in(&self, fetched: Result<AuthorizationExport, String>, asked_at: Instant) -> bool {
        let Some(refreshed) = &self.refreshed else { return false };
        let result = fetched.and_then(|export| self.replace(refreshed, &Arc::new(export)));
        let mut state = refreshed.state.lock();
        match result {
            Ok(()) => {
                state.confirmed_at = Some(asked_at);
                state.warned_at = None;
                true
            }
            Err(reason) => {
                if state.warned_at.is_none_or(|at| at.elapsed() >= WARNING_EVERY) {
                    state.warned_at = Some(Instant::now());
                    tracing::warn!(
                        provider.name = &*refreshed.provider,
                        settings.at_hand = self.held.load().is_some(),
                        reason,
                        "the authorization settings could not be fetched"
                    );
                }
                false
            }
        }
    }

    fn pause(&self, failures: u32) -> Duration {
        let refresh = self.refreshed.as_ref().map_or(LONGEST_PAUSE, |refreshed| refreshed.refresh);
        if failures == 0 {
            return refresh.max(SHORTEST_PAUSE);
        }
        let longest = if self.held.load().is_some() { LONGEST_PAUSE } else { LONGEST_PAUSE_WITHOUT_SETTINGS };
        FIRST_PAUSE.saturating_mul(1 << (failures - 1).min(16)).min(longest)
    }
}

async fn refresh_for_ever(weak: Weak<ModelStore>) {
    let mut failures = 0;
    loop {
        let calls = {
            let Some(store) = weak.upgrade() else { return };
            store.refreshed.as_ref().and_then(|refreshed| refreshed.state.lock().calls.clone())
        };
        let Some(Calls { fetch, .. }) = calls else { return };
        let asked_at = Instant::now();
        // In a task of its own, so that a panic in it ends one fetch and not all.
        let fetched = tokio::spawn(fetch()).await;
        let fetched = fetched.unwrap_or_else(|_| Err("the call was cut off".to_owned()));
        let Some(store) = weak.upgrade() else { return };
        failures = if store.take_in(fetched, asked_at) { 0 } else { failures + 1 };
        // Gateways that started together do not ask together.
        let pause = store.pause(failures).mul_f64(0.9 + 0.1 * fastrand::f64());
        let Some(wake) = store.refreshed.as_ref().map(|refreshed| Arc::clone(&refreshed.wake)) else {
            return;
        };
        drop(store);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = wake.notified() => {}
        }
    }
}
