//! Looks at the realm's admin events, and has settings fetched when something was changed that they may depend on.

use std::collections::HashSet;
use std::sync::{Arc, Weak};

use super::refresh::SHORTEST_PAUSE;
use super::{Look, ModelStore};
use crate::oidc::{AdminEvent, AdminEvents, OidcError};

/// What was seen at the last look.
#[derive(Default)]
struct Watcher {
    /// The events; `None`: there was no look yet, or the realm kept none.
    seen: Option<HashSet<AdminEvent>>,
    condition: Condition,
}

/// Whether events can be relied on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Condition {
    #[default]
    Good,
    /// The realm does not keep them.
    NotKept,
    /// The gateway may not read them.
    NoRight,
    /// They could not be read for another reason.
    Failed,
}

/// What came of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Looked {
    /// Settings may have changed.
    changed: bool,
    /// This is new, and to be told.
    told: Option<Condition>,
}

impl Watcher {
    /// `client`: the internal id of the client whose settings they are.
    fn take(&mut self, looked: &Result<AdminEvents, OidcError>, client: &str) -> Looked {
        let (condition, changed) = match looked {
            Ok(events) if events.are_kept => (Condition::Good, self.see(events, client)),
            Ok(_) => {
                // What happens now will never be seen.
                self.seen = None;
                (Condition::NotKept, false)
            }
            Err(OidcError::Refused { status: 403, .. }) => (Condition::NoRight, false),
            Err(_) => (Condition::Failed, false),
        };
        let told = (condition != self.condition).then_some(condition);
        self.condition = condition;
        Looked { changed, told }
    }

    /// Whether there are new events that concern the settings, or may be. Events are told apart one by one and not by
    /// their time: one may appear later than another that is younger.
    fn see(&mut self, events: &AdminEvents, client: &str) -> bool {
        let before = self.seen.replace(events.events.iter().cloned().collect());
        // Something may have changed between the first fetch and the first look.
        let Some(before) = before else { return true };
        let mut new = events.events.iter().filter(|event| !before.contains(*event));
        let has_gap = events.is_cut_off() && new.clone().count() == events.events.len();
        has_gap || new.any(|event| concerns(event, client))
    }
}

/// Whether settings of a client may be others after an event. They name roles, groups, scopes and clients.
fn concerns(event: &AdminEvent, client: &str) -> bool {
    if !event.resource_type.starts_with("AUTHORIZATION_") {
        return true;
    }
    let rest = event.resource_path.strip_prefix("clients/").and_then(|rest| rest.strip_prefix(client));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub(super) async fn watch_for_ever(weak: Weak<ModelStore>) {
    let mut watcher = Watcher::default();
    loop {
        let Some(every) = weak.upgrade().and_then(|store| Some(store.refreshed.as_ref()?.admin_events))
        else {
            return;
        };
        tokio::time::sleep(every.max(SHORTEST_PAUSE).mul_f64(0.9 + 0.1 * fastrand::f64())).await;
        let Some(store) = weak.upgrade() else { return };
        // Before the first fetch it is not known which client it is, and there is nothing to fetch again.
        let Some((look, client)) = store.watched() else { continue };
        drop(store);
        // In a task of its own, so that a panic in it ends one look and not all.
        let looked = tokio::spawn(look()).await.unwrap_or_else(|_| Err(OidcError::cut_off("events")));
        let Some(store) = weak.upgrade() else { return };
        let Looked { changed, told } = watcher.take(&looked, &client);
        if let Some(refreshed) = &store.refreshed {
            if changed {
                refreshed.wake.notify_one();
            }
            if let Some(condition) = told {
                tell(&refreshed.provider, condition, looked.err());
            }
        }
    }
}

impl ModelStore {
    /// How to look, and for which client.
    fn watched(&self) -> Option<(Arc<Look>, String)> {
        let look =
            self.refreshed.as_ref()?.state.lock().calls.as_ref().map(|calls| Arc::clone(&calls.look))?;
        let held = self.held.load();
        let (export, _) = held.as_ref()?.origin.as_ref()?;
        Some((look, export.client.clone()))
    }
}

/// Once for each change of the condition.
fn tell(provider: &str, condition: Condition, error: Option<OidcError>) {
    let reason = error.map(|error| error.to_string());
    let missing = "changed authorization settings are seen only every `refresh`";
    match condition {
        Condition::Good => {
            tracing::info!(provider.name = provider, "the realm's admin events are looked at again");
        }
        Condition::NotKept => tracing::warn!(
            provider.name = provider,
            hint = "switch on *Save events* for admin events in the realm's settings, or leave `admin_events` out",
            "the realm keeps no admin events: {missing}"
        ),
        Condition::NoRight => tracing::warn!(
            provider.name = provider,
            reason,
            hint = "give the gateway's service account the role `view-events` of `realm-management`, or leave \
                    `admin_events` out",
            "the gateway may not read the realm's admin events: {missing}"
        ),
        Condition::Failed => tracing::warn!(
            provider.name = provider,
            reason,
            "the realm's admin events could not be read: {missing}"
        ),
    }
}

#[cfg(test)]
mod tests;
