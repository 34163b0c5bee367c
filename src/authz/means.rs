//! What a decision may be made with: the settings, Keycloak, or both.

use super::case::unavailable;
use super::decision::{Decision, DecisionSource, RefusalCode};
use super::evidence::Open;
use super::identity::Identity;
use super::model::Model;
use super::model_store::{Current, Freshness};
use super::spelling;
use crate::config::{EvaluationMode, OnStale};

/// The means for one request, which stay the same while it is decided.
#[derive(Clone, Debug)]
pub(super) struct Means {
    current: Current,
    mode: EvaluationMode,
    on_stale: OnStale,
}

impl Means {
    pub(super) const fn new(current: Current, mode: EvaluationMode, on_stale: OnStale) -> Self {
        Self { current, mode, on_stale }
    }

    /// The settings, to find a resource.
    pub(super) fn model(&self) -> Option<&Model> {
        self.current.model.as_deref()
    }

    /// The number of the settings.
    pub(super) fn version(&self) -> u64 {
        self.current.version
    }

    /// The settings, to decide by; or why not.
    pub(super) fn settings<'a>(
        &'a self,
        identity: Option<&'a Identity>,
    ) -> Result<(&'a Model, &'a Identity), &'static str> {
        if self.mode == EvaluationMode::Remote {
            return Err("the route has decisions made by keycloak");
        }
        let model = match (self.current.freshness, self.model()) {
            (Freshness::Fresh(_), Some(model)) => model,
            (Freshness::Stale, _) => return Err("the authorization settings are older than `max_age`"),
            (Freshness::Awaited, _) => return Err("the authorization settings have not been fetched yet"),
            (Freshness::None | Freshness::Fresh(_), _) => {
                return Err("no authorization settings are loaded");
            }
        };
        let identity = identity.ok_or("what keycloak makes of the token itself is not known here")?;
        Ok((model, identity))
    }

    /// Whether Keycloak may be asked, and its answers count.
    pub(super) fn asks_keycloak(&self) -> bool {
        match self.mode {
            EvaluationMode::Local => false,
            EvaluationMode::Remote => true,
            EvaluationMode::LocalOrRemote => {
                self.current.freshness != Freshness::Stale || self.on_stale == OnStale::Remote
            }
        }
    }

    /// What comes of a judgement with these means: the decision, or what Keycloak is asked.
    pub(super) fn conclude(&self, judged: Result<Decision, Open>) -> Result<Decision, Open> {
        let unavailable = |detail: String| Ok(unavailable(DecisionSource::Local, detail));
        match judged {
            Ok(Decision::Refused(refusal))
                if refusal.code == RefusalCode::ResourceUnknown && self.are_awaited() =>
            {
                unavailable("the authorization settings have not been fetched yet".to_owned())
            }
            Ok(decision) => Ok(decision),
            Err(open) if !self.asks_keycloak() => {
                unavailable(open.reason.unwrap_or_else(|| "keycloak is not to be asked".to_owned()))
            }
            Err(open) => match spelling::check(&open.questions) {
                Err(refusal) => Ok(Decision::Refused(refusal)),
                Ok(()) => Err(open),
            },
        }
    }

    /// Whether settings are there, or should be, and are to be decided by.
    pub(super) fn are_wanted(&self) -> bool {
        self.mode != EvaluationMode::Remote && self.current.freshness != Freshness::None
    }

    /// Whether a resource cannot be found by its path yet, as the settings are still to be fetched.
    pub(super) fn are_awaited(&self) -> bool {
        self.current.freshness == Freshness::Awaited
    }

    /// Until when the settings are good, seconds since 1970.
    pub(super) fn fresh_until(&self, now: i64) -> i64 {
        match self.current.freshness {
            Freshness::Fresh(Some(left)) => now.saturating_add(i64::try_from(left.as_secs()).unwrap_or(0)),
            Freshness::Fresh(None) | Freshness::None => i64::MAX,
            Freshness::Stale | Freshness::Awaited => now,
        }
    }
}
