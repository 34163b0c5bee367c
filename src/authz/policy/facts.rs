//! What policies are judged by, and what they say.

use crate::authz::identity::{Identity, Subject};
use crate::authz::pushed::PushedClaims;
use crate::authz::surroundings::Surroundings;
use crate::authz::verdict::Cause;

/// Everything that a policy may depend on.
#[derive(Clone, Copy, Debug)]
pub(in crate::authz) struct Facts<'a> {
    pub(in crate::authz) identity: &'a Identity,
    pub(in crate::authz) subject: Subject<'a>,
    pub(in crate::authz) pushed: &'a PushedClaims,
    /// Seconds since 1970.
    pub(in crate::authz) now: i64,
    pub(in crate::authz) surroundings: &'a Surroundings,
}

/// Whether the condition of a policy is met, before its logic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::authz) enum Met {
    Yes,
    No,
    /// One of the two.
    Unknown(Cause),
    /// To judge it may fail in Keycloak.
    Risky(Cause),
    /// To judge it fails in Keycloak.
    Fails,
}

impl From<bool> for Met {
    fn from(met: bool) -> Self {
        if met { Self::Yes } else { Self::No }
    }
}
