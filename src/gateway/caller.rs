//! A proven caller, and what need not be worked out twice about one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::identity::{Identity, IdentityHeaders};
use super::realm::Realm;
use super::remembered::{Occasion, Remembered};
use super::route::Route;
use crate::authz::{DecisionSource, LazyIdentity, Needs, Permit, PermitMode};
use crate::config::IntrospectionMode;
use crate::token::{TokenSource, VerifiedToken};

/// Routes whose permits are remembered; the others are decided each time.
const REMEMBERED_ROUTES: usize = 256;
const WORD: usize = u64::BITS as usize;

/// A caller whose token was proven under one [`super::Gateway`]: another configuration proves it anew.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) realm: Arc<Realm>,
    pub(super) token: Arc<VerifiedToken>,
    /// The configuration under which the token was proven.
    epoch: u64,
    /// The realm's key set under which it was proven.
    key_epoch: u64,
    identity: OnceLock<IdentityHeaders>,
    permits: RememberedPermits,
    decisions: Remembered,
    /// What Keycloak makes of the token.
    pub(super) known_as: LazyIdentity,
}

/// What a proven token is worth on a certain route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Worth {
    /// Of a realm that the route does not accept.
    Foreign,
    /// Proven by asking the realm, where the route wants the signature.
    NotVerified,
    /// The realm has to be asked as well: the route says so, or the token lacks the claims it needs.
    NotIntrospected,
    /// All that the route wants.
    Enough,
}

impl Caller {
    /// `key_epoch` as it was before the token was verified, so that a change in between shows.
    pub(super) fn new(realm: Arc<Realm>, token: Arc<VerifiedToken>, epoch: u64, key_epoch: u64) -> Self {
        Self {
            realm,
            token,
            epoch,
            key_epoch,
            identity: OnceLock::new(),
            permits: RememberedPermits::default(),
            decisions: Remembered::default(),
            known_as: LazyIdentity::default(),
        }
    }

    /// Whether what was proven still holds.
    pub(super) fn is_current(&self, epoch: u64, now: i64) -> bool {
        self.epoch == epoch
            && now < self.token.usable_until
            && self.key_epoch == self.realm.provider.key_epoch()
    }

    /// What it is worth on a route.
    pub(super) fn worth(&self, route: &Route) -> Worth {
        if !route.realms.iter().any(|realm| Arc::ptr_eq(realm, &self.realm)) {
            return Worth::Foreign;
        }
        match (route.introspection(&self.realm), self.token.source) {
            (IntrospectionMode::Never, TokenSource::Introspection) => Worth::NotVerified,
            (IntrospectionMode::Always, TokenSource::Signature) => Worth::NotIntrospected,
            (IntrospectionMode::Fallback, TokenSource::Signature)
                if self.permits.get(route).is_none()
                    && route.requirement.lacks_claims(&self.token.principal) =>
            {
                Worth::NotIntrospected
            }
            _ => Worth::Enough,
        }
    }

    /// The headers that tell the upstream who calls.
    pub(super) fn identity(&self, identity: &Identity) -> &IdentityHeaders {
        self.identity.get_or_init(|| identity.headers_of(&self.token.principal))
    }

    /// The permit for a route, if the claims alone once yielded it.
    pub(super) fn permit(&self, route: &Route) -> Option<Permit> {
        self.permits.get(route)
    }

    /// Remembers a permit, if it depends on nothing but the token and the route.
    pub(super) fn remember(&self, route: &Route, permit: Permit) {
        self.permits.set(route, permit);
    }

    /// The permit for a request like this one, if it still stands.
    pub(super) fn decision(&self, occasion: Occasion<'_>, now: i64) -> Option<Permit> {
        self.decisions.get(occasion, self.realm.authorizer.settings_version(), now)
    }

    /// Remembers a permit for requests like this one, if it stands for more than one.
    pub(super) fn remember_decision(&self, occasion: Occasion<'_>, permit: Permit) {
        self.decisions.set(occasion, permit);
    }

    /// Memory held, in bytes, about: the claims, and once more for the headers made of them; and where permissions are
    /// decided here, for what Keycloak makes of them, and for decisions.
    pub(super) fn weight(&self) -> usize {
        let (own, claims) = (size_of::<Self>(), self.token.principal.weight());
        if self.realm.authorizer.has_settings() {
            own + 4 * claims + Remembered::WEIGHT
        } else {
            own + 2 * claims
        }
    }
}

/// The routes whose requirement the claims meet: one bit each. A requirement without permissions depends on neither
/// method nor path, and a caller lives no longer than its configuration, so a bit once set stays right.
#[derive(Debug, Default)]
struct RememberedPermits {
    permit: OnceLock<Permit>,
    routes: [AtomicU64; REMEMBERED_ROUTES / WORD],
}

impl RememberedPermits {
    fn get(&self, route: &Route) -> Option<Permit> {
        let word = self.routes.get(route.index / WORD)?.load(Ordering::Acquire);
        if word >> (route.index % WORD) & 1 == 1 { self.permit.get().copied() } else { None }
    }

    fn set(&self, route: &Route, permit: Permit) {
        let by_claims = permit.mode() == PermitMode::Granted && permit.source() == DecisionSource::Claims;
        if route.needs != Needs::Token || !by_claims {
            return;
        }
        let Some(word) = self.routes.get(route.index / WORD) else { return };
        let bit = 1 << (route.index % WORD);
        // Nearly always it is set, and to write would take the memory away from the other workers.
        if word.load(Ordering::Acquire) & bit == 0 {
            // All such permits are equal, so one value serves every bit.
            self.permit.get_or_init(|| permit);
            word.fetch_or(bit, Ordering::Release);
        }
    }
}
